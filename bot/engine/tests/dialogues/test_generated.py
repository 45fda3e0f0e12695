"""Talks that nobody wrote: after any of a random talk's turns, plain stateful Rasa and ours must have said the same.

`KEFU_TURNS=200 .venv/bin/python -m pytest tests/dialogues/test_generated.py` (in bot/engine) makes them longer.
"""

import json
import os
import random
import re
from collections.abc import Mapping, Sequence
from time import process_time
from typing import Any

import pytest
import yaml
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from kefu_engine.components.rules import IndexedRulePolicy
from kefu_engine.lean import _extract_of_rasa
from kefu_engine.turn import Engine

from .conftest import GOODS, TRAINING, Shop
from .test_dialogues import Answer, say, say_with_ours, with_code

pytestmark = pytest.mark.asyncio

TURNS = int(os.environ.get("KEFU_TURNS", "20"))
ORDERS = [order["order_id"] for order in json.loads(GOODS.read_text("utf-8"))["orders"]]
TASKS = {
    "zh": ["我的订单到哪了", "我要退款", "我想改地址", "我要开发票", "我要改订单", "退款到哪一步了"],
    "en": ["where is my order", "I want a refund", "change my address", "I need an invoice", "refund status please"],
}
TOLD = {  # {order} is one of the shop's, {code} the one-time code it sent last, {wrong} another
    "zh": [
        "{order}",
        "{code}",
        "{wrong}",
        "质量问题",
        "上海市徐汇区漕溪路 8 号",
        "蓝天科技有限公司",
        "li@example.com",
        "跳过",
    ],
    "en": [
        "{order}",
        "{code}",
        "{wrong}",
        "it is broken",
        "5 River Road, Boston",
        "Blue Sky Ltd",
        "li@example.com",
        "skip",
    ],
}
REPAIRS = {
    "zh": ["不对，是{order}", "不对，原因是买错了", "等一下", "算了", "再说一遍", "是的", "不要", "谢谢"],
    "en": [
        "no wait, the order is {order}",
        "no, the reason is I found a better one",
        "cancel",
        "say again",
        "yes",
        "no",
    ],
}


def examples(language: str) -> list[str]:
    """Every training example in it, bare of its marks: some of each intent that the bot knows.

    Without those of several orders, which ours takes apart and Rasa takes whole.
    """
    files = sorted((TRAINING / "nlu" / language).glob("*.yml"))
    intents = [intent for file in files for intent in yaml.safe_load(file.read_text("utf-8"))["nlu"]]
    lines = [line.removeprefix("- ") for intent in intents for line in intent["examples"].splitlines()]
    bare = [re.sub(r"\[([^\]]+)\](\([^)]+\)|\{[^}]+\})", r"\1", line) for line in lines]
    return [line for line in bare if len(re.findall(r"KF\s?\d{8}", line)) < 2]


def next_turn(
    chance: random.Random, buttons: Sequence[str], pools: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, Any]:
    """What the customer does now: presses a button that was offered, or writes in either language."""
    if buttons and chance.random() < 0.4:
        return {"press": chance.choice(buttons)}
    kind = chance.choices(range(4), weights=(20, 35, 20, 25))[0]
    words = chance.choice(pools[chance.choice(["zh", "en"])][kind])
    return {"user": words.replace("{order}", chance.choice(ORDERS))}


@pytest.fixture
def shortcuts(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each prediction is made by Rasa's own RulePolicy too, on a tracker replayed from its events, and each message's
    slots are looked for in all ways of Rasa's; says which agreed."""
    alike = list[bool]()
    ours = IndexedRulePolicy._predict

    def both(policy: IndexedRulePolicy, tracker: DialogueStateTracker, domain: Domain) -> Any:
        plain, replayed = object.__new__(RulePolicy), tracker.travel_back_in_time(float("inf"))
        plain.__dict__.update(policy.__dict__)
        mine, theirs = ours(policy, tracker, domain)[0], plain._predict(replayed, domain)[0]
        theirs.policy_name = mine.policy_name
        same = tracker.copy().current_state() == replayed.current_state() == tracker.current_state()
        alike.append(same and mine == theirs)
        return ours(policy, tracker, domain)

    extract = ActionExtractSlots.run

    async def both_extract(*asked: Any) -> list[Event]:
        events: list[Event] = await extract(*asked)
        alike.append(events == await _extract_of_rasa(*asked))
        return events

    monkeypatch.setattr(IndexedRulePolicy, "_predict", both)
    monkeypatch.setattr(ActionExtractSlots, "run", both_extract)
    return alike


@pytest.mark.parametrize("seed", [1, 2])
async def test_generated_talk(
    agent: Agent, engine: Engine, shop: Shop, shortcuts: list[bool], capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    chance = random.Random(seed)
    pools = {language: [TASKS[language], TOLD[language], REPAIRS[language], examples(language)] for language in TASKS}
    state: str | None = None
    answer = Answer([], [], [], None, False, None, False, {})
    written, said = list[str](), set[str]()
    spent: dict[str, list[float]] = {"Rasa": [], "ours": []}
    for number in range(TURNS):
        turn = with_code(next_turn(chance, answer.buttons, pools), shop)
        metadata = {"conversation": f"generated {seed}", "cause": f"turn {number:03}"}
        written.append(turn.get("user") or turn["press"])
        began = process_time()
        names, answer = await say(agent, turn, metadata)
        between = process_time()
        ours, state = await say_with_ours(engine, turn, metadata, state)
        spent["Rasa"].append(between - began)
        spent["ours"].append(process_time() - between)
        said.update(names)
        assert ours == answer, written
        assert shortcuts, written
        assert all(shortcuts), written
    last = {who: round(50 * sum(times[-20:]), 1) for who, times in spent.items()}
    with capsys.disabled():
        print(f"seed {seed}: {TURNS} turns alike, {len(said)} responses; CPU ms per turn, last 20: {last}")
