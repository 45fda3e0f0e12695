"""A worker's HTTP: one turn per request, on loopback only."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from typing import Any

from aiohttp import web

from kefu_engine.turn import ActionFailed, Ask, Engine

TEXT = 4000
BODY_BYTES = 256 * 1024
DRAIN_SECONDS = 10.0

log = logging.getLogger(__name__)


class Malformed(ValueError):
    """A request that is not in the contract; `field` is at fault."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_ask(body: Any) -> Ask:
    """Raises Malformed with the field at fault."""
    if not isinstance(body, dict):
        raise Malformed(None, "the body is a JSON object")
    kinds: dict[str, tuple[type, ...]] = {
        "text": (str,),
        "payload": (str, type(None)),
        "metadata": (dict,),
        "state": (str, type(None)),
    }
    for field, kind in kinds.items():
        if not isinstance(body.get(field, "" if field == "text" else None if field != "metadata" else {}), kind):
            raise Malformed(field, f"this is not {' or '.join(k.__name__ for k in kind)}")
    text = body.get("text", "")
    if len(text) > TEXT:
        raise Malformed("text", f"at most {TEXT} characters, these are {len(text)}")
    if body.get("payload") and not body["payload"].startswith("/"):
        raise Malformed("payload", "a payload begins with /")
    return Ask(text, body.get("payload"), body.get("metadata", {}), body.get("state"))


def create_app(engine: Engine) -> web.Application:
    """The worker's application."""

    async def turn(request: web.Request) -> web.Response:
        try:
            return web.json_response(await engine.turn(read_ask(await request.json())))
        except Malformed as error:
            return _error(422, "invalid", str(error), error.field)
        except ValueError:
            return _error(400, "malformed", "the body is not JSON", None)
        except ActionFailed as error:
            log.error("an action failed: %s", error, exc_info=error.__cause__)
            return _error(500, "action_failed", f"an action raised {error}", None)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ready": True, "model": engine.model, "pid": os.getpid()})

    app = web.Application(client_max_size=BODY_BYTES)
    app.router.add_post("/webhooks/kefu/turn", turn)
    app.router.add_get("/health", health)
    return app


def _error(status: int, code: str, message: str, field: str | None) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message, "field": field}}, status=status)


async def serve(engine: Engine, listening: Callable[[int], None]) -> None:
    """Serve until SIGTERM, then finish what is in hand. `listening` is told the port."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.AppRunner(create_app(engine), access_log=None, shutdown_timeout=DRAIN_SECONDS)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listening(runner.addresses[0][1])
    await stop.wait()
    await runner.cleanup()
