"""The trainer's loop on the real log: what is collected, what is taught, and which model gets to work."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from bot.ports import Turn
from bot.rules.cases import Case, Played
from bot.rules.corpus import read_corpus
from bot.service.review import BadExamples, Brought, Review
from bot.service.training import NotNow, Training, TrainingFailed
from bot.store.examples import Examples
from bot.store.inbox import Inbox
from bot.store.versions import Version, Versions
from conversation.events import (
    BotFaulted,
    BotMessage,
    BotReplied,
    ConversationStarted,
    Event,
    Fact,
    Guess,
    HandoffRequested,
    MessageReceived,
    Part,
    Rated,
    SourceJudged,
)
from conversation.sql import SqlLog

BASE = {
    "domain.yml": "intents: [greet, refund]\n",
    "nlu/a.yml": "nlu:\n- intent: greet\n  examples: |\n    - 你好\n- intent: refund\n  examples: |\n    - 我要退款\n",
}
CASE = Case.model_validate({"dialogue": "d", "turns": [{"user": "hi"}], "ends": {"handoff": "asked"}})


@pytest.fixture
def log(sql_log: SqlLog) -> SqlLog:
    """On the whole shape."""
    return sql_log


@pytest.fixture
def review(log: SqlLog) -> Review:
    return Review(log, Inbox(log.transactions), Examples(log.transactions), BASE)


async def say(log: SqlLog, text: str, intent: str, confidence: float, *actions: str, also: Fact | None = None) -> Event:
    """A customer's message and the bot's answer; gives the message."""
    await log.append("c1", ConversationStarted("k1", "widget", "demo", "zh"), cause="start")
    number = len(await log.history("c1"))
    said = (await log.append("c1", MessageReceived(text), cause=f"m{number}")).events[0]
    guesses = (Guess("refund", 0.4), Guess("greet", 0.3))
    reply = BotReplied((BotMessage("…"),), "zh", intent=intent, confidence=confidence, actions=actions, guesses=guesses)
    await log.append("c1", reply, *((also,) if also else ()), cause=f"seq:{said.seq}")
    return said


async def collect(log: SqlLog, review: Review) -> dict[str, str]:
    """Everything so far, read twice; gives why by text."""
    for _ in range(2):
        await review.take(await log.history("c1"))
    return {one.text: one.item.why for group in await review.groups() for one in group}


async def test_messages_are_collected_for_a_reason(log: SqlLog, review: Review) -> None:
    await say(log, "你好", "greet", 0.9)
    await say(log, "呜呼哀哉", "nlu_fallback", 0.3, "action_clarify")
    await say(log, "钱呢", "refund", 0.4, "utter_x")
    await say(log, "质量不好", "refund", 0.4, "refund_form")
    await say(log, "你到底会不会", "greet", 0.8, "utter_greet")
    await say(log, "转人工", "human", 0.9, "action_handoff", also=HandoffRequested("asked"))
    assert await collect(log, review) == {"呜呼哀哉": "not_understood", "钱呢": "unsure", "你到底会不会": "handed_off"}
    await say(log, "怎么保修", "nlu_fallback", 0.3, "library")
    await say(log, "价保怎么弄", "refund", 0.9, "utter_x")
    await log.append("c1", SourceJudged("e1", False), cause="seq:pressed")
    await say(log, "算了", "greet", 0.9, "utter_x")
    await log.append("c1", Rated(1), cause="rated")
    told = await collect(log, review)
    assert (told["怎么保修"], told["价保怎么弄"], told["算了"]) == ("not_understood", "unhelpful", "low_rating")
    assert await review.waiting() == len(told) == 6
    rude = await say(log, "你们发什么快递", "shipping", 0.9, "utter_x")
    reply = next(one for one in await log.history("c1") if one.cause == f"seq:{rude.seq}")
    await log.append("c1", BotFaulted(reply.seq, "rude_word"), cause="score:x")
    assert (await collect(log, review))["你们发什么快递"] == "quality"


async def test_what_the_customer_thinks_of_the_answer_outweighs_what_the_bot_thought(
    log: SqlLog, review: Review
) -> None:
    said = await say(log, "怎么保修", "nlu_fallback", 0.3, "library")
    assert await collect(log, review) == {"怎么保修": "not_understood"}
    await log.append("c1", SourceJudged("e1", False), cause="seq:pressed")
    assert await collect(log, review) == {"怎么保修": "unhelpful"}
    await review.dismiss([said.seq])
    assert await collect(log, review) == {}


async def test_parts_of_a_message_are_shown_and_set_right(log: SqlLog, review: Review) -> None:
    await log.append("c1", ConversationStarted("k1", "widget", "demo", "zh"), cause="start")
    said = (await log.append("c1", MessageReceived("退钱给我，还有大家好"), cause="m")).events[0]
    parts = (Part(0, 4, "refund", 0.9), Part(7, 10, "refund", 0.6))
    await log.append("c1", BotReplied((BotMessage("…"),), "zh", "refund", 0.9, parts=parts), cause=f"seq:{said.seq}")
    assert await collect(log, review) == {"退钱给我，还有大家好": "several"}
    shown = (await review.groups())[0][0]
    assert [(text, part.intent) for text, part in shown.parts] == [("退钱给我", "refund"), ("大家好", "refund")]
    assert await review.label_part(said.seq, 1, "greet", "t1")
    assert not await review.label_part(said.seq, 2, "greet", "t1")
    assert [(one.text, one.intent) for one in await review.taught()] == [("大家好", "greet")]
    assert await review.waiting() == 1  # its other part may be wrong, too
    await log.redact(said.seq, by="s1")
    await review.take(await log.history("c1"))
    assert (await review.groups(), await review.taught()) == ([], [])


async def test_what_is_alike_stands_together(log: SqlLog, review: Review) -> None:
    for text in ("我的钱什么时候退", "怎么打发票", "我的钱啥时候退", "我的钱什么时候能退"):
        await say(log, text, "nlu_fallback", 0.3, "action_clarify")
    await collect(log, review)
    groups = await review.groups()
    assert [len(group) for group in groups] == [3, 1]
    assert groups[0][0].item.guesses[0][0] == "refund"


async def test_what_is_taught_is_trained_on_or_held_out_and_hides_who_said_it(log: SqlLog, review: Review) -> None:
    seqs = [
        (await say(log, f"退我钱吧{n}，电话13912345678", "nlu_fallback", 0.3, "action_clarify")).seq for n in range(12)
    ]
    await collect(log, review)
    assert await review.label(seqs, "refund", "t1") == 12
    assert await review.groups() == []
    taught = await review.taught()
    assert all("[phone]" in one.text and "139" not in one.text for one in taught)
    corpus, problems = read_corpus(await review.files())
    trained = {one.text for one in corpus.examples if one.file == "nlu/labelled.yml"}
    assert problems == []
    assert trained == {one.text for one in taught if not one.heldout}
    assert 0 < len(trained) < 12
    assert (await review.intents())["refund"] == 13
    assert await review.unlearn(taught[0].id)
    assert not await review.unlearn(taught[0].id)
    assert await review.waiting() == 1


async def test_what_contradicts_is_refused(log: SqlLog, review: Review) -> None:
    said = await say(log, "你好", "nlu_fallback", 0.3, "action_clarify")
    await collect(log, review)
    with pytest.raises(BadExamples, match=r"“你好” is refund here, greet at nlu/a.yml:4"):
        await review.label([said.seq], "refund", "t1")
    assert await review.waiting() == 1
    with pytest.raises(BadExamples, match=r"mine.yml:2: no intent is called byu"):
        await review.bring_in("mine.yml", "nlu:\n- intent: byu\n  examples: |\n    - 买\n", "t1")
    with pytest.raises(BadExamples, match=r"mine.yml:1: an import brings examples .* no intent is called byu"):
        await review.bring_in("mine.yml", "intents: [byu]\nnlu:\n- intent: byu\n  examples: |\n    - 买\n", "t1")


async def test_another_spelling_takes_the_place_of_the_first(log: SqlLog, review: Review) -> None:
    for text, intent in (("Give It Back", "greet"), ("give  it back", "refund")):
        await review.bring_in("mine.yml", f"nlu:\n- intent: {intent}\n  examples: |\n    - {text}\n", "t1")
    assert [(one.text, one.intent) for one in await review.taught()] == [("give  it back", "refund")]


async def test_who_asks_for_a_person_was_understood_whatever_the_reason(log: SqlLog, review: Review) -> None:
    await say(log, "blorp", "track_parcel", 0.9)
    await say(log, "找个人来", "human", 0.9, "action_handoff", also=HandoffRequested("not_understood"))
    assert await collect(log, review) == {"blorp": "handed_off"}


async def test_what_has_no_guesses_shows_what_it_was_taken_for(log: SqlLog, review: Review) -> None:
    said = await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), MessageReceived("在吗"), cause="m1")
    await log.append("c1", BotReplied((BotMessage("…"),), "zh", "greet", 0.4), cause=f"seq:{said.seq}")
    await collect(log, review)
    assert [list(guess) for guess in (await review.groups())[0][0].item.guesses] == [["greet", 0.4]]


async def test_what_is_erased_in_the_log_is_forgotten(log: SqlLog, review: Review) -> None:
    first = await say(log, "我叫张三", "nlu_fallback", 0.3, "action_clarify")
    second = await say(log, "我住在这里", "nlu_fallback", 0.3, "action_clarify")
    await collect(log, review)
    await review.label([first.seq], "refund", "t1")
    for said in (first, second):
        await log.redact(said.seq, by="a1")
    assert await collect(log, review) == {}
    assert await review.taught() == []


async def test_exported_and_brought_in_again(log: SqlLog, review: Review) -> None:
    text = "nlu:\n- intent: refund\n  examples: |\n    - 把钱还我\n    - give it back\n"
    assert await review.bring_in("mine.yml", text, "t1") == Brought(2, [])
    exported = await review.exported()
    assert await review.bring_in("mine.yml", exported, "t2") == Brought(2, [])
    assert {one.text for one in await review.taught()} == {"把钱还我", "give it back"}


async def test_what_an_import_leaves_out_is_said_with_its_line(log: SqlLog, review: Review) -> None:
    text = (
        "nlu:\n- intent: refund\n  examples: |\n    - 把[红茶](tea)的钱还我\n- regex: zip\n  examples: |\n    - 1+\n"
        "- synonym: tea\n  examples: |\n    - 茶\n- regex: code\n  examples: |\n    - [A-Z]+\n"
        "entities: [tea]\nrules:\n- rule: one\n  steps:\n  - intent: refund\n"
        "- rule: two\n  steps:\n  - intent: greet\n"
    )
    brought = await review.bring_in("mine.yml", text, "t1")
    assert brought.taught == 1
    assert list(brought.left_out) == [
        ("entity", 1, 4), ("regex", 2, 5), ("synonym", 1, 8), ("entities", 1, 14), ("rules", 2, 16),
    ]  # fmt: skip
    assert [one.text for one in await review.taught()] == ["把红茶的钱还我"]


class Bench:
    """A workshop whose models know what they are told to know."""

    def __init__(self) -> None:
        self.working = "greet"
        self.files: dict[str, str] = {}
        self.handoff = {"": "asked", "v2": "asked"}
        self.fails = False
        self.free = asyncio.Event()
        self.free.set()

    async def train(self, files: Mapping[str, str], name: str) -> None:
        await self.free.wait()
        if self.fails:
            raise TrainingFailed("train: out of memory")
        self.files[name] = "refund"

    async def judge(self, name: str, texts: Sequence[str]) -> Sequence[str]:
        return [self.files[name] if name else self.working] * len(texts)

    async def rehearse(self, name: str, cases: Sequence[Case], told: Callable[[int], None]) -> Sequence[Played]:
        told(1)
        return [
            Played((Turn((), "en", "", 0.0, (), (), "", "", handoff=self.handoff.get(name, "")),), ()) for _ in cases
        ]

    async def put_to_work(self, name: str) -> None:
        self.working = self.files[name]

    async def keep(self, name: str) -> bool:
        self.files[name] = self.working
        return bool(self.working)


AUDITED: list[tuple[str, str, str]] = []


async def audit(by: str, act: str, subject: str, detail: Mapping[str, Any]) -> None:
    AUDITED.append((by, act, f"{subject} {detail.get('state', detail.get('before', ''))}".strip()))


def training_on(log: SqlLog, review: Review, bench: Bench, right: str) -> Training:
    AUDITED.clear()
    return Training(review, Versions(log.transactions), bench, [("退钱", right)], [CASE], audit)


async def newest(training: Training) -> Version:
    await training.finish()
    return (await training.all())[0]


async def test_a_better_model_is_put_to_work_and_can_be_rolled_back(log: SqlLog, review: Review) -> None:
    bench = Bench()
    training = training_on(log, review, bench, "refund")
    await training.start("t1")
    made = await newest(training)
    assert (made.state, made.examples, bench.working) == ("running", 2, "refund")
    assert made.figures["understanding"] == {"before": 0.0, "after": 1.0, "mended": 1, "broken": 0, "count": 1}
    assert made.figures["dialogues"] == {"before": 1.0, "after": 1.0, "count": 1}
    await training.put_to_work(1, "t2")
    assert bench.working == "greet"
    assert [one.state for one in await training.all()] == ["retired", "running"]
    assert AUDITED == [
        ("t1", "training.started", "v2"),
        ("t1", "model.swapped", "v2 v1"),
        ("t1", "training.ended", "v2 running"),
        ("t2", "model.swapped", "v1 v2"),
    ]


@pytest.mark.parametrize(
    ("right", "handoff", "worse"), [("greet", "asked", "understanding"), ("refund", "", "dialogues")]
)
async def test_a_worse_model_never_works(log: SqlLog, review: Review, right: str, handoff: str, worse: str) -> None:
    bench = Bench()
    bench.handoff["v2"] = handoff
    training = training_on(log, review, bench, right)
    await training.start("t1")
    made = await newest(training)
    assert (made.state, made.figures["worse"], bench.working) == ("refused", [worse], "greet")
    with pytest.raises(NotNow):
        await training.put_to_work(made.number, "t1")
    assert ("t1", "training.ended", "v2 refused") in AUDITED
    await training.put_to_work(made.number, "", worse_too=True)
    assert bench.working == "refund"


async def test_a_first_model_works_at_once(log: SqlLog, review: Review) -> None:
    bench = Bench()
    bench.working = ""
    training = training_on(log, review, bench, "greet")
    await training.start("t1")
    made = await newest(training)
    assert (made.state, made.figures, bench.working) == ("running", {}, "refund")


async def test_what_is_not_compared_works_though_it_is_worse(log: SqlLog, review: Review) -> None:
    bench = Bench()
    training = training_on(log, review, bench, "greet")
    await training.start("", compare=False)
    assert (await newest(training)).state == "running"
    assert bench.working == "refund"


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("nlu:\n- intent: byu\n  examples: |\n    - 买\n", "nlu/b.yml:2: no intent is called byu"),
        (
            "nlu:\n- intent: refund\n  examples: |\n    - 你好\n",
            "nlu/b.yml:4: “你好” is refund here, greet at",
        ),
        ("nlu:\n- intent: refund\n  examples: |\n    - \n    - 退\n", "nlu/b.yml:4"),
        ("nlu:\n- intent: [refund\n", "nlu/b.yml:"),
    ],
    ids=["wrong label", "two intents", "empty text", "broken YAML"],
)
async def test_a_bad_file_is_named_and_the_working_model_stays(log: SqlLog, file: str, problem: str) -> None:
    review = Review(log, Inbox(log.transactions), Examples(log.transactions), {**BASE, "nlu/b.yml": file})
    bench = Bench()
    training = training_on(log, review, bench, "refund")
    await training.start("t1")
    made = await newest(training)
    assert (made.state, bench.working) == ("failed", "greet")
    assert problem in made.error
    with pytest.raises(BadExamples, match=re.escape(problem.replace("nlu/b.yml", "mine.yml"))):
        await Review(log, Inbox(log.transactions), Examples(log.transactions), BASE).bring_in("mine.yml", file, "t1")


async def test_one_at_a_time_and_a_failure_leaves_the_working_model(log: SqlLog, review: Review) -> None:
    bench = Bench()
    bench.free.clear()
    bench.fails = True
    training = training_on(log, review, bench, "refund")
    await training.start("t1")
    with pytest.raises(NotNow, match="version 2 is being made"):
        await training.start("t1")
    bench.free.set()
    made = await newest(training)
    assert (made.state, made.error, bench.working) == ("failed", "train: out of memory", "greet")
    bench.free.clear()
    await training.start("t1")
    await training.close()
    assert (await training.all())[0].error == "the house was stopped"
