"""Entries of the library and their versions. An entry's change and its place in the order of changes are one commit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, get_args

import orjson
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from conversation.database import Moment, Transactions
from knowledge.ports import Audience, Filed, Piece
from knowledge.store.tables import metadata

State = Literal["proposed", "draft", "published", "archived", "removed"]
STATES: Final[tuple[State, ...]] = get_args(State)

state: Final = Table(
    "knowledge_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
)
entries: Final = Table(
    "knowledge_entries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(400), nullable=False),
    Column("title", String(300), nullable=False),
    Column("folder", String(200), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("audience", String(8), nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("link", String(500), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("pages", Integer),
    Column("scanned", JSON, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("revision", Integer, nullable=False, index=True),
    UniqueConstraint("folder", "name"),
)
versions: Final = Table(
    "knowledge_versions",
    metadata,
    Column("entry", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("note", String(300), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("pieces", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document or a question with its answer; `name` is unique in its folder. `version` counts from 1."""

    id: str
    kind: Literal["file", "pair"]
    name: str
    title: str
    folder: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    audience: Audience = "public"
    since: date | None = None
    until: date | None = None
    link: str = ""
    state: State = "draft"
    version: int = 0
    passages: int = 0
    pages: int | None = None
    scanned: tuple[int, ...] = ()  # pages of pictures without text
    by: str = ""
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry said once."""

    version: int
    digest: str
    note: str
    by: str
    at: datetime


class EntryChanged(Exception):
    """Somebody changed the entry meanwhile."""


class NameTaken(Exception):
    """The folder already has an entry of this name."""


class Entries:
    """The library; `revision` counts its changes, so that an index knows what it has not seen."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def revision(self) -> int:
        """The number of the last change."""
        return await self._transactions.ask(
            lambda connection: connection.scalar(select(func.max(state.c.revision))) or 0
        )

    async def put(
        self, entry: Entry, pieces: Sequence[Piece] | None = None, *, digest: str = "", note: str = "", was: int
    ) -> Entry:
        """Keep it; with pieces this is a new version. `was` is the version that it follows, 0 for a new entry.

        Raises EntryChanged when another version was kept meanwhile, NameTaken.
        """
        text = None if pieces is None else orjson.dumps(pieces).decode()
        entry = entry if pieces is None else replace(entry, passages=len(pieces))
        return await self._transactions.run(lambda connection: _put(connection, entry, text, digest, note, was))

    async def find(self, id: str) -> Entry | None:
        """What has this id."""
        found = await self._select(entries.c.id == id)
        return found[0] if found else None

    async def named(self, folder: str, name: str) -> Entry | None:
        """What has this name in the folder, removed or not."""
        found = await self._select(entries.c.folder == folder, entries.c.name == name)
        return found[0] if found else None

    async def page(
        self, *, states: Sequence[State], folder: str = "", tag: str = "", text: str = "", limit: int, offset: int
    ) -> tuple[list[Entry], int]:
        """Entries, latest first, and how many there are in all; `text` is looked for in titles and names."""
        conditions: list[Any] = [entries.c.state.in_(states)]
        if folder:
            conditions.append(entries.c.folder == folder)
        if text:
            conditions.append(entries.c.title.icontains(text, autoescape=True))
        if tag:  # as the column's JSON is written; older rows have other letters than ASCII escaped
            written = {json.dumps(tag, ensure_ascii=escaped) for escaped in (False, True)}
            tags = func.cast(entries.c.tags, Text)
            conditions.append(or_(*(tags.contains(one, autoescape=True) for one in written)))
        order = entries.c.at.desc(), entries.c.id
        count = select(func.count()).select_from(entries).where(*conditions)
        total = await self._transactions.ask(lambda connection: connection.scalar(count) or 0)
        query = select(entries).where(*conditions).order_by(*order).limit(limit).offset(offset)
        return await self._rows(query), total

    async def folders(self) -> list[str]:
        """Folders in use."""
        query = select(entries.c.folder).distinct().where(entries.c.state != "removed").order_by(entries.c.folder)
        return await self._transactions.ask(lambda connection: list(connection.scalars(query)))

    async def history(self, id: str) -> list[Version]:
        """The entry's versions, latest first."""
        columns = versions.c.version, versions.c.digest, versions.c.note, versions.c.by, versions.c.at
        query = select(*columns).where(versions.c.entry == id).order_by(versions.c.version.desc())
        return await self._transactions.ask(
            lambda connection: [Version(*row) for row in connection.execute(query)],
        )

    async def pieces(self, id: str, version: int) -> list[Piece]:
        """What a version said; [] when there is none."""
        query = select(versions.c.pieces).where(versions.c.entry == id, versions.c.version == version)
        kept = await self._transactions.ask(lambda connection: connection.scalar(query))
        return [Piece(**one) for one in orjson.loads(kept)] if kept else []

    async def digest(self, entry: Entry) -> str:
        """Of what the present version was made; "" when nothing is known."""
        query = select(versions.c.digest).where(versions.c.entry == entry.id, versions.c.version == entry.version)
        return await self._transactions.ask(lambda connection: connection.scalar(query) or "")

    async def erase(self, conversation: str, seq: int) -> None:
        """A message was erased: versions that were made of it lose their words; what says no more is removed."""
        await self._transactions.run(lambda connection: _erase(connection, conversation, seq))

    async def changed(self, after: int, limit: int) -> tuple[list[Filed], int]:
        """Entries changed after a revision, in order, as the index holds them; and the last one's revision."""
        query = _CHANGED.where(entries.c.revision > after).limit(limit)

        def read(connection: Connection) -> tuple[list[Filed], int]:
            rows = connection.execute(query).all()
            return [_filed(row) for row in rows], rows[-1].revision if rows else after

        return await self._transactions.ask(read)

    async def _select(self, *conditions: Any) -> list[Entry]:
        return await self._rows(select(entries).where(*conditions))

    async def _rows(self, query: Any) -> list[Entry]:
        return await self._transactions.ask(
            lambda connection: [_entry(row) for row in connection.execute(query).mappings()]
        )


