"""What became of suggestions: as facts, in the report, and learned from."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from agent_assist.adapters.models import ModelFile
from agent_assist.rules.dialogue import Moment
from agent_assist.rules.models import Models
from agent_assist.rules.mood import Mood
from agent_assist.service.advise import Advise
from agent_assist.service.training import Trained, train
from conversation.events import (
    ConversationClosed,
    Suggested,
    SuggestionJudged,
)
from tests.services.assist.room import INVOICE, Room


async def test_what_became_of_a_suggestion_is_a_fact(room: Room) -> None:
    await room.begin()
    await room.asked("怎么开发票")
    (settled,) = await room.answered(INVOICE)
    assert (settled.outcome, settled.number, settled.distance) == ("used", 0, 0.0)
    await room.asked("在哪开发票")
    *_, settled = await room.answered(f"{INVOICE}。谢谢")
    assert settled.outcome == "edited"
    assert 0 < settled.distance < 0.5
    await room.asked("能开发票吗")
    *_, settled = await room.answered("抱歉，这个我要先问一下同事")
    assert (settled.outcome, settled.number) == ("ignored", -1)
    await room.asked("要开发票")
    seq = next(one.seq for one in reversed(await room.log.history("c1")) if isinstance(one.fact, Suggested))
    await room.tell(SuggestionJudged("a1", seq, 0, "picked"))
    *_, settled = await room.answered("可以改成公司，您把抬头发我")
    assert settled.outcome == "edited"
    assert len(await room.answered("还有别的问题吗")) == 4


async def test_what_is_learned_replaces_what_was_and_is_taken_over(room: Room, tmp_path: Path) -> None:
    topics = {"发票": "电子发票已经发到邮箱了哦", "退款": "退款会在三天内原路返回的", "快递": "包裹今天由顺丰发出了呢"}
    for number in range(60):
        topic = list(topics)[number % 3]
        await room.begin(f"t{number}")
        await room.asked(f"请问{topic}的事情怎么样了 {number}", f"t{number}")
        await room.answered(topics[topic], f"t{number}")
        await room.tell(ConversationClosed("a1"), f"t{number}")
    trained = await train(room.log, Models())
    assert (trained.kept, trained.conversations) == (True, 60)
    assert trained.after is not None
    assert trained.after > 0.5
    file = ModelFile(tmp_path / "assist" / "models.npz")
    assert file.read() == Models()
    file.write(trained.models)
    read = file.read()
    assert read is file.read()
    moment = Moment(asked="退款呢", nth=0)
    assert read.replies is not None
    assert trained.models.replies is not None
    assert (read.replies.moments([moment]) == trained.models.replies.moments([moment])).all()
    again = await train(room.log, read)
    assert again.before is not None
    assert again.kept
    worse = Trained(1, Models(), 0.9, 0.5)
    assert not worse.kept


async def test_the_report_counts_what_became_of_suggestions(room: Room) -> None:
    advise = Advise(room.log, room.memory, {}, Mood(()))
    await room.begin()
    await room.asked("怎么开发票")
    await room.answered(INVOICE)
    await room.asked("能开发票吗")
    await room.answered("抱歉，这个我要先问一下同事")
    await room.answered("请再等等")
    told = await advise.report(datetime(2020, 1, 1, tzinfo=UTC))
    assert (told["answers"], told["total"]["used"], told["total"]["ignored"]) == (3, 1, 1)
    assert told["trigger_rate"] == pytest.approx(2 / 3)
    assert told["sources"]["canned"]["acceptance"] == 1
    assert told["agents"]["a1"]["acceptance"] == 0.5
    (today,) = told["days"]
    assert today["day"] == datetime.now(UTC).date().isoformat()
    assert {name: today[name] for name in ("answers", "trigger_rate", "total", "sources")} == {
        name: told[name] for name in ("answers", "trigger_rate", "total", "sources")
    }
    zones = [timezone(timedelta(hours=hours)) for hours in (23, -23)]
    late, early = [(await advise.report(datetime(2020, 1, 1, tzinfo=UTC), zone))["days"][0]["day"] for zone in zones]
    assert late > early


async def test_what_moved_the_scale_once_does_not_move_it_again(room: Room) -> None:
    await room.begin()
    for number in range(3):
        await room.asked(f"怎么开发票{'呀' * number}")
        await room.answered(INVOICE)
    first = (await train(room.log, Models())).models
    again = (await train(room.log, first)).models
    assert first.scale.source["canned"] > 0
    assert again.scale == first.scale
