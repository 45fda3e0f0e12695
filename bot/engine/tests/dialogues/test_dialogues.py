"""Plays the scripted dialogues beside this file, with Rasa as it comes and with ours: both must say the same."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered

from kefu_engine.executor import failures
from kefu_engine.turn import Ask, Engine

from .conftest import Shop

pytestmark = pytest.mark.asyncio

HAN = re.compile(r"[\u4e00-\u9fff]")
DIALOGUES = [
    pytest.param(dialogue, id=f"{path.stem}: {dialogue['dialogue']}")
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@dataclass(frozen=True)
class Answer:
    """What the bot said and asked of the platform in one turn."""

    texts: list[str]
    buttons: list[str]
    cards: list[str]
    handoff: str | None
    closed: bool
    ticket: str | None
    repeated: bool
    figures: dict[str, float]


@pytest.mark.parametrize("dialogue", DIALOGUES)
async def test_dialogue(
    agent: Agent, engine: Engine, shop: Shop, request: pytest.FixtureRequest, dialogue: dict[str, Any]
) -> None:
    state, done = None, []
    for number, turn in enumerate(dialogue["turns"]):
        if "shop" in turn:
            shop.ask(turn["shop"])
        before = len(done)
        turn = with_code(turn, shop)
        metadata = {"conversation": request.node.name, "cause": f"turn {number:02}"}
        names, answer = await say(agent, turn, metadata)
        place = f"turn {number + 1}, {turn.get('user') or turn['press']}: {answer.texts}"
        assert names == turn["bot"], place
        assert [answer.ticket, answer.repeated] == [turn.get("ticket"), turn.get("repeated", False)], place
        assert [answer.handoff, answer.closed] == [turn.get("handoff"), turn.get("closed", False)], place
        for title, beginning in zip(answer.cards, turn.get("cards", answer.cards), strict=True):
            assert title.startswith(beginning), place
        assert answer.buttons == turn.get("buttons", answer.buttons), place
        assert answer.figures == turn.get("figures", answer.figures), place
        for words in turn.get("says", []):
            assert any(words in text for text in answer.texts), place
        for text in answer.texts:
            assert bool(HAN.search(text)) == (dialogue["language"] == "zh"), place
        again, state = await say_with_ours(engine, turn, metadata, state)
        assert again == answer, place
        if any("done" in one for one in dialogue["turns"]):  # the shop is asked only where something may have happened
            done = shop.ask("done")["done"]
        assert done[before:] == turn.get("done", []), place


def with_code(turn: dict[str, Any], shop: Shop) -> dict[str, Any]:
    """The turn with the code that was sent in the place of `{code}`, and another one in that of `{wrong}`."""
    text = turn.get("user", "")
    if "{" not in text:
        return turn
    code = shop.ask("code")["code"] or "123456"
    wrong = f"{(int(code) + 1) % 10**6:06}"
    return {**turn, "user": text.replace("{code}", code).replace("{wrong}", wrong)}


async def say(agent: Agent, turn: dict[str, Any], metadata: dict[str, Any]) -> tuple[list[str], Answer]:
    """One turn with Rasa as it comes; the names of the responses, and what they say."""
    failures.set([])
    conversation = metadata["conversation"]
    text = turn.get("user") or turn["press"]
    await agent.processor.handle_message(UserMessage(text, CollectingOutputChannel(), conversation, metadata=metadata))
    assert failures.get() == []
    events = list((await agent.tracker_store.retrieve(conversation)).events)
    start = max(i for i, event in enumerate(events) if isinstance(event, UserUttered))
    said = [event for event in events[start:] if isinstance(event, BotUttered)]
    customs = [utterance.data.get("custom") or {} for utterance in said]
    return [utterance.metadata["utter_action"] for utterance in said if utterance.text], Answer(
        texts=[utterance.text for utterance in said if utterance.text],
        buttons=[button["payload"] for utterance in said for button in utterance.data.get("buttons") or []],
        cards=[custom["card"]["title"] for custom in customs if "card" in custom],
        handoff=next((custom["handoff"]["reason"] for custom in customs if "handoff" in custom), None),
        closed=any(custom.get("close", False) for custom in customs),
        ticket=next((custom["ticket"]["type"] for custom in customs if "ticket" in custom), None),
        repeated=any(custom.get("repeat", False) for custom in customs),
        figures={name: value for custom in customs for name, value in custom.get("figures", {}).items()},
    )


async def say_with_ours(
    engine: Engine, turn: dict[str, Any], metadata: dict[str, Any], state: str | None
) -> tuple[Answer, str]:
    """One turn with ours, and the state after it."""
    told = await engine.turn(Ask(turn.get("user") or "button", turn.get("press"), metadata, state))
    bubbles = told["messages"]
    answer = Answer(
        texts=[bubble["text"] for bubble in bubbles if bubble["text"]],
        buttons=[button["payload"] for bubble in bubbles for button in bubble["buttons"]],
        cards=[bubble["card"]["title"] for bubble in bubbles if bubble["card"]],
        handoff=told["handoff"] and told["handoff"]["reason"],
        closed=told["close"],
        ticket=told["ticket"] and told["ticket"]["type"],
        repeated=told["repeat"],
        figures=told["figures"],
    )
    return answer, told["state"]
