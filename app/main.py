"""The web application of one process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from app.config import Settings
from app.house import ROOMS, House, open_house
from channels.api.socket import Door
from desk.api.live import LiveDesk
from desk.api.routes import Hall, build
from web.errors import install
from web.sessions import Passwords, Sessions
from web.tokens import Tokens

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws: wss:; frame-ancestors 'self'",
}


def create_app(settings: Settings, rooms: tuple[str, ...] = ROOMS) -> FastAPI:
    """An ASGI application that opens the house when it starts and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_house(settings, rooms) as house:
            live = _furnish(app, house, settings.signing_key())
            yield
            await live.close()

    app = FastAPI(title="kefu", lifespan=lifespan, docs_url="/api/docs", openapi_url="/api/openapi.json")
    install(app)

    @app.middleware("http")
    async def secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _furnish(app: FastAPI, house: House, secret: str) -> LiveDesk:
    door = Door(house.channels, house.log, house.live, house.signals, Tokens(secret))

    async def widget(socket: WebSocket) -> None:
        await door.serve(socket)

    app.router.routes.append(WebSocketRoute("/widget/socket", widget))
    hall = Hall(house.desk, house.log, house.roster, house.presence, house.signals, Sessions(secret), Passwords())
    app.include_router(build(hall))
    live = LiveDesk(hall, house.live)

    async def desk(socket: WebSocket) -> None:
        await live.serve(socket)

    app.router.routes.append(WebSocketRoute("/live", desk))
    return live
