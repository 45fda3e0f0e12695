"""Who is on the sites now without having written, and who of them was invited by hand.

They are signals, not facts: held for a minute after the page last told of itself, and kept nowhere. Who accepts an
invitation begins a conversation, and that is a fact.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import uuid4

from conversation.events import Event, Fact, InvitationAccepted, Transferred
from conversation.log import HolderChanged, Log
from conversation.model import BOT
from conversation.signals import Signals
from desk.store.staff import Staff

HERE_SECONDS: Final = 60.0
MOST: Final = 20_000  # words from pages of one site a minute; beyond, newcomers are not shown
OFFERED_SECONDS: Final = 600.0  # the page shows it when it asks within so long
AGAIN_SECONDS: Final = 86_400.0  # accepted, refused or ignored: not invited again before


class AlreadyInvited(Exception):
    """Somebody has invited them within the day."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member of staff, `by`, wrote to a visitor of a site."""

    id: str
    site: str
    text: str
    by: str


class Visitors:
    """Presence of people who have not written."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({InvitationAccepted})

    def __init__(self, log: Log, signals: Signals) -> None:
        self._log = log
        self._signals = signals
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = {InvitationAccepted: self.lead}

    async def seen(self, id: str, site: str, about: Mapping[str, Any]) -> Offer | None:
        """They are there (`about`: page, language, seconds on the site, returning); what they were offered by hand."""
        if await self._signals.count(f"visits:{site}", 60) > MOST:
            return None
        await self._signals.hold(f"visitor:{id}", json.dumps({**about, "site": site}), HERE_SECONDS)
        return _offer(await self._signals.recall(f"invited:{id}"))

    async def offered(self, id: str) -> Offer | None:
        """The offer by hand that has this id, for a day."""
        return _offer(await self._signals.recall(f"offer:{id}"))

    async def here(self) -> list[dict[str, Any]]:
        """Who is there now, who came last first; `invited_by` is "" unless somebody has invited them within the day."""
        asked = await self._signals.held("asked:")
        found = [
            {"id": id, **json.loads(told), "invited_by": asked.get(f"asked:{id}", "")}
            for key, told in (await self._signals.held("visitor:")).items()
            for id in (key.removeprefix("visitor:"),)
        ]
        return sorted(found, key=lambda one: (one["seconds"], one["id"]))

    async def invite(self, id: str, text: str, by: Staff) -> Offer:
        """Their page shows it within half a minute. Raises KeyError when they are gone, and AlreadyInvited."""
        told = await self._signals.recall(f"visitor:{id}")
        if told is None:
            raise KeyError(id)
        if await self._signals.count(f"inviting:{id}", AGAIN_SECONDS) > 1:
            raise AlreadyInvited
        offer = Offer(uuid4().hex, json.loads(told)["site"], text, by.id)
        written = json.dumps(asdict(offer))
        await self._signals.hold(f"asked:{id}", by.id, AGAIN_SECONDS)
        await self._signals.hold(f"offer:{offer.id}", written, AGAIN_SECONDS)
        await self._signals.hold(f"invited:{id}", written, OFFERED_SECONDS)
        return offer

    async def lead(self, event: Event) -> None:
        """Who was invited by a member of staff comes to them, unless a person has them already."""
        assert isinstance(event.fact, InvitationAccepted)
        by = event.fact.by
        if by:
            try:
                fact = Transferred(by, by, "", "")
                await self._log.append(event.conversation, fact, cause=f"invited:{event.seq}", only_while=BOT)
            except HolderChanged:
                return


def _offer(written: str | None) -> Offer | None:
    return Offer(**json.loads(written)) if written else None
