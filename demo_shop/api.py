"""The demo shop over HTTP, on loopback (docs/engine.md names the contract)."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Final

from aiohttp import web
from aiohttp.typedefs import Middleware
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from demo_shop.answers import Answer, refusal
from demo_shop.store import Shop

SHOP: Final = web.AppKey("shop", Shop)
KEY: Final = "Idempotency-Key"
PROOF: Final = "Order-Proof"


class Body(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Refund(Body):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Move(Body):
    address: Annotated[str, StringConstraints(min_length=4, max_length=400)]


class Wish(Body):
    wish: Annotated[str, StringConstraints(min_length=2, max_length=400)]


class Code(Body):
    challenge: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class Invoice(Body):
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200)]
    tax_number: Annotated[str, StringConstraints(max_length=40)] = ""


def create_shop(shop: Shop, *middlewares: Middleware) -> web.Application:
    """An aiohttp application."""
    app = web.Application(middlewares=middlewares)
    app[SHOP] = shop
    app.router.add_get("/orders/{id}", _order)
    app.router.add_get("/orders/{id}/refund", _refund)
    app.router.add_get("/parcels/{number}", _parcel)
    app.router.add_get("/coupons/{code}", _coupon)
    app.router.add_post("/orders/{id}/{deed}", _deed)
    return app


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Serve it on a free loopback port; gives its URL."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def open_shop(shop: Shop) -> AbstractAsyncContextManager[str]:
    """Serve the shop on a free loopback port; gives its URL."""
    return serving(create_shop(shop))


def _as_json(answer: Answer) -> web.Response:
    return web.json_response(answer.body, status=answer.status)


async def _order(request: web.Request) -> web.Response:
    return _as_json(await request.app[SHOP].order(request.match_info["id"]))


async def _parcel(request: web.Request) -> web.Response:
    return _as_json(await request.app[SHOP].parcel(request.match_info["number"]))


async def _refund(request: web.Request) -> web.Response:
    return _as_json(await request.app[SHOP].refund_of(request.match_info["id"]))


async def _coupon(request: web.Request) -> web.Response:
    return _as_json(await request.app[SHOP].coupon(request.match_info["code"]))


async def _deed(request: web.Request) -> web.Response:
    key = request.headers.get(KEY, "")
    if not key or len(key) > 200:
        return _as_json(refusal(422, "invalid", "1 to 200 characters are needed", KEY))
    try:
        return _as_json(await _done(request, key, await request.text()))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return _as_json(refusal(422, "invalid", first["msg"], ".".join(map(str, first["loc"])) or None))


async def _done(request: web.Request, key: str, text: str) -> Answer:
    shop, id, proof = request.app[SHOP], request.match_info["id"], request.headers.get(PROOF, "")
    match request.match_info["deed"]:
        case "code":
            return await shop.send_code(id, key)
        case "proof":
            told = Code.model_validate_json(text)
            return await shop.prove(id, key, told.challenge, told.code)
        case "refund":
            return await shop.refund(id, key, Refund.model_validate_json(text).reason, proof)
        case "address":
            return await shop.move(id, key, Move.model_validate_json(text).address, proof)
        case "change":
            return await shop.alter(id, key, Wish.model_validate_json(text).wish, proof)
        case "invoice":
            asked = Invoice.model_validate_json(text)
            return await shop.invoice(id, key, asked.title, asked.email, proof)
        case _:
            return refusal(404, "not_found", "the shop does not do that")
