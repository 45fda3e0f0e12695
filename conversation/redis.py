"""Signals over Redis: what a house of several processes uses, and only such a house imports."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversation.signals import Listener, Listeners, LocalSignals, Subscription, prefix_of

RETRY_SECONDS: Final = 1.0
BACKLOG: Final = 10_000
HOLD: Final = """
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
redis.call('zremrangebyscore', KEYS[2], 0, now)
redis.call('zadd', KEYS[2], now + ARGV[2], ARGV[3])
if redis.call('pttl', KEYS[2]) < tonumber(ARGV[2]) then
  redis.call('pexpire', KEYS[2], ARGV[2])
end
"""

COUNT: Final = """
local count = redis.call('incr', KEYS[1])
if count == 1 then
  redis.call('pexpire', KEYS[1], ARGV[1])
end
return count
"""
CANCEL_SECONDS: Final = 0.1

log = logging.getLogger(__name__)


class RedisSignals:
    """Signals over Redis. While the server is away, signals, counts and presence stay within this process."""

    def __init__(self, url: str, prefix: str = "kefu:") -> None:
        self._redis = Redis.from_url(url, decode_responses=True, socket_timeout=5, socket_connect_timeout=2)
        self._hold = self._redis.register_script(HOLD)
        self._count = self._redis.register_script(COUNT)
        self._prefix = prefix
        self._listeners = Listeners()
        self._local = LocalSignals()
        self._outbox: asyncio.Queue[tuple[str, str]] = asyncio.Queue(BACKLOG)
        self._own = uuid4().hex
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()

    def start(self) -> None:
        """Begin to listen and to send; needs a running loop."""
        self._tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._send()),
        ]

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        self._listeners.tell(topic, message)
        with contextlib.suppress(asyncio.QueueFull):
            self._outbox.put_nowait((topic, json.dumps({"from": self._own, "message": message})))

    def subscribe(self, topic: str, listener: Listener) -> Subscription:
        return self._listeners.subscribe(topic, listener)

    async def hold(self, key: str, value: str, seconds: float) -> None:
        await self._local.hold(key, value, seconds)
        keys = [self._prefix + key, self._index(prefix_of(key))]
        with contextlib.suppress(RedisError, OSError):
            await self._hold(keys=keys, args=[value, int(seconds * 1000), key])

    def _index(self, prefix: str) -> str:
        """The sorted set of a prefix's keys by when they run out; it lives as long as the last of them."""
        return f"{self._prefix}held:{prefix}"

    async def recall(self, key: str) -> str | None:
        try:
            value = await self._redis.get(self._prefix + key)
        except (RedisError, OSError):
            return await self._local.recall(key)
        return None if value is None else str(value)

    async def held(self, prefix: str) -> Mapping[str, str]:
        try:
            keys = [str(key) for key in await self._redis.zrange(self._index(prefix), 0, -1)]
            values = await self._redis.mget([self._prefix + key for key in keys]) if keys else []
        except (RedisError, OSError):
            return await self._local.held(prefix)
        return {key: str(value) for key, value in zip(keys, values, strict=True) if value is not None}

    async def count(self, key: str, seconds: float) -> int:
        try:
            return int(await self._count(keys=[f"{self._prefix}count:{key}"], args=[int(seconds * 1000)]))
        except (RedisError, OSError):
            return await self._local.count(key, seconds)

    async def close(self) -> None:
        running = set(self._tasks)
        while running:  # the client takes a cancellation in the midst of a command for a connection that failed
            for task in running:
                task.cancel()
            running = (await asyncio.wait(running, timeout=CANCEL_SECONDS))[1]
        await self._redis.aclose()

    async def _send(self) -> None:
        while True:
            topic, text = await self._outbox.get()
            try:
                await self._redis.publish(self._prefix + topic, text)
            except (RedisError, OSError):
                log.warning("redis is away; signals stay in this process")
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.psubscribe(self._prefix + "*")
                    self.listening.set()
                    await self._hear(channel)
            except (RedisError, OSError):
                self.listening.clear()
                await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self, channel: Any) -> None:
        while True:
            heard = await channel.get_message(ignore_subscribe_messages=True, timeout=None)
            if heard is None:
                continue
            body = json.loads(heard["data"])
            if body["from"] != self._own:
                self._listeners.tell(heard["channel"].removeprefix(self._prefix), body["message"])
