"""What is not a fact: typing, presence, queue positions, wake-ups.

A signal may be lost; whoever needs certainty reads the log.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

Listener = Callable[[Mapping[str, Any]], None]

SWEPT: Final = 10_000  # times that something was held or counted before what has run out is swept away


class Subscription:
    """An open ear; `close` shuts it."""

    def __init__(self, close: Callable[[], None]) -> None:
        self.close = close


class Signals(Protocol):
    """Sends small JSON messages on named topics to all processes of the house, at most once each."""

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Send without waiting. While the server is away only this process hears it."""

    def subscribe(self, topic: str, listener: Callable[[Mapping[str, Any]], None]) -> Subscription:
        """Call `listener` with every message on `topic`, also with those of this process."""

    async def hold(self, key: str, value: str, seconds: float) -> None:
        """Remember a value for a while (presence): the last one counts. Up to its last colon a key is its prefix."""

    async def recall(self, key: str) -> str | None:
        """The value remembered under this key."""

    async def held(self, prefix: str) -> Mapping[str, str]:
        """Key to value of all that is remembered with exactly this prefix."""

    async def count(self, key: str, seconds: float) -> int:
        """How often this was called with `key` in the present window of `seconds` (rate limits)."""

    async def close(self) -> None:
        """Stop."""


class Listeners:
    """Who listens in this process; a topic that nobody listens to any more is forgotten."""

    def __init__(self) -> None:
        self._by_topic: defaultdict[str, list[Listener]] = defaultdict(list)

    def subscribe(self, topic: str, listener: Listener) -> Subscription:
        """Until the answer is closed."""
        self._by_topic[topic].append(listener)

        def leave() -> None:
            self._by_topic[topic].remove(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

        return Subscription(leave)

    def tell(self, topic: str, message: Mapping[str, Any]) -> None:
        """Call all of the topic's."""
        for listener in tuple(self._by_topic.get(topic, ())):
            listener(message)


class LocalSignals:
    """Signals within one process."""

    def __init__(self) -> None:
        self._listeners = Listeners()
        self._held: defaultdict[str, dict[str, tuple[str, float]]] = defaultdict(dict)  # by prefix
        self._counts: dict[str, tuple[int, float]] = {}
        self._uses = 0

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        self._listeners.tell(topic, message)

    def subscribe(self, topic: str, listener: Listener) -> Subscription:
        return self._listeners.subscribe(topic, listener)

    async def hold(self, key: str, value: str, seconds: float) -> None:
        self._held[prefix_of(key)][key] = (value, _now() + seconds)
        self._sweep()

    def _sweep(self) -> None:
        """Now and then: what ran out and nobody asks for would stay for ever."""
        self._uses += 1
        if self._uses % SWEPT:
            return
        now = _now()
        left = ((prefix, {k: kept for k, kept in some.items() if kept[1] > now}) for prefix, some in self._held.items())
        self._held = defaultdict(dict, {prefix: some for prefix, some in left if some})
        self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > now}

    async def recall(self, key: str) -> str | None:
        value, until = self._held.get(prefix_of(key), {}).get(key, ("", 0.0))
        return value if until > _now() else None

    async def held(self, prefix: str) -> Mapping[str, str]:
        now = _now()
        return {key: value for key, (value, until) in self._held.get(prefix, {}).items() if until > now}

    async def count(self, key: str, seconds: float) -> int:
        now = _now()
        self._sweep()
        count, until = self._counts.get(key, (0, 0.0))
        count, until = (count + 1, until) if until > now else (1, now + seconds)
        self._counts[key] = (count, until)
        return count

    async def close(self) -> None:
        return


def prefix_of(key: str) -> str:
    """All up to the last colon."""
    return key[: key.rindex(":") + 1]


def _now() -> float:
    return asyncio.get_running_loop().time()
