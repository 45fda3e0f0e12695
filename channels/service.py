"""Room 1: what customers do becomes facts."""

from asyncio import Lock
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from channels.ports import Sealing, SiteStore
from channels.rules import LANGUAGES, Invitation, Site, group_of
from conversation.events import (
    Attachment,
    Choice,
    ContactIdentified,
    ConversationClosed,
    ConversationStarted,
    HandedBack,
    HandoffRequested,
    InvitationAccepted,
    MessageLeft,
    MessageReceived,
    MessagesRead,
    Rated,
)
from conversation.log import Appended, HolderChanged, Log, Search
from conversation.model import BOT, QUEUE, Conversation
from web.hours import hours_of, shown_hours


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the door: a contact on a site, speaking `zh` or `en`, looking at `page`, come by a channel."""

    contact: str
    site: str
    language: str
    page: str = ""
    channel: str = "widget"


class Channels:
    """Opens conversations for contacts and records what they say."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def enter(self, visitor: Visitor, *, before: str = "") -> Conversation:
        """The contact's latest conversation on this site, or what they began as `before`, or a new one."""
        for contact in filter(None, (visitor.contact, before)):
            for known in await self._log.find(Search(contact=contact, site=visitor.site), limit=1):
                return known
        return await self.open(visitor, cause="enter")

    async def identify(self, conversation: str, who: ContactIdentified) -> None:
        """Record who the contact is; the same again is known already."""
        told = sha256("\0".join((who.contact, who.name, who.email, who.phone)).encode()).hexdigest()[:32]
        await self._log.append(conversation, who, cause=f"identity:{told}")

    async def welcome(self, conversation: str, invitation: str, text: str, page: str, by: str = "") -> None:
        """They came because we, or `by`, had offered help: once a day in a conversation for each offer."""
        fact = InvitationAccepted(text, invitation, page, by)
        await self._log.append(conversation, fact, cause=f"invited:{invitation}:{datetime.now(UTC):%Y-%m-%d}")

    async def open(self, visitor: Visitor, *, cause: str) -> Conversation:
        """A new conversation."""
        id = f"c{uuid4().hex}"
        started = ConversationStarted(visitor.contact, visitor.channel, visitor.site, visitor.language, visitor.page)
        await self._log.append(id, started, cause=cause)
        return await self._log.load(id)

    async def receive(
        self,
        conversation: str,
        id: str,
        text: str,
        choice: Choice | None = None,
        attachments: tuple[Attachment, ...] = (),
    ) -> Appended:
        """Record a customer's message. The same id again is the same message."""
        return await self._log.append(conversation, MessageReceived(text, attachments, choice), cause=_client(id))

    async def ask_for_person(self, conversation: str, id: str, group: str = "") -> Appended:
        """Into the queue of a group. Raises HolderChanged unless the bot holds it."""
        fact = HandoffRequested("customer_asked", group)
        return await self._log.append(conversation, fact, cause=_client(id), only_while=BOT)

    async def back_to_bot(self, conversation: str, id: str) -> Appended:
        """Out of the queue. Raises HolderChanged unless it waits there."""
        return await self._log.append(conversation, HandedBack("customer"), cause=_client(id), only_while=QUEUE)

    async def end(self, conversation: str, id: str) -> Appended:
        """The customer is done. Closing what is closed changes nothing."""
        return await self._log.append(conversation, ConversationClosed("customer"), cause=_client(id))

    async def rate(self, conversation: str, id: str, score: int, comment: str) -> Appended:
        """CSAT, 1 to 5."""
        return await self._log.append(conversation, Rated(score, comment), cause=_client(id))

    async def leave(self, conversation: str, id: str, left: MessageLeft) -> Appended:
        """A message for when somebody is back; it waits in the queue. Raises HolderChanged if an agent holds it."""
        now = await self._log.load(conversation)
        if now.status == "open" and now.holder.kind == "agent":
            raise HolderChanged(now)
        held = now.holder if now.status == "open" else None
        return await self._log.append(conversation, left, cause=_client(id), only_while=held)

    async def read(self, conversation: str, upto: int) -> Appended:
        """The customer has seen everything up to this seq."""
        return await self._log.append(conversation, MessagesRead("customer", upto), cause=f"read:{upto}")


class Sites:
    """The sites as they stand now: the company's file's until people change them, then the store's. Other processes see
    a change within a second or two. `now` is one mapping for the whole process."""

    def __init__(self, begun: Mapping[str, Site], store: SiteStore, seal: Sealing) -> None:
        self.now = dict(begun)
        self._store = store
        self._seal = seal
        self._changing = Lock()

    def group_of(self, site: str) -> str:
        """As rules.group_of, now."""
        return group_of(self.now, site)

    async def refresh(self, _: datetime | None = None) -> None:
        """Take over what was changed here or in another process."""
        if (kept := await self._store.read()) is None:
            return
        found = {one["id"]: self._opened(one["site"]) for one in kept["sites"]}
        self.now.update(found)
        for gone in self.now.keys() - found.keys():
            del self.now[gone]

    async def put(self, id: str, site: Site, by: str) -> None:
        """Add it, or put it in the place of the one that has its id."""
        async with self._changing:
            await self.refresh()
            await self._keep({**self.now, id: site}, by)

    async def remove(self, id: str, by: str) -> None:
        """Its widget is shown no more; its conversations stay. Raises KeyError when there is none."""
        async with self._changing:
            await self.refresh()
            self.now[id]
            await self._keep({name: site for name, site in self.now.items() if name != id}, by)

    async def of_group(self, group: str) -> list[str]:
        """The sites whose customers go to this group."""
        await self.refresh()
        return [id for id, site in self.now.items() if site.group == group]

    async def regroup(self, group: str, to: str, by: str) -> None:
        """They go to `to` instead."""
        async with self._changing:
            if named := await self.of_group(group):
                await self._keep({**self.now, **{id: replace(self.now[id], group=to) for id in named}}, by)

    async def _keep(self, sites: Mapping[str, Site], by: str) -> None:
        kept = [{"id": id, "site": self._closed(site)} for id, site in sites.items()]
        await self._store.write(by, {"sites": kept})
        await self.refresh()

    def _closed(self, site: Site) -> dict[str, Any]:
        secret = self._seal.close(site.identity_secret) if site.identity_secret else ""
        return {**shown_site(site), "identity_secret": secret}

    def _opened(self, kept: Mapping[str, Any]) -> Site:
        secret = self._seal.open(kept["identity_secret"]) if kept["identity_secret"] else ""
        offers = tuple(Invitation(**{**one, "pages": tuple(one["pages"])}) for one in kept["invitations"])
        told = {
            **kept,
            "identity_secret": secret,
            "origins": tuple(kept["origins"]),
            "invitations": offers,
            "hours": hours_of(kept["hours"]) if kept.get("hours") else None,
            "languages": tuple(kept.get("languages", LANGUAGES)),
        }
        return Site(**told)


def shown_site(site: Site) -> dict[str, Any]:
    """As JSON has it, the secret included."""
    return {**asdict(site), "hours": shown_hours(site.hours) if site.hours else None}


def _client(id: str) -> str:
    return f"client:{id}"
