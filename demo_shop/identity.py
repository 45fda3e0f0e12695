"""Who may change an order: a one-time code goes to the order's phone, and who tells it gets a proof for a while."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Column, Index, Integer, String, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from demo_shop.answers import Answer, refusal
from demo_shop.tables import metadata

CODE_SECONDS: Final = 300
PROOF_SECONDS: Final = 900
TRIES: Final = 3
CODES_AN_HOUR: Final = 5

codes: Final = Table(
    "shop_codes",
    metadata,
    Column("challenge", String(32), primary_key=True),
    Column("order_id", String(16), nullable=False),
    Column("sent_to", String(32), nullable=False),
    Column("sent_at", Integer, nullable=False),
    Column("code", String(6), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("proof", String(64), nullable=False),
    Index("ix_shop_codes_order_id", "order_id"),
)


class Identity:
    """Codes and proofs; `clock` gives the seconds since the epoch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    async def send(self, connection: AsyncConnection, order: Mapping[str, Any]) -> Answer:
        """201 with the challenge and the phone, mostly hidden; 429 after some in an hour."""
        now = int(self._clock())
        lately = select(func.count()).where(codes.c.order_id == order["order_id"], codes.c.sent_at > now - 3600)
        if (await connection.scalar(lately) or 0) >= CODES_AN_HOUR:
            return refusal(429, "too_many", f"at most {CODES_AN_HOUR} codes an hour")
        made = {"challenge": secrets.token_hex(8), "sent_to": masked(order.get("phone", ""))}
        code = f"{secrets.randbelow(10**6):06}"
        row = {**made, "order_id": order["order_id"], "sent_at": now, "code": code, "tries": 0, "proof": ""}
        await connection.execute(insert(codes).values(row))
        return Answer(201, {**made, "seconds": CODE_SECONDS})

    async def prove(self, connection: AsyncConnection, order: Mapping[str, Any], challenge: str, code: str) -> Answer:
        """201 with the proof; 409 `wrong`, or `expired` when time or tries have run out or a proof was given."""
        mine = (codes.c.challenge == challenge, codes.c.order_id == order["order_id"])
        tried = update(codes).where(*mine).values(tries=codes.c.tries + 1).returning(*codes.c)
        sent = (await connection.execute(tried)).one_or_none()
        if sent is None or sent.proof or sent.tries > TRIES or sent.sent_at + CODE_SECONDS < self._clock():
            return refusal(409, "expired", "this code is no longer good; ask for another one", "challenge")
        if not secrets.compare_digest(sent.code, code):
            left = TRIES - sent.tries
            return refusal(409, "wrong" if left else "expired", f"that is not the code; {left} tries are left", "code")
        proof = secrets.token_urlsafe(24)
        await connection.execute(update(codes).where(*mine).values(proof=proof))
        return Answer(201, {"proof": proof, "seconds": PROOF_SECONDS})

    async def holds(self, connection: AsyncConnection, order_id: str, proof: str) -> bool:
        """Was the proof given for this order, and not long ago?"""
        since = self._clock() - CODE_SECONDS - PROOF_SECONDS
        mine = (codes.c.order_id == order_id, codes.c.proof == proof, codes.c.sent_at > since)
        return bool(proof) and await connection.scalar(select(codes.c.challenge).where(*mine)) is not None


def masked(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****"
