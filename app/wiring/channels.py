"""The customers' doors: which sites there are, and which pages may call."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from app.background import background, every_second
from app.wiring.ground import Ground
from channels.rules import Site
from channels.service import Sites
from desk.store.shelf import Shelf
from web.seal import Seal


class KeptSites:
    """As one thing on the shelf of the setup."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def read(self) -> Mapping[str, Any] | None:
        """What was last written; None until then."""
        found = await self._shelf.find("sites")
        return found.body if found else None

    async def write(self, by: str, body: Mapping[str, Any]) -> None:
        """In the place of what there was."""
        await self._shelf.put(by, body, "sites")


class SiteOrigins(CORSMiddleware):
    """Pages of the sites' origins, as they stand at the moment. Cookies never cross: staff have one origin."""

    def __init__(self, app: ASGIApp, sites: Callable[[], Mapping[str, Site]]) -> None:
        super().__init__(app, allow_methods=["GET", "POST"], allow_headers=["*"])
        self._sites = sites

    def is_allowed_origin(self, origin: str) -> bool:
        """Does some site let it embed its widget?"""
        return any({origin, "*"} & set(site.origins) for site in self._sites().values())


@asynccontextmanager
async def open_sites(ground: Ground) -> AsyncIterator[Sites]:
    """Kept true while the house runs."""
    sites = Sites(ground.company.sites, KeptSites(Shelf(ground.engine, "setup")), Seal(ground.settings.signing_key()))
    await sites.refresh()
    async with background(every_second(sites.refresh)):
        yield sites
