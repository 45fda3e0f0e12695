"""A stand-in for the shop, which is not ours: its orders, parcels and refusals over HTTP, as its contract says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Json = dict[str, Any]

ITEM = {"name_zh": "机械键盘", "name_en": "Mechanical keyboard", "quantity": 1, "price": 299.0}


def order(order_id: str, status: str, tracking_number: str = "") -> Json:
    """An order of one keyboard."""
    return {
        "order_id": order_id,
        "status": status,
        "items": [ITEM],
        "total": 299.0,
        "currency": "CNY",
        "address": "1 Market Street, Springfield",
        "carrier": "SF Express" if tracking_number else "",
        "tracking_number": tracking_number,
        "expected_delivery": "2026-12-01",
    }


class ShopFake:
    """Answers with what it holds, remembers what it was told to do, and can be away."""

    def __init__(self) -> None:
        self.away = False
        self.done: list[tuple[str, str, Json]] = []
        self._keys: set[str] = set()
        self._orders = {
            each["order_id"]: each
            for each in (
                order("KF10002345", "paid"),
                order("KF10003456", "shipped", "SF1234567890123"),
                order("KF10004567", "cancelled"),
            )
        }

    async def get_order(self, request: web.Request) -> web.Response:
        """200, 404 or 503."""
        if self.away:
            return refusal(503, "unavailable")
        found = self._orders.get(request.match_info["id"])
        return web.json_response(found) if found else refusal(404, "not_found")

    async def get_parcel(self, request: web.Request) -> web.Response:
        """200, 404 or 503."""
        number = request.match_info["number"]
        if self.away:
            return refusal(503, "unavailable")
        if number != "SF1234567890123":
            return refusal(404, "not_found")
        moved = {"at": "2026-11-23T09:45:00.000Z", "place": "Hub", "text_zh": "已到达", "text_en": "Arrived"}
        return web.json_response({"tracking_number": number, "carrier": "SF Express", "events": [moved]})

    async def post(self, request: web.Request) -> web.Response:
        """201 (an address: 200), 409 or 503; the same key does nothing twice."""
        wish, asked = request.match_info["wish"], await request.json()
        if self.away:
            return refusal(503, "unavailable")
        found = self._orders[request.match_info["id"]]
        if found["status"] != "paid":
            return refusal(409, "conflict")
        key = request.headers["Idempotency-Key"]
        if key not in self._keys:
            self._keys.add(key)
            self.done.append((wish, found["order_id"], asked))
        made: Json = {
            "refund": {"refund_id": "RF1", "status": "refunding", "amount": 299.0},
            "address": {**found, **asked},
            "invoice": {"invoice_id": "IN1", "url": "https://invoices.example/IN1.pdf"},
        }[wish]
        return web.json_response(made, status=200 if wish == "address" else 201)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen on loopback; yields the shop's URL."""
        app = web.Application()
        app.add_routes([
            web.get("/orders/{id}", self.get_order),
            web.get("/parcels/{number}", self.get_parcel),
            web.post("/orders/{id}/{wish:refund|address|invoice}", self.post),
        ])
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()


def refusal(status: int, code: str) -> web.Response:
    """An error as the shop words it."""
    return web.json_response({"error": {"code": code, "message": code, "field": None}}, status=status)
