"""The demo shop over HTTP, as the bot's actions meet it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import ROOT
from app.migrations import upgrade
from conversation.database import open_engine
from demo_shop.api import KEY, PROOF, open_shop
from demo_shop.identity import CODE_SECONDS, CODES_AN_HOUR, PROOF_SECONDS, TRIES
from demo_shop.store import Shop

Ask = tuple[int, dict[str, Any]]


class Counter:
    """A customer of the shop's HTTP counter, who can read their phone."""

    def __init__(self, url: str, session: aiohttp.ClientSession, shop: Shop) -> None:
        self._url = url
        self._session = session
        self.shop = shop

    async def get(self, path: str) -> Ask:
        async with self._session.get(self._url + path) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, key: str, body: object, proof: str = "") -> Ask:
        headers = {KEY: key} if key else {}
        async with self._session.post(self._url + path, json=body, headers={**headers, PROOF: proof}) as answer:
            return answer.status, await answer.json()

    async def code(self, order: str, key: str) -> dict[str, str]:
        """Ask for a code and read it: the body that earns a proof."""
        status, sent = await self.post(f"/orders/{order}/code", key, {})
        assert status == 201, sent
        code = next(code for _, id, _, code in await self.shop.messages(100) if id == order)
        return {"challenge": sent["challenge"], "code": code}

    async def proof(self, order: str) -> str:
        told = await self.code(order, f"code {order}")
        return str((await self.post(f"/orders/{order}/proof", f"proof {order}", told))[1]["proof"])


