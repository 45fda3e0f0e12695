"""What is known of contacts beside their conversations: profile, notes, who is one person, who is blocked."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from conversation.codec import timestamp
from conversation.events import ConversationClosed, Event, Fact, HandoffRequested, Prioritised
from conversation.log import HolderChanged, Log, Search
from conversation.model import Conversation, Holder
from desk.store.shelf import Kept, Shelf

VIP: Final = 2
LATELY: Final = 500  # conversations in which contacts are looked for
PROFILE: Final[Mapping[str, Any]] = {
    "name": "",
    "email": "",
    "phone": "",
    "vip": False,
    "attributes": {},
    "person": "",
}


class Contacts:
    """A contact is one identity on one channel; `person` names the contact they are merged into ("" is themselves)."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({HandoffRequested})

    def __init__(self, log: Log, profiles: Shelf, notes: Shelf, blocks: Shelf) -> None:
        self._log = log
        self._profiles = profiles
        self._notes = notes
        self._blocks = blocks
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = {HandoffRequested: self.favour}

    async def favour(self, event: Event) -> None:
        """A VIP waits: they get their head start."""
        now = await self._log.load(event.conversation)
        if now.priority < VIP and (await self.profile(now.contact))["vip"]:
            fact = Prioritised("vip", VIP, now.skill)
            await self._log.append(now.id, fact, cause=f"vip:{event.seq}")

    async def profile(self, id: str) -> dict[str, Any]:
        """What staff wrote down, over what the contact told."""
        kept, blocked = await self._profiles.find(id), await self._blocks.find(id)
        latest = await self._log.find(Search(contact=id), limit=1)
        known = _known(latest[0] if latest else None, kept.body if kept else {})
        return {**known, "blocked_until": blocked.body["until"] if blocked else None}

    async def change(self, id: str, changes: Mapping[str, Any]) -> None:
        """Write down; an attribute of None is removed."""
        kept = await self._profiles.find(id)
        body = {**(kept.body if kept else {}), **changes}
        if kept and "attributes" in changes:
            body["attributes"] = {**kept.body.get("attributes", {}), **changes["attributes"]}
        body["attributes"] = {name: value for name, value in body.get("attributes", {}).items() if value is not None}
        await self._profiles.put(body.get("person") or id, body, id)

    async def find(self, words: str, limit: int) -> list[dict[str, Any]]:
        """Contacts that were written down, then those of the latest conversations, whose name, address, number or id
        holds the words."""
        wanted = words.casefold()
        shown = ("id", "name", "email", "phone")
        told = {now.contact: now for now in reversed(await self._log.find(Search(), limit=LATELY))}
        written = {kept.id: kept.body for kept in await self._profiles.all()}
        ids = dict.fromkeys((*written, *reversed(told)))
        known = [{"id": id, **_known(told.get(id), written.get(id, {}))} for id in ids]
        hits = [one for one in known if any(wanted in one[name].casefold() for name in shown)]
        return [{name: one[name] for name in (*shown, "vip")} for one in hits[:limit]]

    async def identities(self, id: str) -> list[str]:
        """All contacts that are this person, themselves first."""
        kept = await self._profiles.find(id)
        person = (kept.body.get("person") if kept else "") or id
        merged = [one.id for one in await self._profiles.all(person) if one.id != person]
        return [id, *(one for one in (person, *merged) if one != id)]

    async def merge(self, id: str, other: str) -> None:
        """One person from now on, who gets what they lack from the other; both keep their conversations.

        Raises ValueError for oneself.
        """
        if other in await self.identities(id):
            raise ValueError("these are one person already")
        person = (await self.profile(id))["person"] or id
        others = await self.identities(other)
        own = await self.profile(person)
        for one in others:
            taken = lacking(own, await self.profile(one))
            own |= taken
            await self.change(person, taken)
        for one in others:
            await self.change(one, {"person": person})

    async def part(self, id: str, other: str) -> None:
        """Two again. Raises ValueError when they are not one."""
        if id == other or other not in await self.identities(id):
            raise ValueError("these are not one person")
        away = other if (await self.profile(other))["person"] else id
        await self.change(away, {"person": ""})

    async def conversations(self, id: str) -> list[Conversation]:
        """All of a person's conversations, latest first."""
        found = [now for one in await self.identities(id) for now in await self._log.find(Search(contact=one))]
        return sorted(found, key=lambda now: -now.seq)

    async def block(self, id: str, by: str, hours: float | None) -> None:
        """They may not write for so long, None is for good; where they wait, nobody is kept for them."""
        until = datetime.max.replace(tzinfo=UTC) if hours is None else datetime.now(UTC) + timedelta(hours=hours)
        await self._blocks.put(by, {"until": timestamp(until)}, id)
        for now in await self._log.find(Search(holder="queue", status="open", contact=id)):
            with suppress(HolderChanged):  # somebody has taken it just now, and may end it themselves
                closed = ConversationClosed(by, "blocked")
                await self._log.append(now.id, closed, cause=f"blocked:{now.seq}", only_while=Holder("queue"))

    async def unblock(self, id: str) -> None:
        """They may write again."""
        await self._blocks.remove(id)

    async def blocked(self, id: str) -> bool:
        """May they not write just now? What staff decided is known here within a second."""
        kept = next((one for one in await self._blocks.lately() if one.id == id), None)
        return kept is not None and kept.body["until"] > timestamp(datetime.now(UTC))

    async def note(self, id: str, by: str, name: str, text: str) -> Kept:
        """Colleagues should know this about them."""
        return await self._notes.put(id, {"by": by, "name": name, "text": text})

    async def notes(self, id: str) -> list[dict[str, Any]]:
        """Oldest first."""
        kept = await self._notes.all(id)
        return [{"id": one.id, "at": timestamp(one.at), **one.body} for one in kept]

    async def forget(self, id: str) -> None:
        """All that staff wrote down about them."""
        for note in await self._notes.all(id):
            await self._notes.remove(note.id)
        await self._profiles.remove(id)

    async def forget_note(self, id: str, note: str) -> bool:
        """False when this contact has no such note."""
        return any(one["id"] == note for one in await self.notes(id)) and await self._notes.remove(note)


def lacking(own: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What one profile takes over from another: what it does not have itself."""
    taken = {name: other[name] for name in ("name", "email", "phone", "vip") if other[name] and not own[name]}
    return {**taken, "attributes": {**other["attributes"], **own["attributes"]}}


def _known(now: Conversation | None, written: Mapping[str, Any]) -> dict[str, Any]:
    """What the contact told in their latest conversation, under what staff wrote down."""
    told = {"name": now.contact_name, "email": now.email, "phone": now.phone} if now else {}
    return {**PROFILE, **told, **{name: value for name, value in written.items() if value}}
