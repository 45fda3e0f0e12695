"""The demo shop over HTTP, as the bot's actions meet it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.config import ROOT
from app.migrations import upgrade
from conversation.database import open_engine
from demo_shop.api import KEY, open_shop
from demo_shop.store import Shop

Ask = tuple[int, dict[str, Any]]


class Counter:
    """A customer of the shop's HTTP counter."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session

    async def get(self, path: str) -> Ask:
        async with self._session.get(self._url + path) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, key: str, body: object) -> Ask:
        async with self._session.post(self._url + path, json=body, headers={KEY: key} if key else {}) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
    await upgrade(url)
    engine = open_engine(url)
    shop = Shop(engine)
    goods = json.loads((ROOT / "data/seed/shop.json").read_text("utf-8"))
    await shop.stock(goods)
    await shop.stock(goods)
    async with open_shop(shop) as address, aiohttp.ClientSession() as session:
        yield Counter(address, session)
    await engine.dispose()


async def test_orders_and_parcels_are_found(counter: Counter) -> None:
    status, order = await counter.get("/orders/KF10000001")
    assert (status, order["status"]) == (200, "shipped")
    status, parcel = await counter.get(f"/parcels/{order['tracking_number']}")
    assert (status, parcel["carrier"]) == (200, order["carrier"])
    assert (await counter.get("/orders/KF99999999"))[0] == 404


async def test_a_refund_happens_once_however_often_it_is_asked(counter: Counter) -> None:
    first = await counter.post("/orders/KF10000003/refund", "seq:1:refund", {"reason": "broken"})
    again = await counter.post("/orders/KF10000003/refund", "seq:1:refund", {"reason": "broken"})
    assert first == again
    assert first[0] == 201
    assert (await counter.post("/orders/KF10000003/refund", "seq:2:refund", {"reason": "broken"}))[0] == 409
    assert (await counter.get("/orders/KF10000003"))[1]["status"] == "refunding"


async def test_an_address_changes_until_the_order_is_on_its_way(counter: Counter) -> None:
    moved = await counter.post("/orders/KF10000002/address", "k1", {"address": "杭州市滨江区江南大道 1 号"})
    assert moved[1]["address"] == "杭州市滨江区江南大道 1 号"
    assert (await counter.get("/orders/KF10000002"))[1]["address"] == "杭州市滨江区江南大道 1 号"
    assert (await counter.post("/orders/KF10000001/address", "k2", {"address": "elsewhere"}))[0] == 409


@pytest.mark.parametrize(
    ("path", "key", "body", "status", "field"),
    [
        ("/orders/KF10000002/refund", "", {"reason": "x"}, 422, KEY),
        ("/orders/KF10000002/invoice", "k", {"title": "A", "email": "nope"}, 422, "email"),
        ("/orders/KF10000002/invoice", "k", {"title": "A", "email": "a@b.co", "free": 1}, 422, "free"),
        ("/orders/KF99999999/refund", "k", {"reason": "x"}, 404, None),
        ("/orders/KF10000002/burn", "k", {}, 404, None),
    ],
)
async def test_bad_asks_are_refused_with_the_field(
    counter: Counter, path: str, key: str, body: object, status: int, field: str | None
) -> None:
    told = await counter.post(path, key, body)
    assert (told[0], told[1]["error"]["field"]) == (status, field)
