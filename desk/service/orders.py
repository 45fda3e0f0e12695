"""The orders that a person spoke of, as the shop knows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from conversation.events import MessageLeft, MessageReceived
from conversation.log import Log
from conversation.model import Conversation
from desk.ports import Shop

CONVERSATIONS: Final = 10
ORDERS: Final = 10


class Orders:
    """`numbers` finds what looks like an order's number in a text."""

    def __init__(self, log: Log, shop: Shop, numbers: Callable[[str], Iterable[str]]) -> None:
        self._log = log
        self._shop = shop
        self._numbers = numbers

    async def of(self, conversations: Sequence[Conversation]) -> list[Mapping[str, Any]]:
        """Those named in a person's latest conversations, the last named first. Raises ShopAway."""
        named: dict[str, None] = {}
        for now in conversations[:CONVERSATIONS]:
            for event in reversed(await self._log.history(now.id)):
                if isinstance(event.fact, MessageReceived | MessageLeft):
                    named |= dict.fromkeys(self._numbers(event.fact.text))
        found = [await self._shop.order(number) for number in list(named)[:ORDERS]]
        return [order for order in found if order is not None]
