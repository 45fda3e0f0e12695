"""What the desk's doors work with: who asks, what they may see, and how things look on the wire."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Request

from conversation.codec import show, timestamp
from conversation.events import Attachment, Audience, Event, RuleHit
from conversation.log import Appended, Log, Search
from conversation.model import Conversation
from conversation.signals import Signals
from desk.ports import IdentityProvider, Presence
from desk.rules.daily import Filter
from desk.service.agent_time import AgentTime
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.invitations import Invitations
from desk.service.letters import Postman
from desk.service.orders import Orders
from desk.service.outbox import Outbox
from desk.service.reports import Reports
from desk.service.search import Search as FullText
from desk.service.second_factor import SecondFactor
from desk.service.setup import Setup
from desk.service.supervision import Supervision
from desk.service.tickets import Tickets
from desk.service.visitors import Visitors
from desk.service.wallboard import Wallboard
from desk.service.webhooks import Webhooks
from desk.store.access import Access
from desk.store.changes import Changes
from desk.store.deliveries import Deliveries
from desk.store.keys import Keys
from desk.store.shelf import Shelf
from desk.store.staff import Roster, Staff
from language.spans import Span
from web.errors import Refused
from web.files import Files, with_urls
from web.permissions import demand, grant, may
from web.sessions import COOKIE, Passwords, Session, Sessions
from web.slips import Slips

SCANNED: Final = 2000
PAGE: Final = 200
ENROLMENT: Final = frozenset({"/api/session", "/api/second-factor", "/api/second-factor/confirm"})
Replay = Callable[[int], Awaitable[bool]]
Foresees = Callable[[str, str], Awaitable[Sequence[RuleHit]]]
"""The quality rules that an agent would break by saying this (second) in that conversation (first)."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks."""

    staff: Staff
    session: Session


@dataclass(frozen=True, slots=True)
class Reason:
    """Why customers came; agents choose one when they wrap up. `name` is by language."""

    id: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tools:
    """What staff have beside conversations; `sensitive` finds words that should not be sent."""

    search: FullText
    reports: Reports
    wallboard: Wallboard
    agent_time: AgentTime
    contacts: Contacts
    orders: Orders
    canned: Shelf
    views: Shelf
    snoozes: Shelf
    drafts: Shelf
    sensitive: Callable[[str], Sequence[Span]]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Admin:
    """Who may come in, and what the house does by itself."""

    access: Access
    roles: Shelf
    rules: Shelf
    automation: Automation
    hooks: Shelf
    deliveries: Deliveries
    webhooks: Webhooks


@dataclass(frozen=True, slots=True)
class Entry:
    """How staff come in. `redirect` is where the identity provider sends them back; people it vouches for whom nobody
    knows get `new_role`, "" lets nobody new in."""

    keys: Keys
    second_factor: SecondFactor
    invitations: Invitations
    outbox: Outbox
    slips: Slips
    provider: IdentityProvider | None
    provider_name: str
    redirect: str
    new_role: str


