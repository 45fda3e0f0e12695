"""Tells other systems what happened: signed, repeated until it arrives, with a log."""

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from conversation.codec import show, timestamp
from conversation.events import KINDS, Audience, Event, Fact
from conversation.log import Log
from conversation.model import Conversation
from desk.ports import Post, Undelivered
from desk.store.deliveries import Deliveries, Delivery
from desk.store.shelf import Kept, Shelf

RETRY_SECONDS: Final = (5, 30, 120, 600, 3600, 21_600)
AT_ONCE: Final = 50

Summary = Callable[[Conversation], Mapping[str, Any]]


def signature(secret: str, at: str, body: str) -> str:
    """HMAC-SHA256 over the time and the body, so that neither can be changed nor an old one sent again."""
    return hmac.new(secret.encode(), f"{at}.{body}".encode(), sha256).hexdigest()


class Webhooks:
    """Facts that staff may see, to whoever asked for their kind."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(k for k in KINDS.values() if k.audience <= Audience.STAFF)

    def __init__(
        self,
        log: Log,
        hooks: Shelf,
        deliveries: Deliveries,
        post: Post,
        summary: Callable[[Conversation], Mapping[str, Any]],
    ) -> None:
        self._log = log
        self._hooks = hooks
        self._deliveries = deliveries
        self._post = post
        self._summary = summary

    async def take(self, events: Sequence[Event]) -> None:
        """Note down who is to be told of what."""
        hooks = [hook for hook in await self._hooks.lately() if hook.body["active"]]
        told = [
            (hook.id, event.seq, event.kind) for hook in hooks for event in events if event.kind in hook.body["kinds"]
        ]
        await self._deliveries.add(told, datetime.now(UTC))

    async def send(self, at: datetime) -> int:
        """Try what is due; returns how many were tried."""
        due = await self._deliveries.due(at, AT_ONCE)
        for delivery in due:
            hook = await self._hooks.find(delivery.webhook)
            if hook is None or not hook.body["active"]:
                await self._deliveries.note(replace(delivery, state="failed", next_at=None, error="switched off"))
            else:
                await self._deliveries.note(await self._try(hook, delivery, at))
        return len(due)

    async def _try(self, hook: Kept, delivery: Delivery, at: datetime) -> Delivery:
        event = await self._log.event(delivery.seq)
        assert event is not None
        summary = self._summary(await self._log.load(event.conversation))
        told = {"event": show(event, Audience.STAFF), "conversation": summary}
        tries = delivery.tries + 1
        status, error = await self._post_to(hook, str(delivery.id), told, at)
        tried = replace(delivery, tries=tries, status=status, error=error)
        if status is not None and 200 <= status < 300:
            return replace(tried, state="delivered", next_at=None)
        if tries > len(RETRY_SECONDS):
            return replace(tried, state="failed", next_at=None)
        return replace(tried, next_at=at + timedelta(seconds=RETRY_SECONDS[tries - 1]))

    async def _post_to(self, hook: Kept, id: str, told: Mapping[str, Any], at: datetime) -> tuple[int | None, str]:
        """The answer's status, or None and why there was none."""
        body = json.dumps(told, ensure_ascii=False)
        headers = {
            "Content-Type": "application/json",
            "X-Kefu-Delivery": id,
            "X-Kefu-Timestamp": timestamp(at),
            "X-Kefu-Signature": f"sha256={signature(hook.body['secret'], timestamp(at), body)}",
        }
        try:
            return await self._post.send(hook.body["url"], body, headers), ""
        except Undelivered as failure:
            return None, str(failure)

    async def test(self, hook: Kept) -> tuple[int | None, str]:
        """Send `{event: null, conversation: null}`, signed like any other, once and at once; as _post_to."""
        return await self._post_to(hook, "test", {"event": None, "conversation": None}, datetime.now(UTC))

    async def retry(self, delivery: Delivery) -> None:
        """From the beginning, at once."""
        await self._deliveries.note(replace(delivery, state="waiting", tries=0, next_at=datetime.now(UTC)))
