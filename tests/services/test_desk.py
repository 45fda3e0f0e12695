"""The desk on the real log."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.codec import blank
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    AlertRaised,
    Attachment,
    ConversationClosed,
    ConversationStarted,
    HandoffRequested,
    MessageReceived,
    PicturesSeen,
    Seen,
)
from conversation.log import HolderChanged, Log, Search
from conversation.memory import MemoryLog
from conversation.model import BOT, Holder
from conversation.signals import LocalSignals, Signals
from desk.adapters.presence import SignalledPresence
from desk.rules.people import Group
from desk.rules.premises import Premises
from desk.service.alerts import Alerts
from desk.service.desk import Desk
from desk.service.floor import Floor
from desk.service.routing import Routing
from desk.store.staff import Staff
from language.spans import Span
from web.hours import Hours

MEI = Staff("a1", "mei", "小美", "agent", ("zh", "en"), ("sales",), 2)
BOB = Staff("a2", "bob", "Bob", "agent", ("en",), ("support",), 2)


class Everyone:
    def __init__(self, *staff: Staff) -> None:
        self._staff = list(staff)

    async def all(self) -> list[Staff]:
        return self._staff


class Cabinet:
    """Where files would be."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def save(self, name: str, content: bytes, owner: str) -> Attachment:
        raise NotImplementedError

    async def delete(self, id: str) -> None:
        self.deleted.append(id)


async def open_routing(
    log: Log, *staff: Staff, groups: tuple[Group, ...] = (), signals: Signals | None = None
) -> Routing:
    signals = signals or LocalSignals()
    presence = SignalledPresence(signals)
    for one in staff:
        await presence.set(one.id, "online")
    premises = Premises({group.id: group for group in (Group("sales", {}), Group("support", {}), *groups)})
    return Routing(log, Floor(log, log, premises), Everyone(*staff), presence, signals, premises)


def desk_on(log: Log, routing: Routing) -> Desk:
    return Desk(log, routing, Cabinet(), Alerts(log, routing.floor, Premises(), lambda _: ()))


async def open_desk(log: Log, *staff: Staff, groups: tuple[Group, ...] = ()) -> Desk:
    return desk_on(log, await open_routing(log, *staff, groups=groups))


async def wait_in_queue(log: Log, name: str, language: str = "en", group: str = "") -> None:
    await log.append(name, ConversationStarted("k", "widget", "demo", language), cause="start")
    await log.append(name, HandoffRequested("asked", group), cause="h")


async def test_language_group_and_capacity_decide_who_gets_it(log: Log) -> None:
    desk = await open_desk(log, MEI, BOB)
    await wait_in_queue(log, "zh", "zh")
    await wait_in_queue(log, "support", "en", "support")
    await wait_in_queue(log, "nobody", "zh", "support")
    assert await desk.routing.route() == 2
    assert (await log.load("zh")).holder == Holder("agent", "a1")
    assert (await log.load("support")).holder == Holder("agent", "a2")
    assert (await log.load("nobody")).holder.kind == "queue"


async def test_the_longest_wait_is_served_first_and_nobody_gets_too_many(log: Log) -> None:
    desk = await open_desk(log, BOB)
    for n in range(4):
        await wait_in_queue(log, f"c{n}")
    await asyncio.gather(*(desk.routing.route() for _ in range(5)))
    assert [c.id for c in await log.waiting()] == ["c2", "c3"]
    await desk.close("c0", BOB, "x1", "")
    await desk.routing.route()
    assert [c.id for c in await log.waiting()] == ["c3"]


async def test_nobody_absent_is_assigned(log: Log) -> None:
    await wait_in_queue(log, "c1")
    assert await (await open_routing(log)).route() == 0