class Clock:
    """Seconds that pass when the test says so."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def counter(engine: AsyncEngine, clock: Clock) -> AsyncIterator[Counter]:
    shop = Shop(engine, clock)
    goods = json.loads((ROOT / "data/seed/shop.json").read_text("utf-8"))
    await shop.stock(goods)
    await shop.stock(goods)
    async with open_shop(shop) as address, aiohttp.ClientSession() as session:
        yield Counter(address, session, shop)


async def test_orders_and_parcels_are_found(counter: Counter) -> None:
    status, order = await counter.get("/orders/KF10000001")
    assert (status, order["status"]) == (200, "shipped")
    status, parcel = await counter.get(f"/parcels/{order['tracking_number']}")
    assert (status, parcel["carrier"]) == (200, order["carrier"])
    assert (await counter.get("/orders/KF99999999"))[0] == 404


async def test_coupons_are_found_and_phones_are_told_to_nobody(counter: Counter) -> None:
    assert (await counter.get("/coupons/NEW20"))[1]["minimum"] == 99
    assert (await counter.get("/coupons/NEW21"))[0] == 404
    assert "phone" not in (await counter.get("/orders/KF10000001"))[1]
    assert (await counter.post("/orders/KF10000002/code", "k", {}))[1]["sent_to"] == "138****0137"


async def test_an_older_shop_gets_what_it_lacks_and_keeps_what_it_has(counter: Counter) -> None:
    proof = await counter.proof("KF10000002")
    await counter.post("/orders/KF10000002/address", "k1", {"address": "杭州市滨江区江南大道 1 号"}, proof)
    goods = json.loads((ROOT / "data/seed/shop.json").read_text("utf-8"))
    newer = [{**order, "gift": True, "total": 0, "address": "elsewhere"} for order in goods["orders"]]
    added = [{**newer[0], "order_id": "KF90000001"}]
    coupons = [*goods["coupons"], {**goods["coupons"][0], "code": "NEW99"}]
    await counter.shop.stock({**goods, "orders": [*newer, *added], "coupons": coupons})
    order = (await counter.get("/orders/KF10000002"))[1]
    assert (order["gift"], order["total"], order["address"]) == (True, 386, "杭州市滨江区江南大道 1 号")
    assert (await counter.get("/orders/KF90000001"))[1]["total"] == 0
    assert (await counter.get("/coupons/NEW99"))[0] == 200


async def test_a_refund_happens_once_however_often_it_is_asked(counter: Counter) -> None:
    proof = await counter.proof("KF10000003")
    first = await counter.post("/orders/KF10000003/refund", "seq:1:refund", {"reason": "broken"}, proof)
    again = await counter.post("/orders/KF10000003/refund", "seq:1:refund", {"reason": "broken"}, proof)
    assert first == again
    assert first[0] == 201
    assert (await counter.post("/orders/KF10000003/refund", "seq:2:refund", {"reason": "broken"}, proof))[0] == 409
    assert (await counter.get("/orders/KF10000003"))[1]["status"] == "refunding"
    assert (await counter.get("/orders/KF10000003/refund"))[1]["refund_id"] == first[1]["refund_id"]
    assert await counter.shop.done() == [("refund", "KF10000003", {"reason": "broken"})]


async def test_refunds_that_there_are_and_are_not(counter: Counter) -> None:
    assert (await counter.get("/orders/KF10000007/refund"))[1]["status"] == "refunded"
    assert (await counter.get("/orders/KF10000001/refund"))[0] == 404


async def test_an_address_and_its_contents_change_until_the_order_is_on_its_way(counter: Counter) -> None:
    address, proof = {"address": "杭州市滨江区江南大道 1 号"}, await counter.proof("KF10000002")
    assert (await counter.post("/orders/KF10000002/address", "k1", address, proof))[1]["address"] == address["address"]
    assert (await counter.get("/orders/KF10000002"))[1]["address"] == address["address"]
    assert (await counter.post("/orders/KF10000002/change", "k2", {"wish": "换成黑色"}, proof))[0] == 201
    late = await counter.proof("KF10000001")
    assert (await counter.post("/orders/KF10000001/address", "k3", {"address": "elsewhere"}, late))[0] == 409
    assert (await counter.post("/orders/KF10000001/change", "k4", {"wish": "black"}, late))[0] == 409


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("refund", {"reason": "broken"}),
        ("address", {"address": "elsewhere 1"}),
        ("change", {"wish": "black"}),
        ("invoice", {"title": "A", "email": "a@b.co"}),
    ],
)
async def test_nothing_changes_without_a_proof_for_this_very_order(
    counter: Counter, clock: Clock, deed: str, body: object
) -> None:
    other, mine = await counter.proof("KF20000002"), await counter.proof("KF10000002")
    for number, proof in enumerate(("", "made up", other)):
        status, told = await counter.post(f"/orders/KF10000002/{deed}", f"k{number}", body, proof)
        assert (status, told["error"]["code"]) == (403, "unverified")
    clock.now += CODE_SECONDS + PROOF_SECONDS + 1
    assert (await counter.post(f"/orders/KF10000002/{deed}", "late", body, mine))[0] == 403
    assert await counter.shop.done() == []


async def test_a_code_is_good_once_for_a_while_and_for_some_tries(counter: Counter, clock: Clock) -> None:
    path, told = "/orders/KF10000002/proof", await counter.code("KF10000002", "c1")
    wrong = {**told, "code": f"{(int(told['code']) + 1) % 10**6:06}"}

    async def attempt(body: object, key: str) -> str:
        status, answer = await counter.post(path, key, body)
        return "proven" if status == 201 else str(answer["error"]["code"])

    assert [await attempt(wrong, f"t{n}") for n in range(TRIES)] == ["wrong", "wrong", "expired"]
    assert await attempt(told, "right, but too late") == "expired"
    clock.now += 1
    told = await counter.code("KF10000002", "c2")
    assert await counter.code("KF10000002", "c2") == told
    assert [await attempt(told, key) for key in ("p1", "p1", "p2")] == ["proven", "proven", "expired"]
    clock.now += 1
    told = await counter.code("KF10000002", "c3")
    clock.now += CODE_SECONDS + 1
    assert await attempt(told, "p3") == "expired"
    for number in range(CODES_AN_HOUR - 3):
        await counter.code("KF10000002", f"more{number}")
    assert (await counter.post("/orders/KF10000002/code", "too many", {}))[0] == 429


@pytest.mark.parametrize(
    ("path", "key", "body", "status", "field"),
    [
        ("/orders/KF10000002/refund", "", {"reason": "x"}, 422, KEY),
        ("/orders/KF10000002/invoice", "k", {"title": "A", "email": "nope"}, 422, "email"),
        ("/orders/KF10000002/invoice", "k", {"title": "A", "email": "a@b.co", "free": 1}, 422, "free"),
        ("/orders/KF99999999/refund", "k", {"reason": "x"}, 404, None),
        ("/orders/KF10000002/burn", "k", {}, 404, None),
        ("/orders/KF10000002/proof", "k", {"challenge": "c", "code": "12345"}, 422, "code"),
    ],
)
async def test_bad_asks_are_refused_with_the_field(
    counter: Counter, path: str, key: str, body: object, status: int, field: str | None
) -> None:
    told = await counter.post(path, key, body)
    assert (told[0], told[1]["error"]["field"]) == (status, field)


async def test_an_order_tells_what_the_shop_would_do_about_it(counter: Counter) -> None:
    wishes = {
        "refund": {"reason": "broken"},
        "address": {"address": "elsewhere"},
        "change": {"wish": "black"},
        "invoice": {"title": "Personal", "email": "a@example.com"},
    }
    for n in range(1, 8):
        order = f"KF1000000{n}"
        proof, told = await counter.proof(order), (await counter.get(f"/orders/{order}"))[1]["open_to"]
        for wish in ("address", "change", "invoice", "refund"):  # which closes the order to the others
            done = (await counter.post(f"/orders/{order}/{wish}", f"{n}:{wish}", wishes[wish], proof))[0] < 400
            assert done == (wish in told), (order, wish)


async def test_processes_that_start_together_stock_it_once(database_url: str) -> None:
    await upgrade(database_url)
    engines = [open_engine(database_url) for _ in range(4)]
    goods = json.loads((ROOT / "data/seed/shop.json").read_text("utf-8"))
    await asyncio.gather(*(Shop(engine).stock(goods) for engine in engines))
    found = await Shop(engines[0]).order(goods["orders"][0]["order_id"])
    for engine in engines:
        await engine.dispose()
    assert found.status == 200
