"""One widget's socket, from hello to good-bye."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from channels.api.frames import SAID, Hello, Leave, Ping, Rate, Read, Send, Typing, Wish
from channels.rules import FRAME_BYTES, TEXT_LENGTH
from channels.service import Channels, Visitor
from conversation.codec import show, timestamp
from conversation.events import Audience, Event, MessageLeft, MessageReceived
from conversation.log import Appended, Log
from conversation.signals import Signals
from web.errors import Refused, refusal
from web.live import Live
from web.tokens import Pass, Tokens

HELLO_SECONDS: Final = 10.0
BACKLOG: Final = 500
FLOOD: Final = 40
FLOOD_SECONDS: Final = 10.0
SHOWN: Final = 100


class Door:
    """What every widget's socket shares."""

    def __init__(self, channels: Channels, log: Log, live: Live, signals: Signals, tokens: Tokens) -> None:
        self.channels = channels
        self.log = log
        self.live = live
        self.signals = signals
        self.tokens = tokens

    async def serve(self, socket: WebSocket) -> None:
        """Speak docs/protocol.md with one widget until either side leaves."""
        await socket.accept()
        try:
            visit = await self._greet(socket)
            if visit is not None:
                await visit.run()
        except WebSocketDisconnect:
            return

    async def _greet(self, socket: WebSocket) -> "Visit | None":
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                hello = Hello.model_validate(await _receive(socket))
            contact = self._contact(hello)
        except (TimeoutError, ValidationError, Refused) as error:
            await socket.send_text(_error(None, _refusal(error)))
            await socket.close(1008)
            return None
        visitor = Visitor(contact, hello.site, hello.language, hello.page)
        conversation = await self.channels.enter(visitor)
        visit = Visit(self, socket, conversation.id, visitor)
        await visit.welcome(hello.since)
        return visit

    def _contact(self, hello: Hello) -> str:
        if hello.token is None:
            return f"k{uuid4().hex}"
        known = self.tokens.read(hello.token)
        if known.site != hello.site:
            raise Refused("forbidden", "this token belongs to another site", "token")
        return known.contact


class Visit:
    """One open socket: a queue outwards, so that a slow widget holds nobody up, and a loop inwards."""

    def __init__(self, door: Door, socket: WebSocket, conversation: str, visitor: Visitor) -> None:
        self._door = door
        self._socket = socket
        self._conversation = conversation
        self._visitor = visitor
        self._outbox: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self._sent = 0
        self._lost = False
        self._stops: tuple[Callable[[], None], ...] = (
            door.live.watch(conversation, self._hear),
            door.signals.subscribe(f"queue:{conversation}", lambda told: self._put(_frame("queue", **told))).close,
            door.signals.subscribe(f"typing:{conversation}", self._hear_typing).close,
        )

    async def welcome(self, since: int) -> None:
        """Send what happened after `since`; what happens meanwhile waits in the outbox and is not sent twice."""
        now = await self._door.log.load(self._conversation)
        events = await self._door.log.history(self._conversation, after=since, limit=SHOWN)
        self._sent = max(since, now.seq)
        await self._socket.send_text(
            _frame(
                "welcome",
                token=self._door.tokens.sign(Pass(self._visitor.contact, self._visitor.site)),
                contact=self._visitor.contact,
                conversation=self._conversation,
                language=now.language,
                status=now.status,
                holder=now.holder.kind,
                agent=now.agent_name,
                typing="",
                queue=await self._place(),
                events=[seen for event in events if (seen := shown(event)) is not None],
                more=len(events) == SHOWN,
                seq=now.seq,
                limits={"text": TEXT_LENGTH},
                away=None,
            )
        )

    async def _place(self) -> dict[str, Any] | None:
        """The place in the queue; the expected wait follows when the desk next counts."""
        waiting = [conversation.id for conversation in await self._door.log.waiting()]
        if self._conversation not in waiting:
            return None
        return {"position": waiting.index(self._conversation) + 1, "wait_seconds": None}

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
            self._put(_frame("typing", **told))

    def _hear(self, event: Event) -> None:
        if (seen := shown(event)) is not None:
            self._put(_frame("event", event=seen), event.seq)

    def _put(self, text: str, seq: int | None = None) -> None:
        if seq is not None and seq <= self._sent:
            return
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
        if await self._door.signals.count(f"flood:{self._conversation}", FLOOD_SECONDS) > FLOOD:
            refused = Refused("too_many", f"more than {FLOOD} messages in {FLOOD_SECONDS:g} seconds; slow down")
            self._put(_error(id, refused))
            return
        try:
            done = await self._do(SAID.validate_python(raw))
        except Exception as error:
            self._put(_error(id, _refusal(error)))
            return
        if done is not None and id is not None:
            self._put(_frame("ack", id=id, seq=done.seq, at=timestamp(done.events[0].at)))

    async def _do(self, said: Send | Typing | Read | Rate | Leave | Wish | Ping) -> Appended | None:
        channels, here = self._door.channels, self._conversation
        match said:
            case Send():
                return await channels.receive(here, said.id, said.text, said.choice.choice() if said.choice else None)
            case Rate():
                return await channels.rate(here, said.id, said.score, said.comment)
            case Leave():
                left = MessageLeft(said.text, said.name, said.email, said.phone)
                return await channels.leave(here, said.id, left)
            case Wish(type="person"):
                return await channels.ask_for_person(here, said.id)
            case Wish(type="bot"):
                return await channels.back_to_bot(here, said.id)
            case Wish():
                return await channels.end(here, said.id)
            case Read():
                return await channels.read(here, said.seq)
            case Typing():
                self._door.signals.publish(f"typing:{here}", {"who": "customer", "on": said.on})
            case Ping():
                self._put(_frame("pong"))
        return None


def shown(event: Event) -> dict[str, Any] | None:
    """An event for the customer, with the client's own id on their messages; None when it is not for them."""
    seen = show(event, Audience.CUSTOMER)
    if seen is not None and isinstance(event.fact, MessageReceived):
        seen["id"] = event.cause.removeprefix("client:")
    return seen


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
    return json.dumps({"type": type, **fields}, ensure_ascii=False, separators=(",", ":"))


def _error(id: str | None, refused: Refused) -> str:
    return _frame("error", id=id, **refused.body())