async def test_who_waits_is_told_the_place_and_the_expected_wait(log: Log) -> None:
    signals = LocalSignals()
    desk = desk_on(log, await open_routing(log, BOB, signals=signals))
    told: list[Mapping[str, Any]] = []
    signals.subscribe("queue:c3", told.append)
    for n in range(4):
        await wait_in_queue(log, f"c{n}")
    await desk.routing.route()
    await desk.routing.tell_places()
    await desk.routing.tell_places()
    assert told == [{"position": 2, "wait_seconds": None, "absent": False, "opens_at": None, "crowded": False}]
    await desk.close("c0", BOB, "x", "")
    await desk.routing.route()
    await desk.routing.tell_places()
    assert told[-1]["position"] == 1
    assert told[-1]["wait_seconds"] > 0


async def test_only_the_holder_replies(log: Log) -> None:
    desk = await open_desk(log, MEI, BOB)
    await wait_in_queue(log, "c1", "zh")
    await desk.routing.route()
    await desk.reply("c1", MEI, "r1", "您好")
    again = await desk.reply("c1", MEI, "r1", "您好")
    assert not again.fresh
    with pytest.raises(HolderChanged):
        await desk.reply("c1", BOB, "r2", "me too")
    await desk.note("c1", BOB, "n1", "I know this customer")


async def test_of_many_who_take_at_once_one_has_it(log: Log) -> None:
    desk = await open_desk(log)
    await wait_in_queue(log, "c1")
    takers = [Staff(f"a{n}", f"a{n}", f"A{n}", "agent", ("en",), (), 2) for n in range(8)]
    took = await asyncio.gather(*(desk.take("c1", one, f"take-{one.id}") for one in takers), return_exceptions=True)
    assert [type(one) for one in took if isinstance(one, BaseException)] == [HolderChanged] * 7
    (winner,) = [one for one, done in zip(takers, took, strict=True) if not isinstance(done, BaseException)]
    assert (await log.load("c1")).holder == Holder("agent", winner.id)
    assert [event.kind for event in await log.history("c1")].count("AgentAssigned") == 1


async def test_nothing_of_the_agent_follows_a_take_over_that_came_while_they_sent(log: Log) -> None:
    desk = await open_desk(log)
    await wait_in_queue(log, "c1")
    await desk.take("c1", BOB, "t")

    async def write() -> list[bool]:
        sent = []
        for n in range(40):
            try:
                await desk.reply("c1", BOB, f"r{n}", f"line {n}")
                sent.append(True)
            except HolderChanged:
                sent.append(False)
            await asyncio.sleep(0)
        return sent

    async def take_over() -> None:
        await asyncio.sleep(0.01)
        await desk.take("c1", MEI, "over", manages=True)

    sent, _ = await asyncio.gather(write(), take_over())
    assert sent == sorted(sent, reverse=True)  # after the first refusal all are refused
    history = await log.history("c1")
    (taken,) = [e.seq for e in history if isinstance(e.fact, AgentAssigned) and e.fact.agent == MEI.id]
    written = [e.seq for e in history if isinstance(e.fact, AgentReplied)]
    assert len(written) == sum(sent)
    assert all(seq < taken for seq in written)


async def test_of_two_who_take_at_once_one_gets_it_and_the_other_hears_who(log: Log) -> None:
    desk = await open_desk(log)
    await wait_in_queue(log, "c1")
    takes = (desk.take("c1", MEI, "t1"), desk.take("c1", BOB, "t1b"), desk.take("c1", MEI, "t2"))
    done = await asyncio.gather(*takes, return_exceptions=True)
    (taken,) = [one for one in done if not isinstance(one, BaseException)]
    holder = (await log.load("c1")).holder.agent
    assert taken.events[0].fact == AgentAssigned({"a1": "小美", "a2": "Bob"}[holder], holder, by=holder)
    assert {type(one) for one in done if one is not taken} == {HolderChanged}
    assert all(one.conversation.holder.agent == holder for one in done if isinstance(one, HolderChanged))


