"""The tail's folds equal the log's, whenever it is asked."""

import pytest

from conversation.events import AgentAssigned, ConversationStarted, HandoffRequested, MessageReceived
from conversation.log import Log, UnknownConversation
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
