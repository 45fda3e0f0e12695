"""Plays the scripted dialogues beside this file against a model trained from data/training."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered

from .shop_fake import ShopFake

HAN = re.compile(r"[\u4e00-\u9fff]")
FILES = sorted(Path(__file__).parent.glob("*.yml"))
DIALOGUES = [
    pytest.param(dialogue, id=f"{path.stem}: {dialogue['dialogue']}")
    for path in FILES
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@dataclass
class Answer:
    """What the bot said and asked of the platform in one turn."""

    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    handoff: str | None = None
    closed: bool = False

    @classmethod
    def of(cls, utterances: list[BotUttered]) -> "Answer":
        """The turn that these utterances make."""
        answer = cls()
        for said in utterances:
            custom = said.data.get("custom") or {}
            if said.text:
                answer.names.append(said.metadata["utter_action"])
                answer.texts.append(said.text)
            answer.buttons += [button["payload"] for button in said.data.get("buttons") or []]
            answer.cards += [custom["card"]["title"]] if "card" in custom else []
            answer.handoff = custom["handoff"]["reason"] if "handoff" in custom else answer.handoff
            answer.closed = answer.closed or custom.get("close", False)
        return answer


@pytest.mark.parametrize("dialogue", DIALOGUES)
async def test_dialogue(
    agent: Agent,
    shop: ShopFake,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    dialogue: dict[str, Any],
) -> None:
    for number, turn in enumerate(dialogue["turns"]):
        shop.away = {"away": True, "back": False}.get(turn.get("shop"), shop.away)
        before = len(shop.done)
        answer = await say(agent, request.node.name, number, turn)
        place = f"turn {number + 1}, {turn.get('user') or turn['press']}: {answer.texts}"
        assert not [record.exc_text for record in caplog.records if record.levelname == "ERROR"], place
        assert answer.names == turn["bot"], place
        assert [answer.handoff, answer.closed] == [turn.get("handoff"), turn.get("closed", False)], place
        assert shop.done[before:] == [tuple(done) for done in turn.get("done", [])], place
        assert answer.cards == turn.get("cards", answer.cards), place
        assert answer.buttons == turn.get("buttons", answer.buttons), place
        for words in turn.get("says", []):
            assert any(words in text for text in answer.texts), place
        for text in answer.texts:
            assert bool(HAN.search(text)) == (dialogue["language"] == "zh"), place


async def say(agent: Agent, conversation: str, number: int, turn: dict[str, Any]) -> Answer:
    """One turn with Rasa as it comes: its tracker is in memory."""
    metadata = {"conversation": conversation, "cause": f"{conversation}-{number}"}
    text = turn.get("user") or turn["press"]
    await agent.processor.handle_message(UserMessage(text, CollectingOutputChannel(), conversation, metadata=metadata))
    tracker = await agent.tracker_store.retrieve(conversation)
    events = list(tracker.events)
    start = max(i for i, event in enumerate(events) if isinstance(event, UserUttered))
    return Answer.of([event for event in events[start:] if isinstance(event, BotUttered)])