async def test_a_transfer_to_a_colleague_reaches_only_them(log: Log) -> None:
    desk = await open_desk(log, MEI, BOB)
    await wait_in_queue(log, "c1", "en", "sales")
    await desk.routing.route()
    await desk.transfer("c1", MEI, "t1", to="a2", group="", note="speaks English")
    await desk.routing.route()
    assert (await log.load("c1")).holder == Holder("agent", "a2")


async def test_back_to_the_queue_keeps_its_place_and_back_to_the_bot_ends_it(log: Log) -> None:
    desk = await open_desk(log, BOB)
    await wait_in_queue(log, "c1")
    await desk.routing.route()
    await desk.hand_back("c1", BOB, "b1", "")
    assert (await log.load("c1")).holder == BOT
    await desk.take("c1", MEI, "k1")
    await desk.give_back("c1", MEI, "g1", "lunch")
    assert [c.id for c in await log.waiting()] == ["c1"]


@dataclass(frozen=True)
class Shop:
    """A site, as the desk sees it."""

    group: str
    hours: Hours | None = None


async def test_what_was_taken_from_the_bot_comes_back_to_its_sites_group(log: Log) -> None:
    desk = await open_desk(log, MEI, BOB)
    desk.routing.premises.sites = {"demo": Shop("support"), "lost": Shop("gone")}
    for name, site in (("given", "demo"), ("left", "demo"), ("lost", "lost")):
        await log.append(name, ConversationStarted("k", "widget", site, "en"), cause="start")
        await desk.take(name, MEI, "t")
    await desk.give_back("given", MEI, "g", "not mine")
    await desk.give_back("lost", MEI, "g", "not mine")
    await desk.routing.floor.refresh()
    await desk.routing._presence.set("a1", "offline")
    now = datetime.now(UTC)
    assert await desk.routing.recall(now) == 0
    assert await desk.routing.recall(now + timedelta(seconds=121)) == 1
    assert {now.id: now.group for now in await log.waiting()} == {"given": "support", "left": "support", "lost": ""}
    desk.routing.floor.forgive(now + timedelta(minutes=1))
    await desk.routing.route()
    assert (await log.load("given")).holder.agent == "a2"


async def test_who_is_passed_to_a_colleague_stays_their_groups(log: Log) -> None:
    desk = await open_desk(log, MEI, BOB)
    await wait_in_queue(log, "c1", "en", "sales")
    await desk.routing.route()
    await desk.transfer("c1", MEI, "t1", to="a2", group="", note="")
    await desk.routing.route()
    await desk.give_back("c1", BOB, "g", "no time")
    assert (await log.load("c1")).group == "sales"


async def test_who_returns_to_the_queue_is_served_before_who_came_later(log: Log) -> None:
    desk = await open_desk(log, BOB)
    for name in ("first", "held", "later"):
        await wait_in_queue(log, name)
    await desk.routing.route()
    await desk.give_back("first", BOB, "g1", "lunch")
    assert [c.id for c in await log.waiting()] == ["first", "later"]


async def test_close_asks_for_a_rating_and_a_new_message_goes_to_the_bot(log: Log) -> None:
    desk = await open_desk(log, BOB)
    await wait_in_queue(log, "c1")
    await desk.routing.route()
    await desk.close("c1", BOB, "x", "solved")
    assert [event.kind for event in await log.history("c1")][-2:] == ["ConversationClosed", "RatingAsked"]
    await log.append("c1", MessageReceived("one more thing"), cause="m")
    assert (await log.load("c1")).holder == BOT
    with pytest.raises(HolderChanged):
        await desk.reopen("c1", BOB, "o")


async def test_angry_words_alert_while_somebody_can_still_act(log: Log) -> None:
    routing = await open_routing(log, BOB)
    alerts = Alerts(log, routing.floor, Premises(), lambda text: (Span(0, len(text), "angry"),))
    for name in ("goes_on", "over"):
        await wait_in_queue(log, name)
        await log.append(name, MessageReceived("useless"), cause="angry")
    await log.append("over", ConversationClosed("system", "gone"), cause="close")
    told = {}
    for name in ("goes_on", "over"):
        await alerts.read((await log.recorded(name, "angry"))[0])
        told[name] = [event.fact for event in await log.history(name) if isinstance(event.fact, AlertRaised)]
    assert told == {"goes_on": [AlertRaised("angry", "useless")], "over": []}


