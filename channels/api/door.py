"""What every visit of a widget needs, on a socket or over REST: who it is, what they see, what they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from starlette.datastructures import Address
from starlette.requests import HTTPConnection

from channels.api.frames import Hello, Leave, Ping, Rate, Read, Said, Send, Typing, Wish
from channels.ports import Absence, Blocks, Place, Staffing, Visitors
from channels.rules import TEXT_LENGTH, Site, away_message, contact_of, group_of, may_embed, needs_identity
from channels.service import Channels, Visitor
from conversation.codec import show, timestamp
from conversation.events import Attachment, Audience, ContactIdentified, Event, MessageLeft, MessageReceived
from conversation.log import Appended, Log
from conversation.model import Conversation
from conversation.signals import Signals
from web.errors import Refused
from web.files import ALLOWED, FILE_BYTES, Files, with_urls
from web.live import Live
from web.tokens import Pass, Tokens, read_identity

FLOOD: Final = 40
FLOOD_SECONDS: Final = 10.0
ADMITTED_SECONDS: Final = 60.0
SHOWN: Final = 100
LIMITS: Final = {"text": TEXT_LENGTH, "attachment_bytes": FILE_BYTES, "media_types": list(ALLOWED)}


@dataclass(frozen=True, slots=True)
class Door:
    """The widget's door; a visit is a visitor in a conversation. `most` widgets of one address are opened in a minute,
    and as many visits told; 0 is any number."""

    channels: Channels
    log: Log
    live: Live
    signals: Signals
    tokens: Tokens
    files: Files
    sites: Mapping[str, Site]
    staffing: Staffing
    blocks: Blocks
    visitors: Visitors
    most: int

    def site(self, name: str, origin: str | None = None, host: str = "") -> Site:
        """Raises Refused for a site that is not ours, or a page that may not embed it."""
        site = self.sites.get(name)
        if site is None:
            raise Refused("not_found", "there is no such site", "site")
        if not may_embed(site, origin, host):
            raise Refused("forbidden", "pages of this origin may not embed the site's widget", "site")
        return site

    async def admit(self, what: str, client: Address | None) -> None:
        """Raises Refused when this address has come too often."""
        address = client.host if client else ""
        if self.most and await self.signals.count(f"{what}:{address}", ADMITTED_SECONDS) > self.most:
            raise Refused("too_many", "too many from this address; wait a minute", retry_after=int(ADMITTED_SECONDS))

    async def enter(self, hello: Hello, connection: HTTPConnection) -> tuple[Visitor, Conversation]:
        """Recognise the visitor, or welcome a new one, and find or open their conversation. Raises Refused."""
        await self.admit("opened", connection.client)
        origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
        site = self.site(hello.site, origin, host)
        known, language = self._known(hello), site.speaks(hello.language)
        if hello.identity is None:
            contact = known if known and not needs_identity(known) else f"k{uuid4().hex}"
            visitor = Visitor(contact, hello.site, language, hello.page)
            return visitor, await self._invited(hello, site, await self.channels.enter(visitor))
        who = read_identity(hello.identity, site.identity_secret)
        contact = contact_of(hello.site, who.subject)
        visitor = Visitor(contact, hello.site, language, hello.page)
        conversation = await self.channels.enter(visitor, before="" if needs_identity(known) else known)
        fact = ContactIdentified(contact, who.name, who.email, who.phone)
        await self.channels.identify(conversation.id, fact)
        return visitor, await self._invited(hello, site, await self.log.load(conversation.id))

    async def _invited(self, hello: Hello, site: Site, now: Conversation) -> Conversation:
        """What the widget had offered them stands in the conversation; an offer we do not make is passed over."""
        offered = next((one for one in site.invitations if one.id == hello.invitation), None)
        if offered is not None:
            text = offered.text[site.speaks(hello.language)]
            await self.channels.welcome(now.id, offered.id, text, hello.page)
        elif hello.invitation and (made := await self.visitors.offered(hello.invitation)) and made.site == hello.site:
            await self.channels.welcome(now.id, made.id, made.text, hello.page, made.by)
        else:
            return now
        return await self.log.load(now.id)

    def _known(self, hello: Hello) -> str:
        if hello.token is None:
            return ""
        known = self.tokens.read(hello.token)
        if known.site != hello.site:
            raise Refused("forbidden", "this token belongs to another site", "token")
        return known.contact

    async def snapshot(self, id: str, visitor: Visitor, since: int) -> dict[str, Any]:
        """The welcome: the conversation as it is, and what happened after `since`."""
        now = await self.log.load(id)
        events = await self.log.history(id, after=since, limit=SHOWN)
        waits = now.status == "open" and now.holder.kind == "queue"
        place = await self.staffing.place(id) if waits else None
        return {
            "token": self.tokens.sign(Pass(visitor.contact, visitor.site)),
            "contact": visitor.contact,
            "conversation": id,
            "language": now.language,
            "status": now.status,
            "holder": now.holder.kind,
            "agent": now.agent_name,
            "typing": "",
            "queue": _queue(place) if waits else None,
            "events": [seen for event in events if (seen := shown(event)) is not None],
            "more": len(events) == SHOWN,
            "seq": now.seq,
            "limits": LIMITS,
            "away": away(now.language, place.absence) if place else None,
            "blocked": await self.blocks.blocked(visitor.contact),
        }

    async def act(self, conversation: str, visitor: Visitor, said: Said) -> Appended | None:
        """Do what the visitor says. Raises Refused, and what Channels raises."""
        await self._pace(visitor.contact)
        if not isinstance(said, Ping):
            await self._heed_block(visitor.contact)
        match said:
            case Send():
                files = await self._attachments(said, visitor)
                choice = said.choice.choice() if said.choice else None
                return await self.channels.receive(conversation, said.id, said.text, choice, files)
            case Rate():
                return await self.channels.rate(conversation, said.id, said.score, said.comment)
            case Leave():
                group = group_of(self.sites, visitor.site)
                left = MessageLeft(said.text, said.name, said.email, said.phone, said.call, group)
                return await self.channels.leave(conversation, said.id, left)
            case Wish(type="person"):
                return await self.channels.ask_for_person(conversation, said.id, group_of(self.sites, visitor.site))
            case Wish(type="bot"):
                return await self.channels.back_to_bot(conversation, said.id)
            case Wish():
                return await self.channels.end(conversation, said.id)
            case Read():
                await self.channels.read(conversation, said.seq)
            case Typing():
                told = {"conversation": conversation, "who": "customer", "name": "", "on": said.on}
                self.signals.publish(f"typing:{conversation}", told)
            case Ping():
                pass
        return None

    async def allow(self, contact: str) -> None:
        """May they write now? Raises Refused when they are blocked or write too much."""
        await self._pace(contact)
        await self._heed_block(contact)

    async def _pace(self, contact: str) -> None:
        if await self.signals.count(f"flood:{contact}", FLOOD_SECONDS) > FLOOD:
            raise Refused(
                "too_many",
                f"more than {FLOOD} messages in {FLOOD_SECONDS:g} seconds; slow down",
                retry_after=int(FLOOD_SECONDS),
            )

    async def _heed_block(self, contact: str) -> None:
        if await self.blocks.blocked(contact):
            raise Refused("forbidden", "you cannot write here just now")

    async def _attachments(self, said: Send, visitor: Visitor) -> tuple[Attachment, ...]:
        found = [await self.files.find(id) for id in said.attachments]
        if any(file is None or file.owner != visitor.contact for file in found):
            raise Refused("invalid", "no file of yours has this id; upload it first", "attachments")
        return tuple(file.attachment for file in found if file is not None)


def shown(event: Event) -> dict[str, Any] | None:
    """An event for the customer, with the client's own id on their messages; None when it is not for them."""
    seen = show(event, Audience.CUSTOMER)
    if seen is not None and isinstance(event.fact, MessageReceived):
        seen["id"] = event.cause.removeprefix("client:")
    return with_urls(seen, "/widget/files") if seen is not None else None


def _queue(place: Place | None) -> dict[str, Any]:
    return {"position": place.position if place else None, "wait_seconds": place.wait_seconds if place else None}


def away(language: str, absence: Absence | None) -> dict[str, Any] | None:
    """What a waiting customer is told while nobody is at the desk."""
    if absence is None:
        return None
    return {
        "message": away_message(language, crowded=absence.crowded),
        "opens_at": timestamp(absence.opens_at) if absence.opens_at else None,
    }
