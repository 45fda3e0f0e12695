"""Orders, parcels and coupons in SQL, and what was done already."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import JSON, Column, Index, Integer, String, Table, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conversation.database import reading, writing
from demo_shop.answers import Answer, refusal
from demo_shop.identity import Identity, codes
from demo_shop.tables import metadata

orders: Final = Table(
    "shop_orders",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("address", String(400), nullable=False),
    Column("tracking_number", String(32), nullable=False),
    Column("body", JSON, nullable=False),
)

parcels: Final = Table(
    "shop_parcels",
    metadata,
    Column("tracking_number", String(32), primary_key=True),
    Column("body", JSON, nullable=False),
)

coupons: Final = Table(
    "shop_coupons",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("body", JSON, nullable=False),
)

deeds: Final = Table(
    "shop_deeds",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("order_id", String(16), nullable=False, server_default=""),
    Column("deed", String(16), nullable=False, server_default=""),
    Column("at", Integer, nullable=False, server_default="0"),
    Column("asked", JSON, nullable=False, server_default="{}"),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_shop_deeds_order_id", "order_id"),
)

REFUNDABLE: Final = ("paid", "shipped", "delivered")
MOVABLE: Final = ("pending", "paid")
UNPAID: Final = ("pending", "cancelled")
SECRET: Final = ("phone",)  # fields of an order that the counter never tells

Order = Mapping[str, Any]
Asked = Mapping[str, Any]
Do = Callable[[AsyncConnection, Order], Awaitable[Answer]]


class Shop:
    """The demo shop's counter; what changes an order needs a proof of identity and is done once per idempotency key."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._identity = Identity(clock)

    async def stock(self, goods: Mapping[str, Any]) -> None:
        """See that the shop has `orders`, `parcels` and `coupons` as data/seed/shop.json lists them.

        What it has stays as it is, and gets the fields that it lacks: an older shop's orders had no phone.
        """
        async with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":  # processes that start together stock one after the other
                await connection.execute(text("SELECT pg_advisory_xact_lock(7535, 0)"))
            known = {row.id: row.body for row in await connection.execute(select(orders.c.id, orders.c.body))}
            for order in goods["orders"]:
                id = order["order_id"]
                if id not in known:
                    columns = {name: order[name] for name in ("status", "address", "tracking_number")}
                    await connection.execute(insert(orders).values(id=id, **columns, body=order))
                elif order.keys() - known[id].keys():
                    await _change(connection, id, body={**order, **known[id]})
            await _add(connection, parcels, "tracking_number", goods["parcels"])
            await _add(connection, coupons, "code", goods["coupons"])

    async def order(self, id: str) -> Answer:
        """200 or 404."""
        async with reading(self._engine) as connection:
            found = await _order(connection, id)
        return Answer(200, _told(found)) if found else refusal(404, "not_found", "there is no such order")

    async def parcel(self, number: str) -> Answer:
        """200 or 404."""
        return await self._find(parcels.c.tracking_number == number, parcels.c.body, "parcel")

    async def coupon(self, code: str) -> Answer:
        """200 or 404."""
        return await self._find(coupons.c.code == code, coupons.c.body, "coupon")

    async def _find(self, condition: Any, body: Any, what: str) -> Answer:
        async with reading(self._engine) as connection:
            found = await connection.scalar(select(body).where(condition))
        return Answer(200, found) if found else refusal(404, "not_found", f"there is no such {what}")

    async def refund_of(self, id: str) -> Answer:
        """200 with the refund of an order and the order's status; 404 when it has none."""
        asked = select(deeds.c.body).where(deeds.c.order_id == id, deeds.c.deed == "refund", deeds.c.status == 201)
        async with reading(self._engine) as connection:
            order = await _order(connection, id)
            made = await connection.scalar(asked)
        if order is None or order["status"] not in ("refunding", "refunded"):
            return refusal(404, "not_found", "there is no refund of this order")
        return Answer(200, {"refund_id": "", "amount": order["total"], **(made or {}), "status": order["status"]})

    async def send_code(self, id: str, key: str) -> Answer:
        """As Identity.send, or 404."""
        return await self._once(id, key, "code", {}, self._identity.send)

    async def prove(self, id: str, key: str, challenge: str, code: str) -> Answer:
        """As Identity.prove, or 404."""

        async def do(connection: AsyncConnection, order: Order) -> Answer:
            return await self._identity.prove(connection, order, challenge, code)

        return await self._once(id, key, "proof", {}, do)

    async def refund(self, id: str, key: str, reason: str, proof: str) -> Answer:
        """201; 409 for an order that is not paid, or refunded already; 403 without a proof."""

        async def do(connection: AsyncConnection, order: Order) -> Answer:
            if "refund" not in _open_to(order["status"]):
                return refusal(409, "conflict", f"an order that is {order['status']} cannot be refunded")
            await _change(connection, id, status="refunding")
            made = {"refund_id": f"RF{uuid4().hex[:10].upper()}", "status": "refunding", "amount": order["total"]}
            return Answer(201, {**made, "reason": reason})

        return await self._once(id, key, "refund", {"reason": reason}, self._proven(proof, do))

    async def move(self, id: str, key: str, address: str, proof: str) -> Answer:
        """200 with the order; 409 once it is on its way; 403 without a proof."""

        async def do(connection: AsyncConnection, order: Order) -> Answer:
            if "address" not in _open_to(order["status"]):
                return refusal(409, "conflict", f"an order that is {order['status']} cannot go elsewhere")
            await _change(connection, id, address=address)
            return Answer(200, {**_told(order), "address": address})

        return await self._once(id, key, "address", {"address": address}, self._proven(proof, do))

    async def alter(self, id: str, key: str, wish: str, proof: str) -> Answer:
        """201 once the packers have the wish; 409 once it is on its way; 403 without a proof."""

        async def do(_: AsyncConnection, order: Order) -> Answer:
            if "change" not in _open_to(order["status"]):
                return refusal(409, "conflict", f"an order that is {order['status']} cannot be altered")
            return Answer(201, {"change_id": f"CH{uuid4().hex[:10].upper()}", "status": "requested", "wish": wish})

        return await self._once(id, key, "change", {"wish": wish}, self._proven(proof, do))

    async def invoice(self, id: str, key: str, title: str, email: str, proof: str) -> Answer:
        """201; 409 for an order that is not paid; 403 without a proof."""

        async def do(_: AsyncConnection, order: Order) -> Answer:
            if "invoice" not in _open_to(order["status"]):
                return refusal(409, "conflict", f"an order that is {order['status']} has no invoice")
            made = f"IN{uuid4().hex[:10].upper()}"
            url = f"https://invoices.example/{made}.pdf"
            return Answer(201, {"invoice_id": made, "url": url, "title": title, "email": email})

        return await self._once(id, key, "invoice", {"title": title, "email": email}, self._proven(proof, do))

    async def done(self) -> list[tuple[str, str, Asked]]:
        """What orders went through, oldest first: deed, order and what was asked. Codes and proofs are no deeds."""
        real = deeds.c.deed.not_in(("", "code", "proof"))
        query = select(deeds.c.deed, deeds.c.order_id, deeds.c.asked).where(real, deeds.c.status < 300)
        async with reading(self._engine) as connection:
            return [tuple(row) for row in await connection.execute(query.order_by(deeds.c.at, deeds.c.key))]

    async def messages(self, limit: int) -> list[tuple[int, str, str, str]]:
        """The codes that were sent, latest first: second, order, phone (mostly hidden) and code."""
        query = select(codes.c.sent_at, codes.c.order_id, codes.c.sent_to, codes.c.code)
        async with reading(self._engine) as connection:
            latest = query.order_by(codes.c.sent_at.desc(), codes.c.challenge).limit(limit)
            return [tuple(row) for row in await connection.execute(latest)]

    def _proven(self, proof: str, do: Do) -> Do:
        async def checked(connection: AsyncConnection, order: Order) -> Answer:
            if not await self._identity.holds(connection, order["order_id"], proof):
                return refusal(403, "unverified", "a proof from POST /orders/{id}/proof is needed", "Order-Proof")
            return await do(connection, order)

        return checked

    async def _once(self, id: str, key: str, deed: str, asked: Asked, do: Do) -> Answer:
        async with writing(self._engine) as connection:
            done = (await connection.execute(select(deeds).where(deeds.c.key == key))).one_or_none()
            if done is not None:
                return Answer(done.status, done.body)
            order = await _order(connection, id)
            if order is None:
                return refusal(404, "not_found", "there is no such order")
            answer = await do(connection, order)
            row = {"key": key, "order_id": id, "deed": deed, "at": int(self._clock()), "asked": dict(asked)}
            await connection.execute(insert(deeds).values(**row, status=answer.status, body=answer.body))
            return answer


def _told(order: Order) -> Order:
    return {
        **{name: value for name, value in order.items() if name not in SECRET},
        "open_to": _open_to(order["status"]),
    }


def _open_to(status: str) -> list[str]:
    may = {
        "refund": status in REFUNDABLE,
        "address": status in MOVABLE,
        "change": status in MOVABLE,
        "invoice": status not in UNPAID,
    }
    return [deed for deed, open in may.items() if open]


async def _order(connection: AsyncConnection, id: str) -> Order | None:
    row = (await connection.execute(select(orders).where(orders.c.id == id))).one_or_none()
    return None if row is None else {**row.body, "status": row.status, "address": row.address}


async def _add(connection: AsyncConnection, table: Table, key: str, things: Sequence[Mapping[str, Any]]) -> None:
    known = set(await connection.scalars(select(table.c[key])))
    rows = [{key: one[key], "body": one} for one in things if one[key] not in known]
    if rows:
        await connection.execute(insert(table), rows)


async def _change(connection: AsyncConnection, id: str, **values: Any) -> None:
    await connection.execute(update(orders).where(orders.c.id == id).values(**values))
