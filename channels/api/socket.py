"""One widget's socket, from hello to good-bye."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from channels.api.door import Door, shown
from channels.api.frames import SAID, Hello, Ping
from channels.rules import FRAME_BYTES, away_message
from channels.service import Visitor
from conversation.codec import timestamp
from conversation.events import Event
from web.errors import Refused, refusal

HELLO_SECONDS: Final = 10.0
BACKLOG: Final = 500


async def serve(door: Door, socket: WebSocket) -> None:
    """Speak docs/protocol.md with one widget until either side leaves."""
    await socket.accept()
    try:
        visit = await _greet(door, socket)
        if visit is not None:
            await visit.run()
    except (WebSocketDisconnect, WebSocketDisconnected):  # the page went, or our own sending found it gone
        return


async def _greet(door: Door, socket: WebSocket) -> "Visit | None":
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = Hello.model_validate(await _receive(socket))
        visitor, conversation = await door.enter(hello, socket)
    except (TimeoutError, ValidationError, Refused) as error:
        await socket.send_text(_error(None, _refusal(error)))
        await socket.close(1008)
        return None
    visit = Visit(door, socket, conversation.id, visitor)
    await visit.welcome(hello.since)
    return visit


class Visit:
    """One open socket: a queue outwards, so that a slow widget holds nobody up, and a loop inwards."""

    def __init__(self, door: Door, socket: WebSocket, conversation: str, visitor: Visitor) -> None:
        self._door = door
        self._socket = socket
        self._conversation = conversation
        self._visitor = visitor
        self._outbox: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self._sent = 0
        self._away: str | None = None
        self._blocked = False
        self._lost = False
        self._stops: tuple[Callable[[], None], ...] = (
            door.live.watch(conversation, self._hear),
            door.signals.subscribe(f"queue:{conversation}", self._hear_place).close,
            door.signals.subscribe(f"typing:{conversation}", self._hear_typing).close,
            door.signals.subscribe(f"blocked:{visitor.contact}", lambda told: self._tell_blocked(on=told["on"])).close,
        )

    async def welcome(self, since: int) -> None:
        """Send what happened after `since`; what happens meanwhile waits in the outbox and is not sent twice."""
        snapshot = await self._door.snapshot(self._conversation, self._visitor, since)
        self._sent = max(since, snapshot["seq"])
        self._away, self._blocked = (snapshot["away"] or {}).get("message"), snapshot["blocked"]
        await self._socket.send_text(_frame("welcome", **snapshot))

    async def run(self) -> None:
        """Until the socket closes."""
        sending = asyncio.create_task(self._send())
        try:
            while True:
                await self._take(await _receive(self._socket))
        except Refused as error:
            self._put(_error(None, error))
            self._put(_frame("bye", reason="flood"))
        finally:
            self._leave()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def _leave(self) -> None:
        stops, self._stops = self._stops, ()
        for stop in stops:
            stop()

    def _hear_typing(self, told: Mapping[str, Any]) -> None:
        if told["who"] != "customer":
            self._put(_frame("typing", who=told["who"], name=told["name"], on=told["on"]))

    def _hear_place(self, told: Mapping[str, Any]) -> None:
        self._put(_frame("queue", position=told["position"], wait_seconds=told["wait_seconds"]))
        message = away_message(self._visitor.language, crowded=told["crowded"]) if told["absent"] else None
        if message != self._away:
            self._away = message
            self._put(_frame("away", message=message, opens_at=told["opens_at"]))

    def _tell_blocked(self, *, on: bool) -> None:
        if on != self._blocked:
            self._blocked = on
            self._put(_frame("blocked", on=on))

    def _hear(self, event: Event) -> None:
        if event.seq > self._sent and (seen := shown(event)) is not None:
            self._put(_frame("event", event=seen))

    def _put(self, text: str) -> None:
        if self._outbox.full():
            self._lost = True
            self._leave()
            return
        self._outbox.put_nowait(text)

    async def _send(self) -> None:
        while not self._lost:
            await self._socket.send_text(await self._outbox.get())
        await self._socket.send_text(_frame("bye", reason="slow"))
        await self._socket.close(1013)

    async def _take(self, raw: Any) -> None:
        id = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
        try:
            said = SAID.validate_python(raw)
            done = await self._door.act(self._conversation, self._visitor, said)
        except Exception as error:
            self._put(_error(id, _refusal(error)))
            return
        if isinstance(said, Ping):
            self._tell_blocked(on=await self._door.blocks.blocked(self._visitor.contact))  # a block's time may be over
            self._put(_frame("pong"))
        if done is not None:
            self._put(_frame("ack", id=id, seq=done.seq, at=timestamp(done.events[0].at)))


async def _receive(socket: WebSocket) -> Any:
    """The next frame's JSON, or the broken text itself, which no frame's shape fits. Raises WebSocketDisconnect."""
    text = await socket.receive_text()
    if len(text) > FRAME_BYTES:
        raise Refused("too_large", f"a frame has at most {FRAME_BYTES} characters")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _refusal(error: Exception) -> Refused:
    if isinstance(error, TimeoutError):
        return Refused("malformed", f"no hello within {HELLO_SECONDS:g} seconds")
    if not isinstance(error, ValidationError):
        return refusal(error)
    first = error.errors(include_input=False, include_url=False)[0]
    # The union's branch is named by the type tag, which is no field of the frame.
    tags = ("send", "typing", "read", "rate", "leave", "person", "bot", "end", "ping")
    field = ".".join(str(part) for part in first["loc"] if part not in tags)
    code = "malformed" if first["type"] in ("model_type", "model_attributes_type") else "invalid"
    return Refused(code, first["msg"].removeprefix("Value error, "), field or None)


def _frame(type: str, **fields: Any) -> str:
    return orjson.dumps({"type": type, **fields}).decode()


def _error(id: str | None, refused: Refused) -> str:
    return _frame("error", id=id, **refused.body())
