"""An engine worker that repeats what it hears, on a port of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


async def _turn(request: web.Request) -> web.Response:
    asked = await request.json()
    turn = {"messages": [{"text": f"echo: {asked['text']}"}], "intent": {"name": "echo", "confidence": 1.0}}
    turn |= {"entities": [], "actions": [], "slots": {}, "policy": "", "language": "zh", "handoff": None}
    return web.json_response({**turn, "close": False, "state": "s", "state_reset": False})


@asynccontextmanager
async def open_echo() -> AsyncIterator[str]:
    """Serve it; gives its URL."""
    app = web.Application()
    app.router.add_post("/webhooks/kefu/turn", _turn)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