@dataclass(frozen=True, slots=True)
class Hall:
    """What the routes work with; `replay` hands a parked fact to its room again."""

    desk: Desk
    log: Log
    roster: Roster
    presence: Presence
    signals: Signals
    sessions: Sessions
    passwords: Passwords
    files: Files
    setup: Setup
    supervision: Supervision
    changes: Changes
    tools: Tools
    tickets: Tickets
    postman: Postman
    admin: Admin
    entry: Entry
    visitors: Visitors
    replay: Mapping[str, Replay]
    foresees: Foresees

    async def me(self, request: Request) -> Me:
        """The one who is signed in, or a program with its token. Raises Refused.

        Whatever changes something in a session must bring the CSRF token.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._program(secret)
        me = await self.admit(request.cookies.get(COOKIE), enrolling=request.url.path in ENROLMENT)
        if request.method not in ("GET", "HEAD") and request.headers.get("X-CSRF-Token") != me.session.csrf:
            raise Refused("forbidden", "the X-CSRF-Token header is missing or wrong")
        return me

    async def serving(self, request: Request) -> Me:
        """As `me`, for those whose work is with customers: tickets and contacts are no one else's. Raises Refused."""
        me = await self.me(request)
        if not may(me.staff.role, "conversations.all"):
            demand(me.staff.role, "conversations.own")
        return me

    async def admit(self, cookie: str | None, *, enrolling: bool = False) -> Me:
        """Whose session this is, with the role as it is now. Raises Refused."""
        session = self.sessions.read(cookie)
        member = await self.roster.by_id(session.staff)
        if member is None or not member.active or not await self.admin.access.alive([session.id]):
            raise Refused("unauthenticated", "please sign in")
        needed = not enrolling and member.role in self.setup.premises.second_factor_roles
        if needed and not await self.entry.second_factor.on(member.id):
            raise Refused("enrol", "this role needs a second factor; please set one up")
        own = await self.admin.roles.find(member.role)
        grant(member.role, own.body["permissions"] if own else None)
        return Me(member, session)

    async def _program(self, secret: str) -> Me:
        token = await self.admin.access.token(secret)
        if token is None:
            raise Refused("unauthenticated", "this token is not known here")
        role = f"token:{token.id}"
        grant(role, token.scopes)
        return Me(Staff(role, "", token.name, role, ("zh", "en"), (), 0), Session(role, "", ""))

    async def note(self, me: Me, act: str, subject: str, detail: Mapping[str, Any]) -> None:
        """What this person changed, in the audit."""
        await self.changes.record(me.staff.id, me.staff.name, act, subject, detail)

    def demand_group(self, id: str, field: str) -> None:
        """Raises Refused for one that there is not; "" is none."""
        if id and id not in self.setup.premises.groups:
            raise Refused("invalid", "no group has this id", field)

    async def attached(self, ids: Sequence[str]) -> tuple[Attachment, ...]:
        """Files that were uploaded. Raises Refused when one was not."""
        found = [await self.files.find(id) for id in ids]
        if None in found:
            raise Refused("invalid", "no file has this id; upload it first", "attachments")
        return tuple(file.attachment for file in found if file is not None)

    async def visible(self, id: str, me: Me) -> Conversation:
        """A conversation this person may see: their own, what waits and what the bot has; with permission all."""
        now = await self.log.load(id)
        if not self.may_see(now, me.staff):
            raise Refused("forbidden", "a colleague has this conversation")
        return now

    def summary(self, now: Conversation) -> dict[str, Any]:
        """A conversation in a list, and until when its agent has to accept it."""
        return {**summary(now), "accept_by": _time(self.desk.routing.floor.accept_by.get(now.id))}

    async def matching(self, wanted: Filter, me: Me, before: int | None, limit: int) -> tuple[list[Conversation], bool]:
        """Conversations that a filter shows to this person, latest first; and whether older ones may follow.

        At most SCANNED are looked at, so a page of a rare kind can be short with more to follow.
        """
        found: list[Conversation] = []
        more = True
        for _ in range(SCANNED // PAGE):
            page = await self.log.find(Search(), before=before, limit=PAGE)
            found += [now for now in page if wanted.shows(now, me.staff.id) and self.may_see(now, me.staff)]
            more = len(page) == PAGE
            if len(found) >= limit or not more:
                break
            before = page[-1].seq
        return found[:limit], more or len(found) > limit

    def may_see(self, now: Conversation, staff: Staff) -> bool:
        """As visible."""
        mine = now.holder.agent == staff.id or staff.id in now.participants
        free = not now.holder.agent and may(staff.role, "conversations.own")
        return mine or free or may(staff.role, "conversations.all")


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What of `after` is not as it was."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def summary(now: Conversation) -> dict[str, Any]:
    """A conversation in a list."""
    since = now.waiting_since if now.status == "open" and now.holder.kind == "queue" else None
    return {
        "id": now.id,
        "contact": now.contact,
        "contact_name": now.contact_name,
        "channel": now.channel,
        "site": now.site,
        "language": now.language,
        "status": now.status,
        "holder": {"kind": now.holder.kind, "agent": now.holder.agent, "name": now.agent_name},
        "group": now.group,
        "seq": now.seq,
        "started_at": _time(now.started_at),
        "updated_at": _time(now.updated_at),
        "waiting_since": _time(since),
        "wait_seconds": (datetime.now(UTC) - since).total_seconds() if since else None,
        "preview": {"by": now.preview_by, "text": now.preview},
        "unread": now.unread,
        "rating": now.rating,
        "priority": now.priority,
        "skill": now.skill,
        "tags": list(now.tags),
        "participants": list(now.participants),
        "on_hold": now.on_hold,
    }


def _time(at: datetime | None) -> str | None:
    return timestamp(at) if at else None


def done_of(done: Appended) -> dict[str, Any]:
    return {"seq": done.seq, "at": timestamp(done.events[0].at)}


def seen_by_staff(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as staff may see them; `cause` is the writer's client id, "" when no member of staff wrote it."""
    found = []
    for event in events:
        if (seen := show(event, Audience.STAFF)) is not None:
            seen["cause"] = event.cause.removeprefix("act:") if event.cause.startswith("act:") else ""
            found.append(with_urls(seen, "/api/files"))
    return found
