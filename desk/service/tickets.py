"""Tickets: work that a conversation could not settle at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from conversation.codec import timestamp
from conversation.events import Attachment, TicketAnswered, TicketMoved, TicketOpened
from conversation.log import Log
from conversation.signals import Signals
from desk.rules.premises import Premises
from desk.rules.promises import Promised, kept
from desk.rules.sla import (
    AROUND_THE_CLOCK,
    Clock,
    Policy,
    meet,
    next_tick,
    pause,
    policy_for,
    promise_anew,
    resume,
    tick,
)
from desk.rules.tickets import BadTicket, Book, Priority, Ticket, check_fields, check_move
from desk.service.answers import Answers, Outgoing
from desk.store.mails import waiting_row
from desk.store.tickets import Change, TicketChanged, TicketStore, tickets
from web.hours import Hours

LATE: Final = ("warned", "breached")
TICKED: Final = 200


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a member of staff, the customer (id "customer") or the house itself ("system")."""

    id: str
    name: str


SYSTEM: Final = Actor("system", "kefu")


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a ticket begins with; group "" is the type's own. `message` is the Message-ID of the mail it came by."""

    type: str
    title: str
    text: str = ""
    priority: Priority = "normal"
    group: str = ""
    assignee: str = ""
    contact: str = ""
    conversation: str = ""
    fields: Mapping[str, Any] | None = None
    files: tuple[Attachment, ...] = ()
    message: str = ""


