"""Presence over signals."""

from collections.abc import Mapping
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
        await self._signals.hold(PREFIX + staff, state, SECONDS)
        self._signals.publish("presence", {"staff": staff, "presence": state})

    async def confirm(self, staff: str) -> None:
        """As Presence.confirm."""
        if (state := await self._signals.recall(PREFIX + staff)) is not None:
            await self._signals.hold(PREFIX + staff, state, SECONDS)

    async def all(self) -> Mapping[str, str]:
        """As Presence.all."""
        return {key.removeprefix(PREFIX): state for key, state in (await self._signals.held(PREFIX)).items()}