def origin(conversation: str, *seqs: int) -> str:
    """The note of a version that was made of these messages."""
    return f"conversation {conversation}, messages {' '.join(map(str, seqs))}"


def _erase(connection: Connection, conversation: str, seq: int) -> None:
    query = select(versions.c.entry, versions.c.version, versions.c.note)
    query = query.where(versions.c.note.startswith(origin(conversation), autoescape=True))
    for entry, version, note in connection.execute(query).all():
        if str(seq) not in note.removeprefix(origin(conversation)).split():
            continue
        made = versions.c.entry == entry, versions.c.version == version
        connection.execute(update(versions).where(*made).values(pieces="[]", digest=""))
        here = entries.c.id == entry, entries.c.version == version
        gone = {"state": "removed", "title": "", "name": entry, "tags": [], "passages": 0}
        if connection.scalar(select(entries.c.id).where(*here)) is not None:
            connection.execute(update(entries).where(*here).values(**gone, revision=_next(connection)))


# Every transaction that is short here is one that a conversation does not wait for: on SQLite there is one writer.
_BUMP: Final = update(state).values(revision=state.c.revision + 1).returning(state.c.revision)
_VERSION: Final = select(entries.c.version).where(entries.c.id == bindparam("id"))
_SAME: Final = select(entries.c.id).where(
    entries.c.folder == bindparam("folder"), entries.c.name == bindparam("name"), entries.c.id != bindparam("id")
)
_FORGET: Final = delete(entries).where(entries.c.id == bindparam("id"))
_ENTER: Final = insert(entries)
_KEEP: Final = insert(versions)


_SHARED: Final = ("title", "language", "audience", "folder", "tags", "link", "since", "until")
_CHANGED: Final = (
    select(entries.c.id, entries.c.state, entries.c.revision, versions.c.pieces, *(entries.c[name] for name in _SHARED))
    .outerjoin(versions, (versions.c.entry == entries.c.id) & (versions.c.version == entries.c.version))
    .order_by(entries.c.revision)
)


def _filed(row: Row[Any]) -> Filed:
    pieces = row.pieces if row.state == "published" and row.pieces else "[]"
    return Filed(row.id, pieces, {name: getattr(row, name) for name in _SHARED})


def _next(connection: Connection) -> int:
    """The library's next revision. The row is locked until the commit: revisions become visible in their order."""
    revision = connection.scalar(_BUMP)
    if revision is None:
        revision = 1
        connection.execute(insert(state).values(id=1, revision=revision))
    return int(revision)


def _put(connection: Connection, entry: Entry, text: str | None, digest: str, note: str, was: int) -> Entry:
    revision = _next(connection)
    _check(connection, entry, was)
    version = was if text is None else was + 1
    kept = replace(entry, revision=revision, version=version, at=datetime.now(UTC))
    if was:
        connection.execute(_FORGET, {"id": entry.id})
    row = {name: getattr(kept, name) for name in Entry.__slots__}
    connection.execute(_ENTER, {**row, "tags": list(kept.tags), "scanned": list(kept.scanned)})
    if text is not None:
        row = {"entry": kept.id, "version": version, "digest": digest, "note": note, "by": kept.by, "at": kept.at}
        connection.execute(_KEEP, {**row, "pieces": text})
    return kept


def _check(connection: Connection, entry: Entry, was: int) -> None:
    present = connection.scalar(_VERSION, {"id": entry.id})
    if (present or 0) != was:
        raise EntryChanged(entry.id)
    if connection.scalar(_SAME, {"folder": entry.folder, "name": entry.name, "id": entry.id}) is not None:
        raise NameTaken(entry.name)


def _entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(**{**row, "tags": tuple(row["tags"]), "scanned": tuple(row["scanned"])})
