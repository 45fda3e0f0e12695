"""Live views: whoever watches a conversation hears of each new event, as far as its circle may see."""

from collections import defaultdict
from collections.abc import Callable

from conversation.events import Event
from conversation.tail import Tail

Hear = Callable[[Event], None]


class Live:
    """Fans the log's tail out to sockets: one pass over the listeners of a conversation per event.

    `load_all` gives conversations as of the newest event that was told here, mostly without asking the log.
    """

    def __init__(self, tail: Tail) -> None:
        self._by_conversation: defaultdict[str, list[Hear]] = defaultdict(list)
        self._everything: list[Hear] = []
        self._stop = tail.listen(self._tell)
        self.load_all = tail.load_all

    def watch(self, conversation: str, hear: Hear) -> Callable[[], None]:
        """Call `hear` with every new event of a conversation until the answer is called."""
        self._by_conversation[conversation].append(hear)

        def leave() -> None:
            listeners = self._by_conversation[conversation]
            listeners.remove(hear)
            if not listeners:
                del self._by_conversation[conversation]

        return leave

    def watch_all(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` with every new event of the house until the answer is called."""
        self._everything.append(hear)
        return lambda: self._everything.remove(hear)

    def close(self) -> None:
        """Follow the tail no longer."""
        self._stop()

    def _tell(self, event: Event) -> None:
        for hear in (
            *self._everything,
            *self._by_conversation.get(event.conversation, ()),
        ):
            hear(event)
