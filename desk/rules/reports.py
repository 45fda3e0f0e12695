"""One row of figures per conversation, folded from its facts, and what sums of rows mean."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from operator import itemgetter
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotReplied,
    ConversationClosed,
    ConversationReopened,
    ConversationStarted,
    Event,
    HandedBack,
    HandoffRequested,
    MessageLeft,
    MessageReceived,
    Rated,
    RatingAsked,
    ReturnedToQueue,
    Tagged,
    Transferred,
    WrappedUp,
)

SLOT_SECONDS: Final = 1800  # half an hour: every time zone's hours are made of it
SLOTS_OF_A_DAY: Final = 86_400 // SLOT_SECONDS
CLOCK: Final = {"hour": 3600, "day": 86_400}  # a report's units of time, in seconds


class Row(NamedTuple):
    """A conversation in figures. Times are UTC; `slot` is half hours since 1970 at its start.

    `waiting_from` and `taken_at` are what is open now: the present wait, and the present spell in somebody's hands.
    """

    conversation: str
    seq: int = 0
    slot: int = 0
    started_at: datetime | None = None
    closed_at: datetime | None = None
    channel: str = ""
    site: str = ""
    language: str = ""
    group: str = ""
    agent: str = ""
    bot_replied: bool = False
    handed_over: bool = False
    answered: bool = False
    abandoned: bool = False
    wait_seconds: float | None = None
    first_response_seconds: float | None = None
    handling_seconds: float = 0.0
    transfers: int = 0
    reopened: int = 0
    messages: int = 0
    rating_asked: bool = False
    rating: int | None = None
    reason: str = ""
    resolved: bool = False
    tags: str = ""
    waiting_from: datetime | None = None
    asked_at: datetime | None = None
    taken_at: datetime | None = None


HEARS: Final = (
    ConversationStarted,
    MessageReceived,
    BotReplied,
    HandoffRequested,
    MessageLeft,
    AgentAssigned,
    AgentReplied,
    Transferred,
    ReturnedToQueue,
    HandedBack,
    ConversationClosed,
    ConversationReopened,
    RatingAsked,
    Rated,
    Tagged,
    WrappedUp,
)


def count(row: Row, event: Event) -> Row:
    """The row after `event`; one that it holds already changes nothing."""
    if event.seq <= row.seq:
        return row
    return _counted(row, event)._replace(seq=event.seq)


def _counted(row: Row, event: Event) -> Row:
    match event.fact:
        case ConversationStarted(channel=channel, site=site, language=language):
            slot = int(event.at.timestamp()) // SLOT_SECONDS
            return row._replace(slot=slot, started_at=event.at, channel=channel, site=site, language=language)
        case MessageReceived():
            reopened = row.reopened + (row.closed_at is not None)
            return row._replace(messages=row.messages + 1, closed_at=None, reopened=reopened)
        case BotReplied():
            return row._replace(bot_replied=True, messages=row.messages + 1)
        case AgentReplied():
            return _replied(row, event)
        case Rated(score=score):
            return row._replace(rating=score)
        case RatingAsked():
            return row._replace(rating_asked=True)
        case Tagged(tags=tags):
            return row._replace(tags=" ".join(tags))
        case WrappedUp(reason=reason, resolved=resolved):
            return row._replace(reason=reason, resolved=resolved)
        case _:
            return _moved(row, event)


def _replied(row: Row, event: Event) -> Row:
    first = row.first_response_seconds
    if first is None and row.asked_at is not None:
        first = (event.at - row.asked_at).total_seconds()
    return row._replace(messages=row.messages + 1, first_response_seconds=first)


def _moved(row: Row, event: Event) -> Row:
    """From hand to hand: waits and spells begin and end."""
    match event.fact:
        case HandoffRequested(group=group):
            return _queued(row, event.at)._replace(group=group)
        case MessageLeft(group=group):
            return _queued(row, event.at)._replace(group=row.group or group)
        case Transferred(group=group):
            return _queued(_let_go(row, event.at), event.at)._replace(
                transfers=row.transfers + 1, group=group or row.group
            )
        case ReturnedToQueue(group=group):
            return _queued(_let_go(row, event.at), event.at)._replace(group=group or row.group)
        case AgentAssigned(agent=agent):
            return _taken(row, agent, event.at)
        case ConversationReopened(agent=agent):
            again = row._replace(closed_at=None, reopened=row.reopened + 1)
            return _taken(again, agent, event.at) if agent else again
        case HandedBack():
            return _left(row, event.at)
        case _:
            return _left(row, event.at)._replace(closed_at=event.at)


def _queued(row: Row, at: datetime) -> Row:
    since = row.waiting_from or at
    return row._replace(handed_over=True, waiting_from=since, asked_at=row.asked_at or since)


def _taken(row: Row, agent: str, at: datetime) -> Row:
    row = _let_go(row, at)
    since = row.waiting_from or at
    waited = row.wait_seconds if row.answered else (at - since).total_seconds()
    asked = row.asked_at or at
    return row._replace(agent=agent, answered=True, wait_seconds=waited, waiting_from=None, asked_at=asked, taken_at=at)


def _let_go(row: Row, at: datetime) -> Row:
    if row.taken_at is None:
        return row
    return row._replace(handling_seconds=row.handling_seconds + (at - row.taken_at).total_seconds(), taken_at=None)


def _left(row: Row, at: datetime) -> Row:
    abandoned = row.abandoned or (row.waiting_from is not None and not row.answered)
    return _let_go(row, at)._replace(waiting_from=None, abandoned=abandoned)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a set of rows adds up to; sums can be added again.

    `on_duty` and `in_hand` are of the watch over agents: seconds online or busy, and of these with a customer in hand.
    """

    volume: int = 0
    with_bot: int = 0
    handed_over: int = 0
    answered: int = 0
    abandoned: int = 0
    contained: int = 0
    in_time: int = 0
    transfers: int = 0
    transferred: int = 0
    reopened: int = 0
    asked: int = 0
    rated: int = 0
    ratings: int = 0
    waited: float = 0.0
    responses: int = 0
    responded: float = 0.0
    handled: float = 0.0
    on_duty: float = 0.0
    in_hand: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(getattr(self, name) + getattr(other, name) for name in Sums.__slots__))

    def figures(self) -> dict[str, Any]:
        """As reports show them: counts, means in seconds and shares from 0 to 1, None when there is nothing."""
        return {
            "volume": self.volume,
            "handed_over": self.handed_over,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "contained": self.contained,
            "transfers": self.transfers,
            "reopened": self.reopened,
            "rated": self.rated,
            "csat": share(self.ratings, self.rated),
            "response_rate": share(self.rated, self.asked),
            "wait_seconds": share(self.waited, self.answered),
            "first_response_seconds": share(self.responded, self.responses),
            "handling_seconds": share(self.handled, self.answered),
            "service_level": share(self.in_time, self.answered + self.abandoned),
            "containment": share(self.contained, self.with_bot),
            "abandonment": share(self.abandoned, self.handed_over),
            "transfer_rate": share(self.transferred, self.answered),
            "occupancy": share(self.in_hand, self.on_duty),
        }


