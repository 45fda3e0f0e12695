"""Orders and parcels in SQL, and what was done already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conversation.database import reading, writing

metadata: Final = MetaData()

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

deeds: Final = Table(
    "shop_deeds",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
)

REFUNDABLE: Final = ("paid", "shipped", "delivered")
MOVABLE: Final = ("pending", "paid")

Order = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and its body."""

    status: int
    body: Mapping[str, Any]


def refusal(status: int, code: str, message: str, field: str | None = None) -> Answer:
    """An error in the house's form."""
    return Answer(status, {"error": {"code": code, "message": message, "field": field}})


class Shop:
    """The demo shop's counter; what changes something is done once per idempotency key."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def stock(self, goods: Mapping[str, Any]) -> None:
        """Fill an empty shop with `orders` and `parcels`, as data/seed/shop.json lists them."""
        async with writing(self._engine) as connection:
            if await connection.scalar(select(func.count()).select_from(orders)):
                return
            rows = [
                {"id": o["order_id"], **{k: o[k] for k in ("status", "address", "tracking_number")}, "body": o}
                for o in goods["orders"]
            ]
            await connection.execute(insert(orders), rows)
            boxes = [{"tracking_number": p["tracking_number"], "body": p} for p in goods["parcels"]]
            await connection.execute(insert(parcels), boxes)

    async def order(self, id: str) -> Answer:
        """200 or 404."""
        async with reading(self._engine) as connection:
            found = await _order(connection, id)
        return Answer(200, found) if found else refusal(404, "not_found", "there is no such order")

    async def parcel(self, number: str) -> Answer:
        """200 or 404."""
        async with reading(self._engine) as connection:
            body = await connection.scalar(select(parcels.c.body).where(parcels.c.tracking_number == number))
        return Answer(200, body) if body else refusal(404, "not_found", "there is no such parcel")

    async def refund(self, id: str, key: str, reason: str) -> Answer:
        """201, or 409 for an order that is not paid, or refunded already."""

        async def do(connection: AsyncConnection, order: Order) -> Answer:
            if order["status"] not in REFUNDABLE:
                return refusal(409, "conflict", f"an order that is {order['status']} cannot be refunded")
            await _change(connection, id, status="refunding")
            made = {"refund_id": f"RF{uuid4().hex[:10].upper()}", "status": "refunding", "amount": order["total"]}
            return Answer(201, {**made, "reason": reason})

        return await self._once(id, key, do)

    async def move(self, id: str, key: str, address: str) -> Answer:
        """200 with the order, or 409 once it is on its way."""

        async def do(connection: AsyncConnection, order: Order) -> Answer:
            if order["status"] not in MOVABLE:
                return refusal(409, "conflict", f"an order that is {order['status']} cannot go elsewhere")
            await _change(connection, id, address=address)
            return Answer(200, {**order, "address": address})

        return await self._once(id, key, do)

    async def invoice(self, id: str, key: str, title: str, email: str) -> Answer:
        """201, or 409 for an order that is not paid."""

        async def do(_: AsyncConnection, order: Order) -> Answer:
            if order["status"] in ("pending", "cancelled"):
                return refusal(409, "conflict", f"an order that is {order['status']} has no invoice")
            made = f"IN{uuid4().hex[:10].upper()}"
            url = f"https://invoices.example/{made}.pdf"
            return Answer(201, {"invoice_id": made, "url": url, "title": title, "email": email})

        return await self._once(id, key, do)

    async def _once(self, id: str, key: str, do: Callable[[AsyncConnection, Order], Any]) -> Answer:
        async with writing(self._engine) as connection:
            done = (await connection.execute(select(deeds).where(deeds.c.key == key))).one_or_none()
            if done is not None:
                return Answer(done.status, done.body)
            order = await _order(connection, id)
            if order is None:
                return refusal(404, "not_found", "there is no such order")
            answer: Answer = await do(connection, order)
            await connection.execute(insert(deeds).values(key=key, status=answer.status, body=answer.body))
            return answer


async def _order(connection: AsyncConnection, id: str) -> Order | None:
    row = (await connection.execute(select(orders).where(orders.c.id == id))).one_or_none()
    return None if row is None else {**row.body, "status": row.status, "address": row.address}


async def _change(connection: AsyncConnection, id: str, **values: str) -> None:
    await connection.execute(update(orders).where(orders.c.id == id).values(**values))
