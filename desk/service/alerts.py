"""Tells supervisors when somebody should look."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from conversation.events import AlertRaised, Event, MessageReceived
from conversation.log import Log
from desk.rules.premises import Premises
from desk.service.floor import Floor


class Alerts:
    """Raises each alert once for the same wait. `find` gives the angry words' places in a text."""

    def __init__(self, log: Log, floor: Floor, premises: Premises, find: Callable[[str], Sequence[Any]]) -> None:
        self._log = log
        self._floor = floor
        self._premises = premises
        self._find = find

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
        limit = self._premises.levels.wait_seconds
        for waiting in self._floor.queue() if limit else ():
            since = waiting.now.waiting_since
            if since and (at - since).total_seconds() >= limit:
                await self._raise(waiting.now.id, "wait", since, at)
        limit = self._premises.levels.no_reply_seconds
        for id, since in tuple(self._floor.unanswered.items()) if limit else ():
            if (at - since).total_seconds() >= limit and not self._floor.held[id].on_hold:
                await self._raise(id, "no_reply", since, at)

    async def _raise(self, conversation: str, alert: str, since: datetime, at: datetime) -> None:
        cause = f"{alert}:{since.astimezone(UTC).timestamp():.0f}"
        if (conversation, cause) not in self._floor.alerted:
            detail = f"{(at - since).total_seconds():.0f} s"
            await self._log.append(conversation, AlertRaised(alert, detail), cause=cause)
            self._floor.alerted.add((conversation, cause))