def share(part: float, whole: float) -> float | None:
    """A part of a whole; None when there is no whole."""
    return part / whole if whole else None


def put_together(found: Iterable[tuple[Any, Sums]], by: str, zone: ZoneInfo) -> dict[str, Sums]:
    """One sum for each key of a report, in order; half hours are put together to local hours or days."""
    merged: dict[str, Sums] = {}
    for name, sums in sorted(found, key=itemgetter(0)):
        key = clock_key(name, zone, by) if by in CLOCK else name
        merged[key] = merged.get(key, Sums()) + sums
    return merged


def offsets(first: int, last: int, zone: ZoneInfo) -> list[tuple[int, int]]:
    """(half hour, seconds east of UTC from there on), in order, from `first` to `last`. Of several changes within a day
    only the last is seen; no zone has them."""
    found = [(first, _east(first, zone))]
    for day in range(first + SLOTS_OF_A_DAY, last + SLOTS_OF_A_DAY, SLOTS_OF_A_DAY):
        if (east := _east(day, zone)) != found[-1][1]:
            lately = range(day - SLOTS_OF_A_DAY, day)
            changed = bisect_left(lately, True, key=lambda slot: _east(slot, zone) == east)
            found.append((lately.start + changed, east))
    return found


def _east(slot: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(slot * SLOT_SECONDS, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def clock_key(slot: int, zone: ZoneInfo, unit: str) -> str:
    """The local hour ("2026-01-31T08:00+08:00") or day ("2026-01-31") that a half hour belongs to; an hour in which the
    offset from UTC changes is two."""
    local = datetime.fromtimestamp(slot * SLOT_SECONDS, timezone(timedelta(seconds=_east(slot, zone))))
    return local.date().isoformat() if unit == "day" else local.replace(minute=0).isoformat(timespec="minutes")
