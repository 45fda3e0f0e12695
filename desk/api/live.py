"""What happens now, for staff: every change in the lists, and each event of the conversations they have open."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from conversation.codec import show
from conversation.events import Audience, Event
from conversation.model import Conversation
from desk.api.routes import Hall, summary
from desk.store import Staff
from web.errors import Refused, refusal
from web.live import Live
from web.permissions import may
from web.sessions import COOKIE

BACKLOG: Final = 1000


@dataclass(eq=False, slots=True)
class Screen:
    """One open desk page; `opened` maps a conversation to the last seq sent."""

    staff: Staff
    outbox: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(BACKLOG))
    opened: dict[str, int] = field(default_factory=dict)
    lost: bool = False

    def put(self, type: str, **fields: Any) -> None:
        """Send a frame; a page that reads too slowly is let go and comes back with a fresh list."""
        try:
            self.outbox.put_nowait(json.dumps({"type": type, **fields}, ensure_ascii=False))
        except asyncio.QueueFull:
            self.lost = True

    def may_see(self, now: Conversation) -> bool:
        """As Hall.visible."""
        return may(self.staff.role, "conversations.all") or now.holder.agent in ("", self.staff.id)


class LiveDesk:
    """Loads each changed conversation once, however many pages are open."""

    def __init__(self, hall: Hall, live: Live) -> None:
        self._hall = hall
        self._screens: set[Screen] = set()
        self._changed: asyncio.Queue[Event] = asyncio.Queue()
        self._stop = live.watch_all(self._changed.put_nowait)
        self._presence = hall.signals.subscribe("presence", self._tell_presence)
        self._task = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Follow no longer."""
        self._stop()
        self._presence.close()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def serve(self, socket: WebSocket) -> None:
        """Speak docs/protocol.md with one desk page until either side leaves."""
        await socket.accept()
        try:
            screen = Screen(await self._admit(socket))
        except Refused as error:
            await socket.send_json({"type": "error", **error.body()})
            await socket.close(1008)
            return
        self._screens.add(screen)
        sending = asyncio.create_task(self._send(socket, screen))
        try:
            await self._hear(socket, screen)
        finally:
            self._screens.discard(screen)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _admit(self, socket: WebSocket) -> Staff:
        origin = socket.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
            raise Refused("forbidden", "this page comes from another origin")
        session = self._hall.sessions.read(socket.cookies.get(COOKIE))
        for member in await self._hall.roster.all():
            if member.id == session.staff:
                return member
        raise Refused("unauthenticated", "please sign in")

    async def _send(self, socket: WebSocket, screen: Screen) -> None:
        screen.put("welcome")
        with suppress(WebSocketDisconnect):
            while not screen.lost:
                await socket.send_text(await screen.outbox.get())
            await socket.send_json({"type": "bye", "reason": "slow"})
            await socket.close(1013)

    async def _hear(self, socket: WebSocket, screen: Screen) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                text = await socket.receive_text()
                try:
                    await self._take(screen, json.loads(text))
                except (ValueError, KeyError, TypeError, AttributeError):
                    screen.put("error", code="malformed", message="this frame is not in the protocol", field=None)
                except Exception as error:
                    screen.put("error", **refusal(error).body())

    async def _take(self, screen: Screen, said: Mapping[str, Any]) -> None:
        match said["type"]:
            case "ping":
                screen.put("pong")
                await self._confirm(screen)
            case "open":
                await self._open(screen, str(said["conversation"]), int(said.get("since", 0)))
            case "leave":
                screen.opened.pop(str(said["conversation"]), None)
            case "typing":
                await self._typing(screen, str(said["conversation"]), bool(said["on"]))
            case _:
                raise ValueError("no such frame")

    async def _confirm(self, screen: Screen) -> None:
        """A page that is open keeps its person's presence alive."""
        state = (await self._hall.presence.all()).get(screen.staff.id)
        if state is not None:
            await self._hall.presence.set(screen.staff.id, state)

    async def _open(self, screen: Screen, id: str, since: int) -> None:
        now = await self._hall.log.load(id)
        if not screen.may_see(now):
            raise Refused("forbidden", "a colleague has this conversation")
        missed = await self._hall.log.history(id, after=since)
        screen.opened[id] = missed[-1].seq if missed else since
        screen.put("summary", conversation=summary(now), events=_seen(missed))

    async def _typing(self, screen: Screen, id: str, on: bool) -> None:
        now = await self._hall.log.load(id)
        if now.held_by(screen.staff.id):
            self._hall.signals.publish(f"typing:{id}", {"who": "agent", "name": screen.staff.name, "on": on})

    async def _follow(self) -> None:
        while True:
            events = [await self._changed.get()]
            while not self._changed.empty():
                events.append(self._changed.get_nowait())
            if not self._screens:
                continue
            for id in dict.fromkeys(event.conversation for event in events):
                now = await self._hall.log.load(id)
                for screen in tuple(self._screens):
                    if screen.may_see(now):
                        _tell(screen, now, [event for event in events if event.conversation == id])
                    else:
                        screen.opened.pop(id, None)

    def _tell_presence(self, told: Mapping[str, Any]) -> None:
        for screen in self._screens:
            screen.put("presence", **told)


def _tell(screen: Screen, now: Conversation, events: list[Event]) -> None:
    fresh: list[Event] = []
    if (last := screen.opened.get(now.id)) is not None:
        fresh = [event for event in events if event.seq > last]
        screen.opened[now.id] = max(last, events[-1].seq)
    screen.put("summary", conversation=summary(now), events=_seen(fresh))


def _seen(events: list[Event]) -> list[dict[str, Any]]:
    return [seen for event in events if (seen := show(event, Audience.STAFF)) is not None]
