"""The built front-ends, as they lie in consoles/*/dist."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
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


class Console(StaticFiles):
    """A single-page application: hashed assets are cached for good, every other path is its index page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("assets/"):
                raise
            response = await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = FOREVER if path.startswith("assets/") else "no-cache"
        return response


def _file(path: Path) -> Route:
    def page(_: Request) -> Response:
        if not path.exists():
            raise HTTPException(404)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    return Route("/" if path.name == "demo.html" else f"/{path.name}", page)


def add_pages(app: FastAPI) -> None:
    """The widget's script, a page that embeds it, and the desk; without built front-ends they are 404."""
    app.router.routes += [_file(WIDGET / "widget.js"), _file(WIDGET / "widget-more.js"), _file(WIDGET / "demo.html")]
    app.router.routes.append(Mount("/desk", Console(directory=DESK, html=True, check_dir=False)))
