"""Takes documents and pairs into the library, in versions, and keeps what people decide about them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from time import monotonic
from typing import Final, Literal
from uuid import uuid4

from knowledge.ports import Audience, Parser, Piece, Unreadable
from knowledge.rules.files import unpacked
from knowledge.rules.tags import repeated, suggest
from knowledge.rules.terms import Rarity
from knowledge.store.entries import Entries, Entry, EntryChanged, State
from language.detect import language_of

PIECES: Final = 50_000
READING: Final = b"2"  # changed when files are read better: one that comes again is then read again
RESTS: Final = 30  # times as long as keeping a document took, the store is then left to the conversations
LONGEST_REST: Final = 1.0  # seconds
Outcome = Literal["new", "changed", "same", "refused"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is said about entries when they come in; without tags some are suggested from the content."""

    folder: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    audience: Audience = "public"
    since: date | None = None
    until: date | None = None
    link: str = ""
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the entry, or why there is none."""

    name: str
    outcome: Outcome
    entry: Entry | None = None
    refusal: Unreadable | None = None


def _as_filed(options: Options, known: Entry) -> Options:
    """What people decided of an entry lasts over its next version: nothing for staff alone is let out by it."""
    audience: Audience = "staff" if known.audience == "staff" else options.audience
    since, until, link = options.since or known.since, options.until or known.until, options.link or known.link
    return replace(options, audience=audience, since=since, until=until, link=link)


class Library:
    """Each change of an entry is one commit: a crash leaves the old version or the new one."""

    def __init__(self, entries: Entries, parser: Parser, rarity: Rarity = lambda _: 1.0) -> None:
        """`rarity` is a term's among what the library holds: tags are suggested by it."""
        self.entries = entries
        self._parser = parser
        self._rarity = rarity
        self._turn, self._rests_until = asyncio.Lock(), 0.0

    async def take(self, name: str, content: bytes, options: Options, by: str) -> AsyncIterator[Taken]:
        """A file, or each file of a zip; what is refused does not keep the others from being taken."""
        if not name.lower().endswith(".zip"):
            yield await self.take_one(name, content, options, by)
            return
        try:
            files = unpacked(content)
            while file := await asyncio.to_thread(next, files, None):
                inner, one = file
                if isinstance(one, Unreadable):
                    yield Taken(inner, "refused", refusal=one)
                else:
                    place = PurePosixPath(inner)
                    folder = "/".join(filter(None, (options.folder, *place.parts[:-1])))
                    yield await self.take_one(place.name, one, replace(options, folder=folder), by)
        except Unreadable as error:
            yield Taken(name, "refused", refusal=error)

    async def take_one(self, name: str, content: bytes, options: Options, by: str) -> Taken:
        """A file: new, a new version of what has its name in the folder, or the same as before."""
        digest = await asyncio.to_thread(lambda: hashlib.sha256(READING + content).hexdigest())
        known = await self.entries.named(options.folder, name)
        if known and known.state != "removed":
            if await self.entries.digest(known) == digest:
                return Taken(name, "same", known)
            options = _as_filed(options, known)
        try:
            parsed = await self._parser.parse(name, content)
            if len(parsed.pieces) > PIECES:
                raise Unreadable("passages", most=PIECES)
        except Unreadable as error:
            return Taken(name, "refused", refusal=error)
        entry = known or Entry(uuid4().hex, "file", name, "")
        entry = replace(
            entry,
            title=parsed.title[:300],
            folder=options.folder,
            tags=options.tags or (known.tags if known else suggest(parsed.said, self._rarity)),
            language=options.language or parsed.language,
            audience=options.audience,
            since=options.since,
            until=options.until,
            link=options.link,
            state="published" if options.publish else "draft",
            pages=parsed.pages,
            scanned=parsed.scanned,
            by=by,
        )
        kept = await self._keep(entry, parsed.pieces, digest, was=known.version if known else 0)
        return Taken(name, "changed" if known else "new", kept)

    async def _keep(self, entry: Entry, pieces: Sequence[Piece], digest: str, was: int) -> Entry:
        """One document after the other: the store is busy with many of them for a small share of the time."""
        async with self._turn:
            await asyncio.sleep(self._rests_until - monotonic())
            began = monotonic()
            kept = await self.entries.put(entry, pieces, digest=digest, was=was)
            self._rests_until = monotonic() + min(RESTS * (monotonic() - began), LONGEST_REST)
            return kept

    async def put_pair(
        self, question: str, answer: str, options: Options, by: str, *, known: Entry | None = None, note: str = ""
    ) -> Entry:
        """A question and its answer, new or as the next version of a known one."""
        digest = hashlib.sha256(f"{question}\0{answer}".encode()).hexdigest()
        entry = known or Entry(uuid4().hex, "pair", digest, "")
        language = options.language or language_of(f"{question}\n{answer}")
        entry = replace(
            entry,
            name=f"{digest[:16]}-{entry.id[:8]}",
            title=question[:300],
            folder=options.folder,
            tags=options.tags or suggest(repeated(f"{question}\n{answer}"), self._rarity),
            language=language,
            audience=options.audience,
            since=options.since,
            until=options.until,
            link=options.link,
            state="published" if options.publish else "draft",
            by=by,
        )
        piece = Piece(answer, "pair", question)
        return await self.entries.put(entry, [piece], digest=digest, note=note, was=known.version if known else 0)

    async def propose(self, question: str, answer: str, note: str, source: Entry | None = None) -> Entry:
        """A pair for a person to accept, nobody is answered with it before; filed as its source: for whom, how long."""
        digest = hashlib.sha256(f"{question}\0{answer}".encode()).hexdigest()
        entry = Entry(
            uuid4().hex, "pair", digest[:40], question[:300], state="proposed", language=language_of(question)
        )
        if source:
            filed = {name: getattr(source, name) for name in ("folder", "tags", "audience", "since", "until", "link")}
            entry = replace(entry, **filed)
        if known := await self.entries.named(entry.folder, entry.name):
            return known
        return await self.entries.put(entry, [Piece(answer, "pair", question)], digest=digest, note=note, was=0)

    async def move(self, entry: Entry, state: State, by: str) -> Entry:
        """Publish it, take it back, put it away or remove it; its versions stay."""
        return await self.entries.put(replace(entry, state=state, by=by), was=entry.version)

    async def restore(self, entry: Entry, version: int, by: str) -> Entry:
        """What it said then is its next version. Raises EntryChanged when there was no such version."""
        pieces: Sequence[Piece] = await self.entries.pieces(entry.id, version)
        if not pieces:
            raise EntryChanged(entry.id)
        return await self.entries.put(replace(entry, by=by), pieces, note=f"as version {version}", was=entry.version)
