"""The tail's folds equal the log's, whenever it is asked."""

from collections.abc import Collection, Mapping

import pytest

from conversation.events import AgentAssigned, ConversationStarted, HandoffRequested, MessageReceived
from conversation.log import Log, UnknownConversation
from conversation.model import Conversation
from conversation.tail import Tail


async def test_folds_are_the_logs(log: Log) -> None:
    await log.append("old", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    tail = Tail(log)
    await tail.start()
    with pytest.raises(UnknownConversation):
        await tail.load("new")
    cursors = dict(tail.ends)
    await log.append("new", ConversationStarted("k", "widget", "demo", "en"), cause="start")
    await log.append("new", HandoffRequested("asked"), cause="h")
    await log.append("old", MessageReceived("hi"), cause="m")
    assert (await tail.load("old")).seq == (await log.load("old")).seq
    last = await log.append("new", AgentAssigned("A", "a1"), cause="t")
    while max(tail.ends.values()) < last.seq:
        await tail.wait_beyond(cursors, 5)
        cursors = dict(tail.ends)
    for name in ("old", "new"):
        assert await tail.load(name) == await log.load(name)
    await tail.stop()


async def test_what_the_tail_does_not_know_is_asked_of_the_log_once(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"c{n}" for n in range(20)}
    for name in names:
        await log.append(name, ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    asked, load_all = list[set[str]](), log.load_all

    async def noted(conversations: Collection[str]) -> Mapping[str, Conversation]:
        asked.append(set(conversations))
        return await load_all(conversations)

    monkeypatch.setattr(log, "load_all", noted)
    tail = Tail(log)
    known = await tail.load("c0")
    assert await tail.load_all({*names, "nobody"}) == {name: await log.load(name) for name in names}
    assert await tail.load_all({"c0"}) == {"c0": known}
    assert asked == [{*names, "nobody"} - {"c0"}, set()]


async def test_a_fold_that_grew_while_it_was_loaded_stays(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    await log.append("c", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    tail, load_all = Tail(log), log.load_all

    async def overtaken(conversations: Collection[str]) -> Mapping[str, Conversation]:
        found = await load_all(conversations)
        await log.append("c", MessageReceived("meanwhile"), cause="m")
        await tail.load("c")
        return found

    monkeypatch.setattr(log, "load_all", overtaken)
    assert (await tail.load_all({"c"}))["c"] == await log.load("c")
