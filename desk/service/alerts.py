"""Tells supervisors when somebody should look."""

from collections.abc import Callable, Iterator, Sequence, Set
from datetime import UTC, datetime
from typing import Any

from conversation.events import AlertRaised, Event, MessageReceived
from conversation.log import Log
from desk.rules.premises import Premises
from desk.service.floor import Floor

Standing = tuple[str, str]  # conversation, cause


class Alerts:
    """Raises each alert once for the same wait. `find` gives the angry words' places in a text.

    `standing` are those that were raised and whose wait goes on. One that is forgotten and raised again has the same
    cause, so it is the same one.
    """

    def __init__(self, log: Log, floor: Floor, premises: Premises, find: Callable[[str], Sequence[Any]]) -> None:
        self._log = log
        self._floor = floor
        self._premises = premises
        self._find = find
        self.standing: Set[Standing] = frozenset()

    async def read(self, event: Event) -> None:
        """A customer wrote: is it an angry word? Where the conversation is over, nobody can do anything any more."""
        assert isinstance(event.fact, MessageReceived)
        for span in self._find(event.fact.text)[:1]:
            if (await self._log.load(event.conversation)).status == "closed":
                return
            word = event.fact.text[span.start : span.end]
            await self._log.append(event.conversation, AlertRaised("angry", word), cause=f"angry:{event.seq}")

    async def watch(self, at: datetime) -> None:
        """Who waits too long, in the queue or for a reply?"""
        due = dict(self._due(at))
        for (conversation, cause), alert in due.items():
            if (conversation, cause) not in self.standing:
                await self._log.append(conversation, alert, cause=cause)
        self.standing = frozenset(due)

    def _due(self, at: datetime) -> Iterator[tuple[Standing, AlertRaised]]:
        levels, floor = self._premises.levels, self._floor
        waits = [(one.now.id, one.now.waiting_since) for one in floor.queue()]
        replies = [(id, since) for id, since in floor.unanswered.items() if not floor.held[id].on_hold]
        for alert, limit, some in (
            ("wait", levels.wait_seconds, waits),
            ("no_reply", levels.no_reply_seconds, replies),
        ):
            for id, since in some if limit else ():
                if since and (late := (at - since).total_seconds()) >= limit:
                    cause = f"{alert}:{since.astimezone(UTC).timestamp():.0f}"
                    yield (id, cause), AlertRaised(alert, f"{late:.0f} s")
