"""Presence over signals."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from conversation.signals import Signals

SECONDS: Final = 90.0
PREFIX: Final = "presence:"


class SignalledPresence:
    """Held for 90 seconds after it was last confirmed, in every process."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals

    async def set(self, staff: str, state: str) -> None:
        """As Presence.set."""
        await self._signals.hold(PREFIX + staff, f"{state} {datetime.now(UTC).isoformat()}", SECONDS)
        self._signals.publish("presence", {"staff": staff, "presence": state})

    async def confirm(self, staff: str) -> None:
        """As Presence.confirm."""
        if (kept := await self._signals.recall(PREFIX + staff)) is not None:
            await self._signals.hold(PREFIX + staff, kept, SECONDS)

    async def all(self) -> Mapping[str, str]:
        """As Presence.all."""
        held = await self._signals.held(PREFIX)
        return {key.removeprefix(PREFIX): kept.partition(" ")[0] for key, kept in held.items()}

    async def since(self) -> Mapping[str, datetime]:
        """As Presence.since; without those whose state was set before its beginning was kept."""
        held = await self._signals.held(PREFIX)
        began = {key.removeprefix(PREFIX): kept.partition(" ")[2] for key, kept in held.items()}
        return {staff: datetime.fromisoformat(at) for staff, at in began.items() if at}
