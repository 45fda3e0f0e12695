"""Tickets and everything that was done to them, in SQL."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conversation.database import writing
from desk.rules.promises import Promised
from desk.rules.sla import Clock
from desk.rules.tickets import Ticket
from desk.store.mails import mails
from desk.store.staff import Staff
from desk.store.tables import Moment, metadata

tickets: Final = Table(
    "tickets",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("type", String(40), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(40), nullable=False),
    Column("state_kind", String(8), nullable=False),
    Column("priority", String(8), nullable=False),
    Column("group", String(64), nullable=False),
    Column("assignee", String(64), nullable=False, index=True),
    Column("contact", String(64), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("merged_into", String(64), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("links", JSON, nullable=False),
    Column("watchers", JSON, nullable=False),
    Column("clocks", JSON, nullable=False),
    Column("tick_at", Moment, index=True),
)
history: Final = Table(
    "ticket_changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("ticket", String(64), nullable=False, index=True),
    Column("cause", String(140), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("public", Boolean, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("ticket", "cause"),
)


# Of a change's body, what says nothing of the customer.
WORDLESS: Final = ("state", "target", "into", "from", "priority")


class TicketChanged(Exception):
    """Somebody else changed the ticket meanwhile."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a ticket; `public` ones the customer may see. The same cause counts once."""

    ticket: str
    cause: str
    at: datetime
    by: str
    name: str
    kind: str
    body: Mapping[str, Any]
    public: bool = False
    seq: int = 0


def nothing(_: Ticket) -> None:
    """No mail."""


class TicketStore:
    """A ticket as it is, its history and the mail that tells the customer of it, written together."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(
        self,
        ticket: Ticket,
        change: Change,
        tick_at: datetime | None,
        mail: Callable[[Ticket], Mapping[str, Any] | None] = nothing,
    ) -> Ticket:
        """Give it a number and keep it, and the row of the `mail` about it; the ticket of that time when this cause
        opened one before."""
        async with writing(self._engine) as connection:
            if self._engine.dialect.name == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(7534)))
            known = select(history.c.ticket).where(history.c.cause == change.cause, history.c.kind == "opened")
            if (earlier := await connection.scalar(known)) is not None:
                found = (await connection.execute(select(tickets).where(tickets.c.id == earlier))).one()
                return _ticket(found)
            number = (await connection.scalar(select(func.max(tickets.c.number))) or 1000) + 1
            numbered = replace(ticket, number=number)
            await connection.execute(insert(tickets).values(_row(numbered, tick_at)))
            await _record(connection, change, mail(numbered))
            return numbered

    async def change(
        self,
        ticket: Ticket,
        changes: Sequence[Change],
        tick_at: datetime | None,
        mail: Mapping[str, Any] | None = None,
    ) -> Ticket:
        """Write a newer version down. Raises TicketChanged when this was not the latest."""
        newer = replace(ticket, version=ticket.version + 1, updated_at=datetime.now(UTC))
        same = (tickets.c.id == ticket.id) & (tickets.c.version == ticket.version)
        async with writing(self._engine) as connection:
            done = await connection.execute(update(tickets).where(same).values(_row(newer, tick_at)))
            if not done.rowcount:
                raise TicketChanged(ticket.id)
            for change in changes:
                await _record(connection, change, mail if change is changes[0] else None)
        return newer

    async def regroup(self, group: str, to: str, by: Staff) -> None:
        """All of a group's become another's, done ones too: they may be opened again. Each has it in its history."""
        said = {"cause": uuid4().hex, "at": datetime.now(UTC), "by": by.id, "name": by.name, "kind": "changed"}
        said |= {"public": False, "body": {"group": to}}
        values = [literal(value, history.c[name].type) for name, value in said.items()]
        told = select(tickets.c.id, *values).where(tickets.c.group == group)
        newer = {"group": to, "version": tickets.c.version + 1}
        async with writing(self._engine) as connection:
            await connection.execute(insert(history).from_select(["ticket", *said], told))
            await connection.execute(update(tickets).where(tickets.c.group == group).values(newer))

    async def find(self, id: str) -> Ticket | None:
        """By id."""
        found = await self.select(tickets.c.id == id, limit=1)
        return found[0] if found else None

    async def select(self, *conditions: Any, before: int | None = None, limit: int = 50) -> list[Ticket]:
        """Those with a number below `before`, latest first."""
        query = select(tickets).where(*conditions).order_by(tickets.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(tickets.c.number < before)
        async with self._engine.connect() as connection:
            return [_ticket(row) for row in await connection.execute(query)]

    async def of_causes(self, causes: Collection[str]) -> list[Ticket]:
        """Those in whose history one of these causes stands."""
        found = select(history.c.ticket).where(history.c.cause.in_(causes))
        return await self.select(tickets.c.id.in_(found)) if causes else []

    async def states_of(self, type: str) -> set[str]:
        """Those that tickets of a type are in."""
        async with self._engine.connect() as connection:
            query = select(tickets.c.state).where(tickets.c.type == type).distinct()
            return set((await connection.execute(query)).scalars())

    async def blank(self, contact: str) -> list[str]:
        """Forget the words of a contact's tickets and what was written in them; gives the ids of their files."""
        mine = select(tickets.c.id).where(tickets.c.contact == contact)
        files: list[str] = []
        async with writing(self._engine) as connection:
            for seq, body in (
                await connection.execute(select(history.c.seq, history.c.body).where(history.c.ticket.in_(mine)))
            ).all():
                files += [file["id"] for file in body.get("attachments", ())]
                kept = {name: value for name, value in body.items() if name in WORDLESS}
                kept |= {"text": ""} if "text" in body else {}
                await connection.execute(update(history).where(history.c.seq == seq).values(body=kept))
            silent = {"title": "", "text": "", "fields": {}}
            await connection.execute(update(tickets).where(tickets.c.contact == contact).values(silent))
        return files

    async def opened_since(self, contact: str, since: datetime) -> int:
        """How many tickets of a contact."""
        mine = (tickets.c.contact == contact, tickets.c.created_at >= since)
        async with self._engine.connect() as connection:
            return await connection.scalar(select(func.count()).select_from(tickets).where(*mine)) or 0

    async def promised(self, since: datetime, until: datetime) -> list[Promised]:
        """Tickets opened in since <= t < until, as reports count them; merged ones are not."""
        c = tickets.c
        columns = (c.created_at, c.state_kind, c.type, c.group, c.assignee, c.priority, c.clocks)
        query = select(*columns).where(c.created_at >= since, c.created_at < until, c.merged_into == "")
        async with self._engine.connect() as connection:
            return [
                Promised(row[0], row[1] == "done", *row[2:6], {clock["target"]: clock["state"] for clock in row[6]})
                for row in await connection.execute(query)
            ]

    async def history(self, ticket: str) -> list[Change]:
        """Oldest first."""
        query = select(history).where(history.c.ticket == ticket).order_by(history.c.seq)
        async with self._engine.connect() as connection:
            return [Change(**row._mapping) for row in await connection.execute(query)]

    async def known(self, ticket: str, cause: str) -> bool:
        """Was something done under this cause already?"""
        same = select(history.c.seq).where(history.c.ticket == ticket, history.c.cause == cause)
        async with self._engine.connect() as connection:
            return await connection.scalar(same) is not None


