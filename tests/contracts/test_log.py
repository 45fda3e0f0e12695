"""The log's contract, on every implementation."""

import asyncio

import pytest

from conversation.codec import show
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    Audience,
    BotMessage,
    BotReplied,
    ConversationStarted,
    HandoffRequested,
    MessageReceived,
    NoteAdded,
    ParticipantJoined,
    ParticipantLeft,
)
from conversation.log import (
    PARTITIONS,
    HolderChanged,
    Log,
    NoRoom,
    Room,
    Search,
    UnknownConversation,
    partition_of,
)
from conversation.model import BOT, QUEUE, Holder, Speaker

START = ConversationStarted("contact", "widget", "demo", "zh")


async def begin(log: Log, name: str) -> None:
    await log.append(name, START, cause="start")


async def test_what_is_appended_is_read_back_in_order(log: Log) -> None:
    await begin(log, "c1")
    done = await log.append("c1", MessageReceived("查订单 hello 🙂"), cause="m1")
    assert done.fresh
    events = await log.history("c1")
    assert [event.kind for event in events] == [
        "ConversationStarted",
        "MessageReceived",
    ]
    assert events[1] == done.events[0]
    assert await log.event(done.seq) == done.events[0]
    assert await log.events([done.seq, done.seq + 1]) == {done.seq: done.events[0]}
    assert await log.events([]) == {}


async def test_conversations_are_loaded_together(log: Log) -> None:
    for name in ("c1", "c2", "c3"):
        await begin(log, name)
    await log.append("c2", MessageReceived("one"), cause="m1")
    assert await log.load_all({"c1", "c2", "nobody"}) == {name: await log.load(name) for name in ("c1", "c2")}
    assert await log.load_all(()) == {}


async def test_a_cause_counts_once(log: Log) -> None:
    await begin(log, "c1")
    first = await log.append("c1", MessageReceived("one"), cause="m1")
    again = await log.append("c1", MessageReceived("other words"), cause="m1")
    assert (again.fresh, again.events) == (False, first.events)
    assert len(await log.history("c1")) == 2


async def test_the_same_cause_at_the_same_moment_counts_once(log: Log) -> None:
    await begin(log, "c1")
    done = await asyncio.gather(*(log.append("c1", MessageReceived("one"), cause="m1") for _ in range(20)))
    assert sum(one.fresh for one in done) == 1
    assert len({one.seq for one in done}) == 1


async def test_facts_of_one_append_are_recorded_together_or_not_at_all(
    log: Log,
) -> None:
    await begin(log, "c1")
    reply = BotReplied((BotMessage("a person will help"),), "en")
    await log.append("c1", reply, HandoffRequested("asked"), cause="s2", only_while=BOT)
    with pytest.raises(HolderChanged) as refusal:
        await log.append("c1", reply, HandoffRequested("asked"), cause="s3", only_while=BOT)
    assert refusal.value.conversation.holder == QUEUE
    assert await log.recorded("c1", "s3") == ()


async def test_one_of_two_agents_gets_the_conversation(log: Log) -> None:
    await begin(log, "c1")
    await log.append("c1", HandoffRequested("asked"), cause="h")
    takes = (log.append("c1", AgentAssigned("A", f"a{n}"), cause=f"take{n}", only_while=QUEUE) for n in range(8))
    done = await asyncio.gather(*takes, return_exceptions=True)
    assert sum(isinstance(one, HolderChanged) for one in done) == 7
    assert (await log.load("c1")).holder.kind == "agent"


async def test_a_conversation_must_start(log: Log) -> None:
    with pytest.raises(UnknownConversation):
        await log.append("nobody", MessageReceived("hello"), cause="m")
    with pytest.raises(UnknownConversation):
        await log.load("nobody")


async def test_impossible_appends_are_refused(log: Log) -> None:
    with pytest.raises(ValueError, match="at least one fact"):
        await log.append("c1", cause="m")
    with pytest.raises(ValueError, match="one fact of a kind"):
        await log.append("c1", START, START, cause="m")


async def test_the_past_can_be_loaded(log: Log) -> None:
    await begin(log, "c1")
    asked = await log.append("c1", HandoffRequested("asked"), cause="h")
    await log.append("c1", AgentAssigned("小美", "a1"), cause="t")
    assert (await log.load("c1", at=asked.seq)).holder == QUEUE
    assert (await log.load("c1")).holder == Holder("agent", "a1")


async def test_conversations_are_found_by_their_state(log: Log) -> None:
    for name in ("c1", "c2", "c3"):
        await begin(log, name)
    await log.append("c2", HandoffRequested("asked"), cause="h")
    await log.append("c3", HandoffRequested("asked"), cause="h")
    await log.append("c3", AgentAssigned("A", "a1"), cause="t")
    assert [c.id for c in await log.find(Search(holder="bot"))] == ["c1"]
    assert [c.id for c in await log.waiting()] == ["c2"]
    assert await log.loads() == {"a1": 1}
    assert await log.count(Search(contact="contact", status="open")) == 3
    assert [c.id for c in await log.find(Search(), limit=2)] == ["c3", "c2"]


async def test_history_pages_both_ways(log: Log) -> None:
    await begin(log, "c1")
    seqs = [(await log.append("c1", MessageReceived(str(n)), cause=f"m{n}")).seq for n in range(9)]
    assert [e.seq for e in await log.history("c1", limit=3)] == seqs[-3:]
    assert [e.seq for e in await log.history("c1", before=seqs[5], limit=3)] == seqs[2:5]
    assert [e.seq for e in await log.history("c1", after=seqs[1], limit=3)] == seqs[2:5]


