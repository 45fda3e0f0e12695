"""Search by meaning: the shipped table, a server of embeddings, vectors on disk."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from aiohttp import web

from app.wiring.knowledge import MEANINGS
from knowledge.adapters.embedding import EmbeddingServer, name_of
from knowledge.adapters.index import TantivyIndex
from knowledge.adapters.indexing import IndexerProcess, write_vectors, write_words
from knowledge.adapters.meaning import MeantWords
from knowledge.adapters.vectors import VectorFile
from knowledge.ports import EmbedderAway, Filed, Passage, Wish
from knowledge.service.search import Dense, Search
from language.meanings import Vectors, meanings

LIBRARY = {
    "water": [Passage("water", 0, "The device must never be put under the tap.", language="en")],
    "post": [Passage("post", 0, "包裹三天送到，偏远地区五天。", language="zh")],
    "money": [Passage("money", 0, "退款原路返回，一个工作日到账。", language="zh")],
    "staff": [Passage("staff", 0, "邮寄样品由主管签字。", language="zh", audience="staff")],
}


class Away:
    """An embedder that cannot be reached."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderAway("refused")


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[tuple[TantivyIndex, MeantWords, VectorFile]]:
    index, embedder, vectors = TantivyIndex(tmp_path), MeantWords(meanings(MEANINGS)), VectorFile(tmp_path, "t")
    assert index.lock()
    assert vectors.lock()
    await write_words(index, LIBRARY)
    await write_vectors(embedder, vectors, LIBRARY)
    index.commit(1)
    vectors.commit(1)
    yield index, embedder, vectors
    vectors.unlock()


async def test_other_words_and_the_other_language_are_found(parts: tuple[TantivyIndex, MeantWords, VectorFile]) -> None:
    index, embedder, vectors = parts
    search = Search(index, meanings=meanings(MEANINGS), dense=Dense(embedder, vectors))
    for asked, found in (
        ("parcel delivery", "post"),
        ("get a refund", "money"),
        ("快件几时到", "post"),
    ):
        hits = await search.search(Wish(asked))
        assert hits[0].passage.document == found
        assert "staff" not in {hit.passage.document for hit in hits}
    search.close()


async def test_without_vectors_words_find(parts: tuple[TantivyIndex, MeantWords, VectorFile]) -> None:
    index, _, vectors = parts
    search = Search(index, dense=Dense(Away(), vectors))
    assert (await search.search(Wish("退款到账")))[0].passage.document == "money"
    search.close()


async def test_vectors_are_replaced_as_a_whole_and_seen_by_others(
    parts: tuple[TantivyIndex, MeantWords, VectorFile], tmp_path: Path
) -> None:
    _, embedder, vectors = parts
    reader = VectorFile(tmp_path, "t")
    assert not reader.lock()
    (asked,) = await embedder.embed(["包裹 送到"])
    assert reader.nearest(asked, 1) == ["post:0"]
    await write_vectors(embedder, vectors, {"post": []})
    assert vectors.nearest(asked, 1) == ["post:0"]
    vectors.commit(2)
    assert reader.nearest(asked, 1) == ["post:0"]
    assert reader.reload() == 2
    assert reader.nearest(asked, 1) != ["post:0"]
    assert reader.cosines(asked, ["post:0", "money:0"])[0] is None
    assert VectorFile(tmp_path, "other").revision == 0


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[Any]]]:
    """A server that embeds a text as its counts of three letters, told in another order."""
    heard: list[Any] = []

    async def embeddings(request: web.Request) -> web.Response:
        body = await request.json()
        heard.append((request.headers.get("Authorization"), body))
        if body["model"] != "small":
            return web.json_response({"error": "no such model"}, status=404)
        rows = [{"index": n, "embedding": [text.count(one) for one in "abc"]} for n, text in enumerate(body["input"])]
        return web.json_response({"data": rows[::-1]})

    app = web.Application()
    app.router.add_post("/v1/embeddings", embeddings)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1", heard
    await runner.cleanup()


async def test_the_nearest_of_many_are_those_of_brute_force(tmp_path: Path) -> None:
    chance, file = np.random.default_rng(3), VectorFile(tmp_path, "many")
    rows = chance.normal(size=(5_010, 16)).astype(np.float32)
    assert file.lock()
    file.replace("d", rows)
    file.commit(1)
    for vector in chance.normal(size=(20, 16)).astype(np.float32):
        cosines = rows @ vector / np.linalg.norm(rows, axis=1)
        assert set(file.nearest(vector, 10)) >= {f"d:{place}" for place in np.argsort(-cosines)[:7]}
    file.unlock()


async def test_a_server_embeds_what_is_masked(server: tuple[str, list[Any]]) -> None:
    url, heard = server
    rows = await EmbeddingServer(url, "small", "secret").embed(["ab", "cc 13800138000"])
    assert np.array_equal(rows, [[1, 1, 0], [0, 0, 2]])
    assert heard == [("Bearer secret", {"model": "small", "input": ["ab", "cc [phone]"]})]
    with pytest.raises(EmbedderAway):
        await EmbeddingServer(url, "other").embed(["a"])
    with pytest.raises(EmbedderAway):
        await EmbeddingServer("http://127.0.0.1:9/v1", "small").embed(["a"])


def filed(document: str, text: str) -> Filed:
    return Filed(document, orjson.dumps([{"text": text}]).decode(), {"tags": [], "since": None, "until": None})


async def test_a_process_of_its_own_writes_vectors_of_a_server(server: tuple[str, list[Any]], tmp_path: Path) -> None:
    url, heard = server
    writer = IndexerProcess("server", str(tmp_path), url, "small", key="secret")
    assert await writer.write([filed("d", "aaa"), filed("e", "bbb"), filed("f", "bb")], 2, anew=True)
    assert await writer.write([Filed("f", "[]", {})], 3, anew=False)
    await writer.close()
    vectors = VectorFile(tmp_path, name_of(url, "small"))
    assert vectors.revision == 3
    assert vectors.nearest(np.array([0, 1, 0], np.float32), 3) == ["e:0", "d:0"]
    assert heard[0][0] == "Bearer secret"
    lost = IndexerProcess("server", str(tmp_path), "http://127.0.0.1:9/v1", "small")
    with pytest.raises(EmbedderAway):
        await lost.write([filed("d", "aaa")], 4, anew=False)
    await lost.close()
