"""The built front-ends, as they lie in consoles/*/dist."""

import asyncio
import gzip
from functools import cache
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.config import ROOT

WIDGET: Final = ROOT / "consoles" / "widget" / "dist"
DESK: Final = ROOT / "consoles" / "desk" / "dist"
FOREVER: Final = "public, max-age=31536000, immutable"
PACKED: Final = ("text/html", "text/css", "text/javascript", "image/svg+xml")


class Front(StaticFiles):
    """Built files: gzipped for who takes that, and a browser that has one already is told so."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers.add_vary_header("Accept-Encoding")
        accepts = "gzip" in Headers(scope=scope).get("Accept-Encoding", "")
        if not accepts or not isinstance(response, FileResponse) or response.media_type not in PACKED:
            return response
        tag = response.headers["ETag"]
        packed = await asyncio.to_thread(_packed, str(response.path), tag)
        kept = {name: response.headers[name] for name in ("Cache-Control", "Last-Modified", "Vary")}
        headers = {**kept, "ETag": f"W/{tag}", "Content-Encoding": "gzip"}
        return Response(packed, response.status_code, headers, response.media_type)


@cache
def _packed(path: str, _tag: str) -> bytes:
    with open(path, "rb") as file:
        return gzip.compress(file.read())


class Console(Front):
    """A single-page application: hashed assets are cached for good, every other path is its index page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("assets/"):
                raise
            response = await super().get_response("index.html", scope)
        if path.startswith("assets/"):
            response.headers["Cache-Control"] = FOREVER
        return response


def add_pages(app: FastAPI) -> None:
    """The widget's script, a page that embeds it, and the desk; without built front-ends they are 404."""
    widget = Front(directory=WIDGET, check_dir=False)
    for path, name in (("/", "demo.html"), ("/widget.js", "widget.js"), ("/widget-more.js", "widget-more.js")):

        async def page(request: Request, name: str = name) -> Response:
            return await widget.get_response(name, request.scope)

        app.router.routes.append(Route(path, page))
    app.router.routes.append(Mount("/desk", Console(directory=DESK, html=True, check_dir=False)))
