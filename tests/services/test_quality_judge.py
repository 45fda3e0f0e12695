"""A language model behind an HTTP door judges ended conversations: with reason and quoted turns, or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import Transactions
from conversation.events import (
    AgentReplied,
    ConversationClosed,
    ConversationStarted,
    Event,
    Fact,
    MessageReceived,
    Scored,
)
from conversation.memory import MemoryLog
from language.llm import OpenAiCompatible
from quality_check.rules.document import read_rubric
from quality_check.rules.drafts import wrong_with_rubric
from quality_check.service.judge import Judge
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.store.editions import Editions, Kind
from quality_check.store.inspections import Inspection, InspectionStore

ASKS = "客服是否推诿，没有正面回答客户？"
RUBRIC = f"""
rules:
  - id: evades
    score: -30
    when: {{so: {{judge: {{asks: "{ASKS}"}}}}}}
    hits: [[{{agent: 不归我管}}]]
  - id: honest
    hit: not so
    when: {{so: {{judge: {{asks: "{ASKS}"}}}}}}
"""
CARD = """
id: c
sections:
  - id: s
    questions:
      - {id: direct, rules: {rules: [evades]}}
      - {id: manners, rules: {rules: [honest], then: met, otherwise: missed}}
"""


@dataclass
class Door:
    """Speaks as OpenAI-compatible servers do, and says what it is told to say."""

    said: Any = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(await request.json())
        await asyncio.sleep(self.seconds)
        answer = web.StreamResponse()
        await answer.prepare(request)
        text = self.said if isinstance(self.said, str) else f"So:\n{json.dumps(self.said, ensure_ascii=False)}"
        for place in range(0, len(text), 7):
            piece = {"choices": [{"delta": {"content": text[place : place + 7]}}]}
            await answer.write(f"data: {json.dumps(piece)}\n\n".encode())
        await answer.write(b"data: [DONE]\n\n")
        return answer


@dataclass
class Room:
    door: Door
    log: MemoryLog
    store: InspectionStore
    rulebook: Rulebook
    url: str

    def scoring(self, *, there: bool = True, **limits: Any) -> Scoring:
        return Scoring(
            self.log, self.rulebook, self.store, Judge(OpenAiCompatible(self.url, "m", **limits) if there else None)
        )

    async def score(self, scoring: Scoring, id: str = "c") -> Inspection:
        ended = next(one for one in await self.log.history(id) if isinstance(one.fact, ConversationClosed))
        await scoring.score(ended)
        return next(one for one in await self.store.of(id) if one.current)


async def talk(log: MemoryLog, id: str = "c") -> Sequence[Event]:
    facts: Sequence[Fact] = (
        ConversationStarted("k", "widget", "demo", "zh"),
        MessageReceived("我的电话13812345678，退款呢？"),
        AgentReplied("a1", "Mei", "这不归我管"),
        ConversationClosed("a1"),
    )
    return (await log.append(id, *facts, cause="all")).events


@pytest.fixture
async def room(tmp_path: Path, engine: AsyncEngine) -> AsyncIterator[Room]:
    door, app = Door(), web.Application()
    app.router.add_post("/chat/completions", door.answer)
    seeds: dict[Kind, Path] = {"rubric": tmp_path / "rubric.yml", "card": tmp_path / "card.yml"}
    seeds["rubric"].write_text(RUBRIC, "utf-8")
    seeds["card"].write_text(CARD, "utf-8")
    transactions, log = Transactions(engine), MemoryLog()
    await talk(log)
    async with TestServer(app) as server:
        yield Room(
            door, log, InspectionStore(transactions), Rulebook(Editions(engine), seeds), str(server.make_url("/"))
        )
    transactions.close()


YES = [{"question": 1, "answer": "yes", "reason": "客服说不归自己管。", "messages": [2]}]


async def test_it_says_why_and_quotes_and_is_asked_once(room: Room) -> None:
    room.door.said = YES
    scoring = room.scoring()
    found = await room.score(scoring)
    assert [(line.rule, [spot.seq for spot in line.spots]) for line in found.hits] == [("evades", [3])]
    assert found.opinions[0]["reason"] == "客服说不归自己管。"
    assert found.score == 0.0
    told = room.door.heard[0]["messages"]
    assert ASKS in told[0]["content"]
    assert "13812345678" not in told[1]["content"]
    room.door.said = []  # it would answer otherwise now
    assert await room.score(scoring) == found  # read again after a crash
    assert (await scoring.again(found)).id == found.id
    assert len(room.door.heard) == 1
    assert len([event for event in await room.log.history("c") if isinstance(event.fact, Scored)]) == 1
    await room.store.forget_reasons("c")
    assert (await room.store.of("c"))[0].opinions[0]["reason"] == ""


async def test_no_is_an_opinion_too(room: Room) -> None:
    room.door.said = [{"question": 1, "answer": "no", "reason": "客服直接回答了。", "messages": []}]
    found = await room.score(room.scoring())
    assert [line.rule for line in found.hits] == ["honest"]
    assert found.score == 100.0


@pytest.mark.parametrize(
    "said",
    [
        "I cannot judge this.",
        "[1, 2",
        [{"question": 1, "answer": "unknown", "reason": "不清楚", "messages": []}],
        [{"question": 7, "answer": "yes", "reason": "x", "messages": [2]}],
        [{"question": 1, "answer": "yes", "reason": "没有引用", "messages": [99]}],
        [{"question": 1, "answer": "yes", "reason": " ", "messages": [2]}],
    ],
)
async def test_what_is_no_answer_leaves_the_question_out(room: Room, said: Any) -> None:
    room.door.said = said
    found = await room.score(room.scoring())
    assert (found.hits, found.score, found.opinions) == ((), None, ())


async def test_without_a_model_in_time_and_in_budget_nothing_is_judged_and_nothing_waits(room: Room) -> None:
    room.door.said = YES
    assert (await room.score(room.scoring(there=False))).score is None
    assert room.door.heard == []
    await talk(room.log, "late")
    room.door.seconds = 30
    assert (await room.score(room.scoring(seconds=0.1), "late")).score is None
    room.door.seconds = 0
    await talk(room.log, "dear")
    assert (await room.score(room.scoring(budget=0), "dear")).score is None
    # Somebody wants it judged after all: the score without an opinion stays beside the one with it.
    newer = await room.scoring().again((await room.store.of("dear"))[0])
    assert (newer.score, len(await room.store.of("dear"))) == (0.0, 2)


def test_a_judge_stands_alone_and_its_examples_are_not_run() -> None:
    assert wrong_with_rubric(RUBRIC) == []
    beside = 'rules: [{id: r, when: {a: {role: agent, judge: {asks: "was it polite?"}}}}]'
    assert [one.field for one in read_rubric(beside, "r")[1]] == ["when.a"]
