"""The demo shop over HTTP, on loopback (docs/engine.md names the contract)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from demo_shop.store import Answer, Shop, refusal

SHOP: Final = web.AppKey("shop", Shop)
KEY: Final = "Idempotency-Key"


class Body(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Refund(Body):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Move(Body):
    address: Annotated[str, StringConstraints(min_length=4, max_length=400)]


class Invoice(Body):
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200)]
    tax_number: Annotated[str, StringConstraints(max_length=40)] = ""


def create_shop(shop: Shop) -> web.Application:
    """An aiohttp application."""
    app = web.Application()
    app[SHOP] = shop
    app.router.add_get("/orders/{id}", _order)
    app.router.add_get("/parcels/{number}", _parcel)
    app.router.add_post("/orders/{id}/{deed}", _deed)
    return app


@asynccontextmanager
async def open_shop(shop: Shop) -> AsyncIterator[str]:
    """Serve the shop on a free loopback port; gives its URL."""
    runner = web.AppRunner(create_shop(shop), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _as_json(answer: Answer) -> web.Response:
    return web.json_response(answer.body, status=answer.status)


async def _order(request: web.Request) -> web.Response:
    return _as_json(await request.app[SHOP].order(request.match_info["id"]))


async def _parcel(request: web.Request) -> web.Response:
    return _as_json(await request.app[SHOP].parcel(request.match_info["number"]))


async def _deed(request: web.Request) -> web.Response:
    shop, id, key = request.app[SHOP], request.match_info["id"], request.headers.get(KEY, "")
    if not key or len(key) > 200:
        return _as_json(refusal(422, "invalid", "1 to 200 characters are needed", KEY))
    try:
        text = await request.text()
        match request.match_info["deed"]:
            case "refund":
                return _as_json(await shop.refund(id, key, Refund.model_validate_json(text).reason))
            case "address":
                return _as_json(await shop.move(id, key, Move.model_validate_json(text).address))
            case "invoice":
                asked = Invoice.model_validate_json(text)
                return _as_json(await shop.invoice(id, key, asked.title, asked.email))
            case _:
                return _as_json(refusal(404, "not_found", "the shop does not do that"))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return _as_json(refusal(422, "invalid", first["msg"], ".".join(map(str, first["loc"])) or None))