class Tickets:
    """Every change carries the version it is made on; a stale one raises TicketChanged, a wrong one BadTicket.

    Customers whose address is known are told by mail what they may see; the mail is written down with the change.
    """

    def __init__(self, log: Log, store: TicketStore, signals: Signals, premises: Premises, answers: Answers) -> None:
        self._answers = answers
        self._log = log
        self._store = store
        self._signals = signals
        self._premises = premises

    @property
    def book(self) -> Book:
        """Types and promises as they stand."""
        return self._premises.book

    def hours(self, ticket: Ticket) -> Hours:
        """Those in which the ticket's clocks run."""
        return self._premises.hours if self._policy(ticket).office_hours else AROUND_THE_CLOCK

    def _policy(self, ticket: Ticket) -> Policy:
        return policy_for(self.book.policies, ticket.type, ticket.priority)

    def _check_group(self, id: str) -> None:
        if id and id not in self._premises.groups:
            raise BadTicket("group", "no group has this id")

    async def open(self, new: NewTicket, by: Actor, id: str, *, cause: str = "") -> Ticket:
        """The same id again is the same ticket. `cause` is what the conversation's log gives as such."""
        type, fields, now = self.book.type_for_new(new.type), dict(new.fields or {}), datetime.now(UTC)
        check_fields(type, fields)
        self._check_group(new.group)
        first, key = type.states[0], uuid4().hex
        ticket = Ticket(
            key, 0, 1, type.id, new.title, new.text, first.id, first.kind, new.priority, new.group or type.group,
            new.assignee, new.contact, new.conversation, by.id, now, now, fields=fields,
        )  # fmt: skip
        policy = self._policy(ticket)
        promised = (("first_response", policy.first_response), ("resolution", policy.resolution))
        clocks = tuple(Clock(target, seconds, now) for target, seconds in promised if seconds)  # type: ignore[arg-type]
        ticket = replace(ticket, clocks=clocks)
        body = {"state": first.id, **_came_with(new.files, new.message)}
        change = Change(key, f"open:{by.id}:{id}", now, by.id, by.name, "opened", body, public=True)
        to = await self._answers.address_of(ticket.contact)
        opened = await self._store.open(
            ticket,
            change,
            self._next(ticket),
            lambda it: _row(self._answers.opened(it, to, new.message), now) if to else None,
        )
        if opened.conversation:
            fact = TicketOpened(opened.number, opened.title, opened.id, by.id)
            await self._log.append(opened.conversation, fact, cause=cause or f"ticket:{opened.id}")
        self._tell(opened, "opened", giver=by if opened.assignee else None)
        return opened

    async def change(self, ticket: Ticket, changes: Mapping[str, Any], by: Actor) -> Ticket:
        """Title, state, priority, group, assignee or fields; what is the same already changes nothing."""
        changes = {name: value for name, value in changes.items() if getattr(ticket, name) != value}
        if not changes:
            return ticket
        now, type = datetime.now(UTC), self.book.type(ticket.type)
        self._check_group(changes.get("group", ""))
        if "fields" in changes:
            changes["fields"] = {**ticket.fields, **changes["fields"]}
            check_fields(type, changes["fields"])
        newer = replace(ticket, **changes)
        if "priority" in changes:
            newer = self._promised_anew(newer, self.hours(ticket), now)
        if "state" in changes:
            if ticket.merged_into:
                raise BadTicket("state", "this ticket was merged into another one, which goes on")
            state = check_move(type, ticket.state, changes["state"])
            closed = now if state.kind == "done" else None
            newer = self._timed(replace(newer, state_kind=state.kind, closed_at=closed), now)
        change = Change(ticket.id, uuid4().hex, now, by.id, by.name, "changed", dict(changes), "state" in changes)
        mail = None
        if newer.state_kind != ticket.state_kind:
            named = dict(type.state(newer.state).name)
            mail = await self._mail(ticket, lambda to, last: self._answers.moved(newer, to, named, last))
        stored = await self._store.change(newer, [change], self._next(newer), mail)
        if "state" in changes:
            await self._moved(stored)
        self._tell(stored, "changed", giver=by if changes.get("assignee") else None)
        return stored

    async def _moved(self, ticket: Ticket) -> None:
        """The customer sees it in the conversation it came from."""
        if ticket.conversation:
            state = self.book.type(ticket.type).state(ticket.state)
            fact = TicketMoved(ticket.number, ticket.title, state.id, ticket.id, ticket.type, **state.name)
            await self._log.append(ticket.conversation, fact, cause=f"ticket:{ticket.id}:{ticket.version}")

    async def _mail(self, ticket: Ticket, write: Callable[[str, str], Outgoing]) -> dict[str, Any] | None:
        """The row of a letter to the customer, in answer to their last one; None when they have no address."""
        if not (to := await self._answers.address_of(ticket.contact)):
            return None
        past = reversed(await self._store.history(ticket.id))
        last = next((one.body["message"] for one in past if one.body.get("message")), "")
        return _row(write(to, last), datetime.now(UTC))

    def _promised_anew(self, ticket: Ticket, before: Hours, at: datetime) -> Ticket:
        """Its clocks as the policy of its new priority has them; `before` are the hours in which they ran so far."""
        policy = self._policy(ticket)
        clocks = (promise_anew(one, getattr(policy, one.target), at, before) for one in ticket.clocks)
        return replace(ticket, clocks=tuple(clocks))

    def _timed(self, ticket: Ticket, at: datetime) -> Ticket:
        """Its clocks as the state wants them: running, standing still or met."""
        hours = self.hours(ticket)
        if ticket.state_kind == "done":
            clocks = tuple(meet(clock, at, hours) for clock in ticket.clocks)
        elif ticket.state_kind == "waiting":
            clocks = tuple(pause(clock, at, hours) for clock in ticket.clocks)
        else:
            open_ones = {
                clock.target for clock in ticket.clocks if clock.state != "met" or clock.target == "resolution"
            }
            clocks = tuple(resume(one, at) if one.target in open_ones else one for one in ticket.clocks)
        return replace(ticket, clocks=clocks)

    async def comment(
        self,
        ticket: Ticket,
        by: Actor,
        id: str,
        text: str,
        *,
        public: bool,
        files: tuple[Attachment, ...] = (),
        message: str = "",
    ) -> Ticket:
        """The same id again is the same comment. A public one answers the customer; theirs asks for an answer, and a
        ticket that waited for them, or was done, is in work again where its workflow leads back there."""
        cause = f"comment:{by.id}:{id}"
        if await self._store.known(ticket.id, cause):
            return ticket
        now, body = datetime.now(UTC), {"text": text, **_came_with(files, message)}
        changes, mail = [Change(ticket.id, cause, now, by.id, by.name, "commented", body, public)], None
        if by.id == "customer":
            newer = self._asked_again(ticket, now)
            if newer.state != ticket.state:
                back = {"state": newer.state}
                changes.append(
                    Change(ticket.id, uuid4().hex, now, SYSTEM.id, SYSTEM.name, "changed", back, public=True)
                )
        else:
            clocks = tuple(
                one if one.target == "resolution" or not public else meet(one, now, self.hours(ticket))
                for one in ticket.clocks
            )
            newer = replace(ticket, clocks=clocks)
            if public:
                ids = tuple(file.id for file in files)
                mail = await self._mail(
                    ticket, lambda to, last: self._answers.said(ticket, to, text, by.name, ids, last)
                )
        stored = await self._store.change(newer, changes, self._next(newer), mail)
        if newer.state != ticket.state:
            await self._moved(stored)
        if public and by.id != "customer" and stored.conversation:
            answered = TicketAnswered(stored.number, stored.title, by.name, stored.id, by.id)
            await self._log.append(stored.conversation, answered, cause=f"ticket:{stored.id}:{stored.version}")
        self._tell(stored, "commented")
        return stored

    def _asked_again(self, ticket: Ticket, now: datetime) -> Ticket:
        """As it stands when the customer has written: somebody owes them an answer."""
        type = self.book.type(ticket.type)
        if ticket.state_kind != "open":
            next_ones = (type.state(to) for to in type.moves.get(ticket.state, ()))
            if back := next((state for state in next_ones if state.kind == "open"), None):
                moved = replace(ticket, state=back.id, state_kind=back.kind, closed_at=None)
                ticket = self._timed(moved, now)
        seconds, clocks = self._policy(ticket).next_response, ticket.clocks
        answered = all(clock.state == "met" for clock in clocks if clock.target == "first_response")
        if seconds and answered and not any(c.target == "next_response" and c.since for c in clocks):
            clocks = (*(c for c in clocks if c.target != "next_response"), Clock("next_response", seconds, now))
        return replace(ticket, clocks=clocks)

    async def link(self, ticket: Ticket, by: Actor, kind: str, to: str, *, on: bool = True) -> Ticket:
        """To another ticket or an order. Raises BadTicket when there is no such ticket."""
        if kind != "order" and on and await self._store.find(to) is None:
            raise BadTicket("to", "no ticket has this id")
        rest = tuple(link for link in ticket.links if link != (kind, to))
        act, links = ("link_added", (*rest, (kind, to))) if on else ("link_removed", rest)
        return await self._set(ticket, by, act, {"kind": kind, "to": to}, links=links)

    async def watch(self, ticket: Ticket, by: Actor, *, on: bool) -> Ticket:
        """Hear of its changes, or no longer."""
        rest = tuple(one for one in ticket.watchers if one != by.id)
        told = {"watchers": list(watchers := (*rest, by.id) if on else rest)}
        return await self._set(ticket, by, "watched", told, watchers=watchers)

    async def _set(self, ticket: Ticket, by: Actor, kind: str, body: Mapping[str, Any], **changes: Any) -> Ticket:
        """Another value of these; `body` is what its history says of it."""
        if all(getattr(ticket, name) == value for name, value in changes.items()):
            return ticket
        change = Change(ticket.id, uuid4().hex, datetime.now(UTC), by.id, by.name, kind, body)
        newer = replace(ticket, **changes)
        return await self._store.change(newer, [change], self._next(newer))

    async def merge(self, ticket: Ticket, into: Ticket, by: Actor) -> Ticket:
        """One ticket from now on: this one ends where it stands, for its work goes on in the other, which gets its
        watchers and links. Raises BadTicket for itself."""
        if ticket.id == into.id or ticket.merged_into or into.merged_into:
            raise BadTicket("into", "another ticket that was not merged itself")
        now = datetime.now(UTC)
        ended = replace(ticket, merged_into=into.id, state_kind="done", closed_at=now)
        note = Change(ticket.id, uuid4().hex, now, by.id, by.name, "merged", {"into": into.id}, public=True)
        await self._store.change(self._timed(ended, now), [note], None)
        watchers = tuple(dict.fromkeys((*into.watchers, *ticket.watchers)))
        links = tuple(dict.fromkeys((*into.links, *ticket.links, ("duplicate", ticket.id))))
        return await self._set(into, by, "merged", {"from": ticket.id}, watchers=watchers, links=links)

    async def watch_clocks(self, at: datetime) -> int:
        """Warn, tell of breaches and escalate; returns how many tickets changed."""
        due = await self._store.select(tickets.c.tick_at <= at, limit=TICKED)
        for ticket in due:
            policy, hours = self._policy(ticket), self.hours(ticket)
            clocks = tuple(tick(clock, at, hours, policy.warn_share) for clock in ticket.clocks)
            moved = [new for old, new in zip(ticket.clocks, clocks, strict=True) if old.state != new.state]
            newer = replace(ticket, clocks=clocks)
            noted = [_by_itself(ticket, at, clock.state, {"target": clock.target}) for clock in moved]
            breached = any(clock.state == "breached" for clock in moved)
            if breached and policy.escalate_to not in ("", ticket.group):  # once: who took it there keeps it
                newer = replace(newer, group=policy.escalate_to, assignee="")
                body = {"group": newer.group, **({"assignee": ""} if ticket.assignee else {})}
                noted.append(_by_itself(ticket, at, "changed", body))
            try:
                stored = await self._store.change(newer, noted, self._next(newer))
            except TicketChanged:
                continue  # it is looked at again in the next round
            for clock in moved:
                self._tell(stored, clock.state, ticket.assignee)
        return len(due)

    def _next(self, ticket: Ticket) -> datetime | None:
        return next_tick(ticket.clocks, self.hours(ticket), self._policy(ticket).warn_share)

    def _tell(self, ticket: Ticket, what: str, before: str = "", giver: Actor | None = None) -> None:
        """Also to who had it `before`; `giver` is who assigned it by this very act."""
        given_by = giver.name if giver and giver.id != ticket.assignee else ""
        told = {"ticket": self.shown(ticket), "what": what, "before": before, "given_by": given_by}
        self._signals.publish("ticket", told)

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        """As docs/desk.md, Tickets, says."""
        hours = self.hours(ticket)
        plain = {
            name: getattr(ticket, name) for name in Ticket.__slots__ if name not in ("clocks", "links", "watchers")
        }
        for name in ("created_at", "updated_at", "closed_at"):
            plain[name] = timestamp(plain[name]) if plain[name] else None
        clocks = []
        for clock in ticket.clocks:
            due = clock.due_at(hours)
            shown = {"target": clock.target, "due_at": timestamp(due) if due else None}
            clocks.append({**shown, "paused": clock.paused, "state": clock.state})
        links = [{"kind": kind, "to": to} for kind, to in ticket.links]
        return {
            **plain,
            "fields": dict(ticket.fields),
            "links": links,
            "watchers": list(ticket.watchers),
            "clocks": clocks,
        }

    async def find(self, id: str) -> Ticket | None:
        """By id."""
        return await self._store.find(id)

    async def surviving(self, ticket: Ticket) -> Ticket:
        """The ticket that goes on: itself, or the one that it was merged into at last."""
        while ticket.merged_into and (into := await self._store.find(ticket.merged_into)):
            ticket = into
        return ticket

    async def numbered(self, number: int) -> Ticket | None:
        """By the number that people know."""
        found = await self._store.select(tickets.c.number == number, limit=1)
        return found[0] if found else None

    async def of_letters(self, ids: Collection[str]) -> list[Ticket]:
        """Those that customers' letters with these ids opened or went on with."""
        return await self._store.of_causes([f"{act}:customer:{id}" for id in ids for act in ("open", "comment")])

    async def states_in_use(self, type: str) -> set[str]:
        """The states that tickets of a type are in."""
        return await self._store.states_of(type)

    async def forget(self, contact: str) -> list[str]:
        """Blank a contact's tickets, their places stay; gives the ids of the files that came with them."""
        return await self._store.blank(contact)

    async def opened_lately(self, contact: str, since: datetime) -> int:
        """How many of a contact's tickets are as young as that."""
        return await self._store.opened_since(contact, since)

    async def select(self, *conditions: Any, before: int | None = None, limit: int = 50) -> list[Ticket]:
        """Latest first."""
        return await self._store.select(*conditions, before=before, limit=limit)

    async def kept(self, since: datetime, until: datetime, by: str, zone: ZoneInfo) -> dict[str, Any]:
        """How promises were kept, by `day`, `type`, `group`, `assignee` or `priority`, and in all."""
        found = await self._store.promised(since, until)
        rows: dict[str, list[Promised]] = {}
        for one in found:
            rows.setdefault(one.key(by, zone), []).append(one)
        return {"rows": [{"key": key, **kept(some)} for key, some in sorted(rows.items())], "total": kept(found)}

    async def history(self, ticket: str) -> Sequence[Change]:
        """What was done to it, oldest first."""
        return await self._store.history(ticket)


def _by_itself(ticket: Ticket, at: datetime, kind: str, body: dict[str, Any]) -> Change:
    return Change(ticket.id, uuid4().hex, at, SYSTEM.id, SYSTEM.name, kind, body)


def _came_with(files: Sequence[Attachment], message: str) -> dict[str, Any]:
    """What a change says of the mail it came by."""
    told: dict[str, Any] = {"message": message} if message else {}
    return {**told, "attachments": [asdict(one) for one in files]} if files else told


def _row(letter: Outgoing, at: datetime) -> dict[str, Any]:
    return waiting_row(letter.to, letter.subject, letter.text, at, letter.headers, letter.files)