async def test_a_long_wait_alerts_once_and_is_forgotten_with_it(log: Log) -> None:
    desk = await open_desk(log, BOB)
    floor, premises = desk.routing.floor, Premises()
    premises.levels = replace(premises.levels, wait_seconds=60, no_reply_seconds=30)
    alerts = Alerts(log, floor, premises, lambda _: ())
    await wait_in_queue(log, "c1")
    for seconds in (0, 70, 80):
        await floor.refresh()
        await alerts.watch(datetime.now(UTC) + timedelta(seconds=seconds))
    await desk.routing.route()
    await log.append("c1", MessageReceived("hello?"), cause="m")
    for seconds in (0, 40, 50):
        await floor.refresh()
        await alerts.watch(datetime.now(UTC) + timedelta(seconds=seconds))
    raised = [event.fact for event in await log.history("c1") if isinstance(event.fact, AlertRaised)]
    assert [alert.alert for alert in raised] == ["wait", "no_reply"]
    assert len(alerts.standing) == 1
    await desk.close("c1", BOB, "x", "")
    await floor.refresh()
    await alerts.watch(datetime.now(UTC) + timedelta(seconds=60))
    assert not alerts.standing


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["arrive", "route", "route2", "close", "return"]), max_size=30),
    st.integers(1, 3),
)
def test_capacity_holds_under_any_interleaving(steps: list[str], capacity: int) -> None:
    asyncio.run(_interleave(steps, capacity))


async def _interleave(steps: list[str], capacity: int) -> None:
    log = MemoryLog()
    ann = Staff("a1", "ann", "Ann", "agent", ("en",), (), capacity)
    desk = await open_desk(log, ann)
    for n, step in enumerate(steps):
        assert sum((await log.loads()).values()) <= capacity
        if step == "arrive":
            await wait_in_queue(log, f"c{n}")
            continue
        if step.startswith("route"):
            await asyncio.gather(*(desk.routing.route() for _ in range(len(step) - 4)))
            continue
        for conversation in await log.find(Search(agent="a1", status="open"), limit=1):
            if step == "close":
                await desk.close(conversation.id, ann, f"x{n}", "")
            else:
                await desk.give_back(conversation.id, ann, f"x{n}", "")
    await desk.routing.route()
    desk.routing.floor.forgive(datetime.now(UTC) + timedelta(minutes=1))
    await desk.routing.route()
    load = (await log.loads()).get("a1", 0)
    assert load == capacity or not await log.waiting()


async def test_with_a_message_what_its_pictures_showed_is_erased(log: Log) -> None:
    desk = await open_desk(log, MEI)
    await log.append("c1", ConversationStarted("k", "widget", "demo", "en"), cause="start")
    cup = Attachment("f1", "cup.png", "image/png", 9)
    said = (await log.append("c1", MessageReceived("broken", attachments=(cup,)), cause="m1")).events[0]
    await log.append("c1", PicturesSeen(said.seq, (Seen("f1", "a broken cup"),)), cause=f"seq:{said.seq}")
    await desk.redact(said.seq, by="sue")
    kept = [event.fact for event in await log.history("c1") if isinstance(event.fact, MessageReceived | PicturesSeen)]
    assert kept == [blank(said.fact), PicturesSeen(said.seq, (Seen("f1", ""),))]


async def test_a_presence_that_an_older_version_set_still_counts() -> None:
    signals = LocalSignals()
    presence = SignalledPresence(signals)
    await signals.hold("presence:a1", "online", 90)
    await presence.confirm("a1")
    await presence.set("a2", "break")
    assert await presence.all() == {"a1": "online", "a2": "break"}
    assert list(await presence.since()) == ["a2"]