async def _record(connection: AsyncConnection, change: Change, mail: Mapping[str, Any] | None) -> None:
    row = asdict(change)
    del row["seq"]
    await connection.execute(insert(history).values(row))
    if mail:
        await connection.execute(insert(mails).values(mail))


def _row(ticket: Ticket, tick_at: datetime | None) -> dict[str, Any]:
    clocks = [{**asdict(clock), "since": clock.since.isoformat() if clock.since else None} for clock in ticket.clocks]
    return {**asdict(ticket), "clocks": clocks, "tick_at": tick_at}


def _ticket(row: Row[Any]) -> Ticket:
    values = dict(row._mapping)
    del values["tick_at"]
    clocks = []
    for clock in values["clocks"]:
        since = datetime.fromisoformat(clock["since"]) if clock["since"] else None
        clocks.append(Clock(**{**clock, "since": since}))
    values |= {"clocks": tuple(clocks), "watchers": tuple(values["watchers"])}
    values["links"] = tuple((kind, to) for kind, to in values["links"])
    return Ticket(**values)


def matching(view: str, me: str, filters: Mapping[str, str | None], words: str) -> list[Any]:
    """Conditions of a list: view is mine, unassigned, watching, open, late or all; None does not matter."""
    c = tickets.c
    undone = c.state_kind != "done"
    views: Mapping[str, tuple[Any, ...]] = {
        "mine": (undone, c.assignee == me),
        "unassigned": (undone, c.assignee == ""),
        "watching": (cast(c.watchers, String).contains(f'"{me}"', autoescape=True),),
        "open": (undone,),
        "late": (undone, cast(c.clocks, String).contains('"breached"')),
        "all": (),
    }
    found = [*views[view], *(c[name] == value for name, value in filters.items() if value is not None)]
    if words:
        found.append(or_(c.title.contains(words, autoescape=True), c.text.contains(words, autoescape=True)))
    return found
