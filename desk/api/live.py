"""What happens now, for staff: every change in the lists, and each event of the conversations they have open."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from conversation.codec import timestamp
from conversation.events import AlertRaised, Event, MessageReceived, NoteAdded
from conversation.log import LogUnavailable
from conversation.model import Conversation
from desk.api.hall import Hall, Me, seen_by_staff
from desk.api.screens import News, Rounds, Screen, Screens, frame
from desk.service.routing import QueueFigures
from desk.store.staff import Staff
from web.errors import Refused, refusal
from web.live import Live
from web.permissions import demand, grant, may, permissions_of
from web.sessions import COOKIE
from web.ticks import each_second

VIEWING_SECONDS: Final = 90.0
MONITORED_SECONDS: Final = 600.0
NEWS_SECONDS: Final = 0.5
TOLD_A_SECOND: Final = 1000  # pages, of the news: with more of them news come less often, and messages keep their pace
QUIET_SECONDS: Final = 0.5  # beside the above: a second in all
ACCESS_SECONDS: Final = 1.0
BYE: Final = json.dumps({"type": "bye", "reason": "signed_out"})
AGAIN: Final = json.dumps({"type": "bye", "reason": "restart"})
CLOSING: Final = {BYE: 1008, AGAIN: 1012}


class LiveDesk:
    """Loads each changed conversation once, however many pages are open."""

    def __init__(self, hall: Hall, live: Live) -> None:
        self._hall = hall
        self._screens = Screens()
        self._news = News()
        self._showing: set[asyncio.Task[None]] = set()
        self._changed: asyncio.Queue[Event] = asyncio.Queue()
        self._stop = live.watch_all(self._changed.put_nowait)
        self._load_all = live.load_all
        self._moved = asyncio.Event()
        self._doubted = asyncio.Event()
        self._told: dict[str, Any] = {}
        self._rounds = Rounds()
        self._queue: QueueFigures | None = None
        self._ears = (
            hall.signals.subscribe("presence", lambda _: self._moved.set()),
            hall.signals.subscribe("viewing", self._hear_viewing),
            hall.signals.subscribe("ticket", self._tell_of_ticket),
            hall.signals.subscribe("snoozes", self._tell_of_snoozes),
            hall.signals.subscribe("forced", self._tell_of_force),
            hall.signals.subscribe("access", lambda _: self._doubted.set()),
        )
        work = (self._follow(), self._tell_news(), self._watch_access(), self._every_second())
        self._tasks = [asyncio.create_task(one) for one in work]

    async def close(self) -> None:
        """Follow no longer."""
        self._stop()
        for ear in self._ears:
            ear.close()
        for task in (*self._tasks, *self._showing):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._showing, return_exceptions=True)

    async def serve(self, socket: WebSocket) -> None:
        """Speak docs/protocol.md with one desk page until either side leaves."""
        await socket.accept()
        try:
            me = await self._admit(socket)
            screen = Screen(me.staff, me.session.id, permissions_of(me.staff.role))
        except Refused as error:
            with suppress(WebSocketDisconnect, WebSocketDisconnected):  # it may have gone meanwhile
                await socket.send_json({"type": "error", **error.body()})
                await socket.close(1008)
            return
        self._screens.add(screen)
        sending = asyncio.create_task(self._send(socket, screen))
        try:
            await self._hear(socket, screen)
        finally:
            self._screens.discard(screen)
            for id in tuple(screen.opened):
                await self._shut(screen, id)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _admit(self, socket: WebSocket) -> Me:
        origin = socket.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
            raise Refused("forbidden", "this page comes from another origin")
        return await self._hall.admit(socket.cookies.get(COOKIE))

    async def _send(self, socket: WebSocket, screen: Screen) -> None:
        screen.put("welcome")
        with suppress(WebSocketDisconnect, WebSocketDisconnected):
            while not screen.lost:
                text = await screen.outbox.get()
                await socket.send_text(text)
                if text in CLOSING:
                    await socket.close(CLOSING[text])
                    return
            await socket.send_json({"type": "bye", "reason": "slow"})
            await socket.close(1013)

    async def _hear(self, socket: WebSocket, screen: Screen) -> None:
        with suppress(WebSocketDisconnect, WebSocketDisconnected):
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
            case "wallboard":
                demand(screen.staff.role, "wallboard.read")
                screen.wallboard = bool(said["on"])
            case "open":
                await self._open(screen, str(said["conversation"]), int(said.get("since", 0)))
            case "leave":
                await self._shut(screen, str(said["conversation"]))
            case "typing":
                await self._typing(screen, str(said["conversation"]), bool(said["on"]))
            case _:
                raise ValueError("no such frame")

    async def _confirm(self, screen: Screen) -> None:
        """A page that is open keeps its person's presence, and what they look at, alive."""
        await self._hall.presence.confirm(screen.staff.id)
        for id in screen.opened.keys() - screen.unseen:
            await self._view(screen, id, VIEWING_SECONDS)

    async def _open(self, screen: Screen, id: str, since: int) -> None:
        now = await self._hall.log.load(id)
        if not self._hall.may_see(now, screen.staff):
            raise Refused("forbidden", "a colleague has this conversation")
        if monitors := self._monitors(screen.staff, now):
            screen.unseen.add(id)
            await self._record_monitoring(screen.staff, id)  # before they see anything
        missed = await self._hall.log.history(id, after=since)
        self._screens.show(screen, id, missed[-1].seq if missed else since)
        screen.put("summary", conversation=self._hall.summary(now), events=seen_by_staff(missed))
        if id not in screen.ears:
            screen.ears[id] = self._hall.signals.subscribe(f"typing:{id}", screen.hear_typing)
        if not monitors:
            await self._view(screen, id, VIEWING_SECONDS)
            self._hall.signals.publish("viewing", {"conversation": id})

    def _monitors(self, staff: Staff, now: Conversation) -> bool:
        """A supervisor looks at a colleague's conversation, and takes no part."""
        colleague = now.holder.kind == "agent" and staff.id not in (now.holder.agent, *now.participants)
        return colleague and may(staff.role, "supervise")

    async def _record_monitoring(self, staff: Staff, id: str) -> None:
        """In the audit, once for a while however often the page comes back."""
        if await self._hall.signals.count(f"monitor:{staff.id}:{id}", MONITORED_SECONDS) == 1:
            await self._hall.changes.record(staff.id, staff.name, "conversation.monitored", id, {})

    async def _shut(self, screen: Screen, id: str) -> None:
        if id not in screen.opened:
            return
        self._screens.hide(screen, id)
        screen.ears.pop(id).close()
        screen.unseen.discard(id)
        await self._view(screen, id, 0)
        self._hall.signals.publish("viewing", {"conversation": id})

    async def _view(self, screen: Screen, id: str, seconds: float) -> None:
        who = json.dumps({"id": screen.staff.id, "name": screen.staff.name}) if seconds else ""
        await self._hall.signals.hold(f"viewing:{id}:{screen.id}", who, max(seconds, 1.0))

    def _tell_of_ticket(self, told: Mapping[str, Any]) -> None:
        """To the assignee, also the one before, who opened it, the watchers and the group; that it is late, also to the
        supervisors: it may be nobody's."""
        ticket, late = told["ticket"], told["what"] == "breached"
        for screen in self._screens:
            staff = screen.staff
            if (
                staff.id in (ticket["assignee"], told["before"], ticket["opened_by"], *ticket["watchers"])
                or ticket["group"] in staff.groups
                or (late and may(staff.role, "wallboard.read"))
            ):
                given_by = told["given_by"] if staff.id == ticket["assignee"] else ""
                screen.put("ticket", ticket=ticket, what=told["what"], given_by=given_by)

    def _tell_of_snoozes(self, told: Mapping[str, Any]) -> None:
        for screen in self._screens:
            if screen.staff.id == told["staff"]:
                screen.put("snoozes")

    def _tell_of_force(self, told: Mapping[str, Any]) -> None:
        for screen in self._screens:
            if screen.staff.id == told["staff"]:
                screen.put("forced", presence=told["presence"], by=told["by"], reason=told["reason"])

    def _hear_viewing(self, told: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._show_viewers(told["conversation"]))
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)

    async def _show_viewers(self, id: str) -> None:
        held = await self._hall.signals.held(f"viewing:{id}:")
        staff = {one["id"]: one for one in map(json.loads, filter(None, held.values()))}
        text = frame("viewing", conversation=id, staff=list(staff.values()))
        for screen in self._screens.showing(id):
            screen.send(text)

    async def _typing(self, screen: Screen, id: str, on: bool) -> None:
        now = await self._hall.log.load(id)
        if now.held_by(screen.staff.id):
            told = {"conversation": id, "who": "agent", "staff": screen.staff.id, "name": screen.staff.name, "on": on}
            self._hall.signals.publish(f"typing:{id}", told)

    async def _follow(self) -> None:
        while True:
            events = [await self._changed.get()]
            while not self._changed.empty():
                events.append(self._changed.get_nowait())
            if not self._screens:
                continue
            by_conversation: defaultdict[str, list[Event]] = defaultdict(list)
            for event in events:
                by_conversation[event.conversation].append(event)
            loaded = await self._loaded(by_conversation.keys())
            with suppress(LogUnavailable):
                await self._hall.desk.routing.floor.refresh()  # until when it has to be accepted is known there
            for id, now in loaded.items():
                await self._show(now, by_conversation[id])
            self._moved.set()

    async def _loaded(self, ids: Set[str]) -> Mapping[str, Conversation]:
        """As Live.load_all; while the store is away, it is asked again."""
        while True:
            try:
                return await self._load_all(ids)
            except LogUnavailable:
                await asyncio.sleep(NEWS_SECONDS)

    async def _show(self, now: Conversation, events: list[Event]) -> None:
        """What happened in one conversation, to whoever it concerns."""
        if not all(isinstance(event.fact, MessageReceived) for event in events):
            self._rounds.finish()  # an older `gone` may not come to a page after what it has now
        self._call(now, events)
        self._news.note(now, events)
        written: dict[int, str] = {}
        for screen in self._screens.near(now):
            if self._hall.may_see(now, screen.staff):
                self._tell(screen, now, events, written)
                await self._show_yourself(screen, now)
            else:
                await self._shut(screen, now.id)
                screen.put("gone", conversation=now.id)

    async def _show_yourself(self, screen: Screen, now: Conversation) -> None:
        """Who monitored and takes part from here on is seen."""
        if now.id in screen.unseen and not self._monitors(screen.staff, now):
            screen.unseen.discard(now.id)
            await self._view(screen, now.id, VIEWING_SECONDS)
            self._hall.signals.publish("viewing", {"conversation": now.id})

    def _call(self, now: Conversation, events: list[Event]) -> None:
        """Alerts go to the holder and the supervisors, mentions to who is named."""
        for event in events:
            if not isinstance(event.fact, AlertRaised | NoteAdded):
                continue
            (seen,) = seen_by_staff([event])
            for screen in self._screens:
                told = {"event": seen, "conversation": self._hall.summary(now)}
                if isinstance(event.fact, NoteAdded):
                    if screen.staff.id in event.fact.mentions:
                        screen.put("mention", **told)
                elif now.held_by(screen.staff.id) or may(screen.staff.role, "wallboard.read"):
                    screen.put("alert", **told)

    async def _every_second(self) -> None:
        """The wallboard, and reminders that are due."""
        async for _ in each_second():
            with suppress(LogUnavailable):
                watching = [screen for screen in self._screens if screen.wallboard]
                if watching:
                    text = frame("wallboard", **await self._hall.tools.wallboard.now())
                    for screen in watching:
                        screen.send(text)
                await self._remind()

    async def _watch_access(self) -> None:
        """Each second, and at once when told of a change: a page whose session is over, or whose person is no longer
        who they were, signs out; one whose role may other things than before comes anew."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(ACCESS_SECONDS):
                    await self._doubted.wait()
            self._doubted.clear()
            with suppress(LogUnavailable):
                await self._dismiss()

    async def _dismiss(self) -> None:
        screens = tuple(self._screens)  # who comes while the store is asked is not asked after
        if not screens:
            return
        active = {one.id: one for one in await self._hall.desk.routing.staff()}
        alive = await self._hall.admin.access.alive([screen.session for screen in screens])
        own = {kept.id: kept.body["permissions"] for kept in await self._hall.admin.roles.all()}
        for role in {screen.staff.role for screen in screens}:
            grant(role, own.get(role))
        for screen in screens:
            now = active.get(screen.staff.id)
            if now is None or now.role != screen.staff.role or screen.session not in alive:
                self._send_away(screen, BYE)
            elif permissions_of(screen.staff.role) != screen.rights:
                self._send_away(screen, AGAIN)

    def _send_away(self, screen: Screen, farewell: str) -> None:
        screen.send(farewell)
        self._screens.discard(screen)

    async def _remind(self) -> None:
        at = timestamp(datetime.now(UTC))
        here = {screen.staff.id for screen in self._screens}
        for kept in await self._hall.tools.snoozes.lately() if here else ():
            due = kept.owner in here and kept.body["until"] <= at
            if due and await self._hall.tools.snoozes.remove(kept.id):
                summary = self._hall.summary(await self._hall.log.load(kept.body["conversation"]))
                for screen in self._screens:
                    if screen.staff.id == kept.owner:
                        screen.put("reminder", conversation=summary, note=kept.body["note"])

    async def _tell_news(self) -> None:
        """Tell every page what is new in the lists, the queue's figures and who is there with what load."""
        while True:
            with suppress(TimeoutError):  # a presence runs out, and somebody begins to work here, without a signal
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._moved.wait()
            self._moved.clear()
            try:
                if self._screens:
                    await self._tell_everybody()
            except LogUnavailable:
                self._moved.set()
            await asyncio.sleep(max(NEWS_SECONDS, len(self._screens) / TOLD_A_SECOND))

    async def _tell_everybody(self) -> None:
        people = await self._hall.desk.routing.staff()
        figures, present = await self._hall.desk.routing.figures(), await self._hall.presence.all()
        loads = self._hall.desk.routing.floor.loads()
        now = {one.id: (present.get(one.id, "offline"), loads.get(one.id, Counter()).total()) for one in people}
        moved = [id for id, told in now.items() if told != self._told.get(id)]
        same: dict[str, Any] = {
            "staff": [{"id": id, "presence": now[id][0], "load": now[id][1]} for id in moved],
            "queue": figures.told(datetime.now(UTC)) if figures != self._queue else None,
        }
        self._told, self._queue = now, figures
        await self._tell_lists(same)
        while self._news:
            await self._tell_lists({"staff": [], "queue": None})

    async def _tell_lists(self, same: Mapping[str, Any]) -> None:
        """Some of what changed in the lists, with what is the `same` for all."""
        everything, open_to_all, gone = self._news.take()
        for reach, some, left in (("all", everything, {}), ("free", open_to_all, gone), ("own", [], {})):
            screens = [screen for screen in self._screens if screen.reach == reach]
            if screens and (some or left or any(same.values())):
                shown = [self._hall.summary(now) for now in some]
                text = frame("changes", conversations=shown, gone=left, **same)
                self._rounds.add(screens, text)
        await self._rounds.go()

    def _tell(self, screen: Screen, now: Conversation, events: list[Event], written: dict[int, str]) -> None:
        """The frame is `written` once for all pages to which as many of the events are new: the latest ones."""
        new = 0
        if (last := screen.opened.get(now.id)) is not None:
            new = sum(event.seq > last for event in events)
            screen.opened[now.id] = max(last, events[-1].seq)
        if new not in written:
            seen = seen_by_staff(events[len(events) - new :])
            written[new] = frame("summary", conversation=self._hall.summary(now), events=seen)
        screen.send(written[new])
