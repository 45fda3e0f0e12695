"""The web application of one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from agent_assist.api import routes as assist
from app.config import Settings
from app.house import ROOMS, House, open_house
from app.pages import add_pages
from app.wiring.channels import SiteOrigins
from bot.api import training
from channels.api import rest, sites
from channels.api.door import Door
from channels.api.socket import serve
from conversation.model import Conversation
from desk.api.hall import Hall
from desk.api.live import LiveDesk
from desk.api.routes import build
from desk.api.tickets import build_widget
from desk.store.staff import Staff
from knowledge.api import routes as knowledge
from quality_check.api import routes as quality
from web.address import ClientAddress
from web.errors import install
from web.guard import Guard
from web.sessions import Passwords, Sessions
from web.tokens import Tokens


def create_app(settings: Settings, rooms: tuple[str, ...] = ROOMS) -> FastAPI:
    """An ASGI application that opens the house when it starts and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_house(settings, rooms) as house:
            app.state.sites = house.sites.now
            live = _furnish(app, house, settings.signing_key())
            yield
            await live.close()

    # FastAPI's pages of the description load scripts from elsewhere, which the guard forbids.
    app = FastAPI(title="kefu", lifespan=lifespan, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    install(app)
    app.add_middleware(Guard)
    app.add_middleware(SiteOrigins, sites=lambda: app.state.sites)  # they embed the widget in pages of their own
    if settings.address_header:
        app.add_middleware(ClientAddress, header=settings.address_header)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _furnish(app: FastAPI, house: House, secret: str) -> LiveDesk:
    ground, rooms, tokens = house.ground, house.desk, Tokens(secret)
    door = Door(
        house.channels,
        ground.log,
        ground.live,
        ground.signals,
        tokens,
        ground.files,
        house.sites.now,
        rooms.desk,
        rooms.tools.contacts,
        rooms.visitors,
        ground.settings.widget_limit,
    )
    hall = _hall(house, secret)
    live = LiveDesk(hall, ground.live)

    async def widget(socket: WebSocket) -> None:
        await serve(door, socket)

    async def asks(request: Request) -> Staff:
        return (await hall.me(request)).staff

    async def sees(request: Request, id: str) -> Conversation:
        return await hall.visible(id, await hall.me(request))

    async def desk(socket: WebSocket) -> None:
        await live.serve(socket)

    app.router.routes += [WebSocketRoute("/widget/socket", widget), WebSocketRoute("/live", desk)]
    app.include_router(rest.build(door))
    app.include_router(build(hall))
    app.include_router(sites.build(house.sites, asks, rooms.changes.record, lambda: rooms.setup.premises.groups))
    app.include_router(quality.build(house.quality, asks))
    app.include_router(knowledge.build(house.knowledge, asks, rooms.changes.record))
    app.include_router(assist.build(house.assist, asks, sees))
    app.include_router(training.build(house.school.review, house.school.training, asks))
    app.include_router(build_widget(rooms.tickets, tokens, door.allow))
    add_pages(app)
    return live


def _hall(house: House, secret: str) -> Hall:
    ground, rooms = house.ground, house.desk
    return Hall(
        rooms.desk,
        ground.log,
        ground.roster,
        ground.presence,
        ground.signals,
        Sessions(secret),
        Passwords(),
        ground.files,
        rooms.setup,
        rooms.supervision,
        rooms.changes,
        rooms.tools,
        rooms.tickets,
        rooms.postman,
        rooms.admin,
        rooms.entry,
        rooms.visitors,
        {name: reader.replay for name, reader in house.readers.items()},
        house.quality.watch.foresee,
    )