async def test_readers_miss_nothing_while_many_write(log: Log) -> None:
    names = [f"c{n}" for n in range(20)]
    seen: list[int] = []
    cursors = dict.fromkeys(range(PARTITIONS), 0)

    async def write(name: str) -> None:
        await begin(log, name)
        for n in range(10):
            await log.append(name, MessageReceived(str(n)), cause=f"m{n}")

    async def follow() -> None:
        while len(seen) < 220:
            for event in await log.read(cursors, 7):
                cursors[partition_of(event.conversation)] = event.seq
                seen.append(event.seq)
            await log.wait(0.01)

    async with asyncio.timeout(60):
        await asyncio.gather(follow(), *(write(name) for name in names))
    assert len(set(seen)) == 220
    assert dict(await log.last()) == cursors


async def test_redaction_blanks_the_words_and_leaves_the_place(log: Log) -> None:
    await begin(log, "c1")
    said = await log.append("c1", MessageReceived("my card is 4111"), cause="m")
    await log.redact(said.seq, by="s1")
    event = await log.event(said.seq)
    assert event is not None
    assert event.fact == MessageReceived("")
    assert (await log.load("c1")).preview == ""
    assert [e.kind for e in await log.history("c1")][-1] == "Redacted"
    shown = show(event, Audience.CUSTOMER)
    assert shown is not None
    assert shown["redacted"] is True


async def test_a_customer_sees_no_staff_fact(log: Log) -> None:
    await begin(log, "c1")
    note = await log.append("c1", NoteAdded("a1", "A", "rude"), cause="n")
    assert show(note.events[0], Audience.CUSTOMER) is None
    assert show(note.events[0], Audience.STAFF) is not None


async def test_partitions_are_shared_fairly_and_move_when_an_owner_goes(
    log: Log,
) -> None:
    assert len((await log.claim("one", 60, {"bot": {}}))["bot"]) == PARTITIONS
    assert len((await log.claim("two", 60, {"bot": {}}))["bot"]) == 0
    kept = (await log.claim("one", 60, {"bot": {}}))["bot"]
    given = (await log.claim("two", 60, {"bot": {}}))["bot"]
    assert len(kept) == len(given) == PARTITIONS // 2
    assert not kept.keys() & given.keys()
    mine = next(iter(kept))
    assert mine not in (await log.claim("two", 60, {"bot": {mine: 99}}))["bot"]
    await log.release("one", {"bot": {mine: 5}})
    assert (await log.claim("two", 60, {"bot": {}}))["bot"][mine] == 5


async def test_readers_of_one_process_are_renewed_together(log: Log) -> None:
    await log.claim("one", 60, {"bot": {}, "desk": {}})
    assert await log.claim("one", 60, {"bot": {0: 7}, "desk": {1: 8}, "search": {}}) == {
        "bot": {0: 7} | dict.fromkeys(range(1, PARTITIONS), 0),
        "desk": dict.fromkeys(range(PARTITIONS), 0) | {1: 8},
        "search": dict.fromkeys(range(PARTITIONS), 0),
    }


async def test_a_lease_that_ran_out_is_free_and_so_are_those_of_the_dead(log: Log) -> None:
    await log.claim("one", 0, {"bot": {}})
    assert len((await log.claim("two", 60, {"bot": {}}))["bot"]) == PARTITIONS
    await log.bury("two")
    assert len((await log.claim("three", 60, {"bot": {}}))["bot"]) == PARTITIONS


async def test_facts_of_a_kind_are_found_latest_first(log: Log) -> None:
    await begin(log, "c1")
    await begin(log, "c2")
    notes = [(await log.append(c, NoteAdded("a", "A", c), cause=f"n{n}")).seq for n, c in enumerate(("c1", "c2", "c1"))]
    found = await log.of_kinds({"NoteAdded", "Redacted"})
    assert [event.seq for event in found] == notes[::-1]
    assert [event.seq for event in await log.of_kinds({"NoteAdded"}, before=notes[2], limit=1)] == [notes[1]]


async def test_an_agent_gets_no_more_than_there_is_room_for(log: Log) -> None:
    for n in range(6):
        await log.append(f"c{n}", START, HandoffRequested("asked"), cause="start")

    async def give(n: int, room: Room) -> bool:
        try:
            await log.append(f"c{n}", AgentAssigned("Mei", "a1"), cause="give", only_while=QUEUE, room=room)
        except NoRoom:
            return False
        return True

    given = await asyncio.gather(*(give(n, Room("a1", 3)) for n in range(6)))
    assert sum(given) == 3
    assert await log.loads() == {"a1": 3}
    free = given.index(False)
    assert not await give(free, Room("a1", 9, "widget", 3))
    assert await give(free, Room("a1", 9, "email", 3))


async def test_a_participant_may_write_and_one_who_left_may_not(log: Log) -> None:
    await log.append("c1", START, AgentAssigned("Mei", "a1"), cause="start")
    await log.append("c1", ParticipantJoined("Sue", "s1", "s1", "barge"), cause="in")
    await log.append("c1", AgentReplied("Sue", "s1", "hello"), cause="r1", only_while=Speaker("s1"))
    await log.append("c1", ParticipantLeft("Sue", "s1", "s1"), cause="out")
    with pytest.raises(HolderChanged):
        await log.append("c1", AgentReplied("Sue", "s1", "again"), cause="r2", only_while=Speaker("s1"))
    assert (await log.load("c1")).participants == ()
