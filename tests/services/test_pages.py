"""The built front-ends on the wire."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.routing import Mount

from app.pages import FOREVER, Console

SCRIPT = "say('你好');\n" * 500
INDEX = "<!doctype html><title>desk</title>"


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """A console's files, served."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-1.js").write_text(SCRIPT, "utf-8")
    (tmp_path / "assets" / "face.png").write_bytes(b"\x89PNG")
    (tmp_path / "index.html").write_text(INDEX)
    app = Starlette(routes=[Mount("/", Console(directory=tmp_path, html=True))])
    async with AsyncClient(transport=ASGITransport(app), base_url="http://house") as client:
        yield client


async def test_scripts_go_gzipped_to_who_takes_that(front: AsyncClient) -> None:
    async with front.stream("GET", "/assets/index-1.js", headers={"Accept-Encoding": "gzip, br"}) as answer:
        wire = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == FOREVER
    assert len(wire) < len(SCRIPT) / 10
    assert gzip.decompress(wire).decode() == SCRIPT


async def test_others_get_them_as_they_are(front: AsyncClient) -> None:
    plain = await front.get("/assets/index-1.js", headers={"Accept-Encoding": "identity"})
    assert (plain.text, plain.headers.get("content-encoding")) == (SCRIPT, None)
    picture = await front.get("/assets/face.png", headers={"Accept-Encoding": "gzip"})
    assert (picture.content, picture.headers.get("content-encoding")) == (b"\x89PNG", None)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_what_a_browser_has_is_not_sent_again(front: AsyncClient, encoding: str) -> None:
    first = await front.get("/", headers={"Accept-Encoding": encoding})
    assert (first.status_code, first.text, first.headers["cache-control"]) == (200, INDEX, "no-cache")
    again = await front.get("/", headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_path_of_the_application_is_its_page_but_a_missing_asset_is_missing(front: AsyncClient) -> None:
    assert (await front.get("/conversations/c1")).text == INDEX
    assert (await front.get("/assets/gone.js")).status_code == 404
