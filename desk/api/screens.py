"""The desk pages that are open here, and what all of them are told together."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from uuid import uuid4

import orjson

from conversation.events import AgentAssigned, ConversationReopened, Event, ParticipantLeft
from conversation.model import Conversation
from conversation.signals import Subscription
from desk.store.staff import Staff

BACKLOG: Final = 1000
AT_ONCE: Final = 50  # pages that are sent something, conversations that are written
GIVEN: Final = (AgentAssigned, ConversationReopened, ParticipantLeft)
"""After these a conversation may not be everybody's any more."""


def frame(type: str, **fields: Any) -> str:
    """As the socket carries it."""
    return orjson.dumps({"type": type, **fields}).decode()


@dataclass(eq=False, slots=True)
class Screen:
    """One open desk page; `opened` maps a conversation to the last seq sent, `ears` to who listens for typing.

    `rights` are what their role carried when it came; `unseen` are those that a supervisor looks into without the
    agent's being told.
    """

    staff: Staff
    session: str
    rights: frozenset[str]
    id: str = field(default_factory=lambda: uuid4().hex)
    outbox: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(BACKLOG))
    opened: dict[str, int] = field(default_factory=dict)
    ears: dict[str, Subscription] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    lost: bool = False
    wallboard: bool = False

    @property
    def reach(self) -> str:
        """Whose conversations its lists show: `all`, their own and those `free` of an agent, or their `own` alone."""
        if "conversations.all" in self.rights:
            return "all"
        return "free" if "conversations.own" in self.rights else "own"

    def put(self, type: str, **fields: Any) -> None:
        """Send a frame."""
        self.send(frame(type, **fields))

    def send(self, text: str) -> None:
        """Send what is written already; a page that reads too slowly is let go and comes back with a fresh list."""
        try:
            self.outbox.put_nowait(text)
        except asyncio.QueueFull:
            self.lost = True

    def hear_typing(self, told: Mapping[str, Any]) -> None:
        """Somebody types in an opened conversation; one's own keys are no news."""
        if told.get("staff") != self.staff.id:
            self.put("typing", **told)


class Screens:
    """The open pages, found by whose they are and by what they show: a message costs its few readers, not the house."""

    def __init__(self) -> None:
        self._all: set[Screen] = set()
        self._by_staff: defaultdict[str, set[Screen]] = defaultdict(set)
        self._by_opened: defaultdict[str, set[Screen]] = defaultdict(set)

    def __iter__(self) -> Iterator[Screen]:
        """Those that are open now, whatever opens or closes meanwhile."""
        return iter(tuple(self._all))

    def __len__(self) -> int:
        """How many are open."""
        return len(self._all)

    def add(self, screen: Screen) -> None:
        """A page came."""
        self._all.add(screen)
        self._by_staff[screen.staff.id].add(screen)

    def discard(self, screen: Screen) -> None:
        """A page went, or may be told nothing more."""
        self._all.discard(screen)
        _drop(self._by_staff, screen.staff.id, screen)
        for id in screen.opened:
            _drop(self._by_opened, id, screen)

    def show(self, screen: Screen, id: str, upto: int) -> None:
        """It shows a conversation, up to this seq."""
        screen.opened[id] = upto
        if screen in self._all:
            self._by_opened[id].add(screen)

    def hide(self, screen: Screen, id: str) -> None:
        """It shows this one no longer."""
        del screen.opened[id]
        _drop(self._by_opened, id, screen)

    def showing(self, id: str) -> set[Screen]:
        """The pages that show a conversation."""
        return set(self._by_opened.get(id, ()))

    def near(self, now: Conversation) -> set[Screen]:
        """The pages that hear of every change at once: those that show it, its agent's and the participants'."""
        found = self.showing(now.id)
        for staff in {now.holder.agent, *now.participants}:
            found |= self._by_staff.get(staff, set())
        return found


def _drop(index: defaultdict[str, set[Screen]], key: str, screen: Screen) -> None:
    some = index.get(key, set())
    some.discard(screen)
    if not some:
        index.pop(key, None)


class Rounds:
    """What goes to every page, to some of them in one turn of the event loop: 1,000 at once held everybody's messages
    up for 40 to 120 ms."""

    def __init__(self) -> None:
        self._untold: deque[tuple[Screen, str]] = deque()

    def add(self, screens: Iterable[Screen], text: str) -> None:
        """These pages are to be sent it."""
        self._untold.extend((screen, text) for screen in screens)

    async def go(self) -> None:
        """Send to all, letting others work in between."""
        while self._untold:
            self._send(AT_ONCE)
            await asyncio.sleep(0)

    def finish(self) -> None:
        """Send to all at once: what follows may not come to a page before it."""
        self._send(len(self._untold))

    def _send(self, count: int) -> None:
        for _ in range(min(count, len(self._untold))):
            screen, text = self._untold.popleft()
            screen.send(text)


class News:
    """What changed in everybody's lists since it was last told: written once, or twice where rights differ."""

    def __init__(self) -> None:
        self._changed: dict[str, Conversation] = {}
        self._given: set[str] = set()

    def note(self, now: Conversation, events: Sequence[Event]) -> None:
        """Something happened in a conversation."""
        self._changed[now.id] = now
        if any(isinstance(event.fact, GIVEN) for event in events):
            self._given.add(now.id)

    def __bool__(self) -> bool:
        """Is there anything to tell?"""
        return bool(self._changed)

    def take(self) -> tuple[list[Conversation], list[Conversation], dict[str, list[str]]]:
        """Of so many conversations as are written in one turn of the event loop: what those are told who see all, those
        who see what nobody holds, and what only these agents still have."""
        changed = [self._changed.pop(id) for id in tuple(islice(self._changed, AT_ONCE))]
        given = {now.id for now in changed} & self._given
        self._given -= given
        held = [now for now in changed if now.holder.agent]
        gone = {now.id: [now.holder.agent, *now.participants] for now in held if now.id in given}
        return changed, [now for now in changed if not now.holder.agent], gone
