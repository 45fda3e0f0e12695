"""The demo's past four weeks: the same talks every time, as they could have happened in a small shop."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from random import Random
from typing import Any, Final

from rich.progress import track

from app.config import ROOT, Settings
from app.suggested import Answer, answered, cause_of, placed
from app.wiring.ground import open_log
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotMessage,
    BotReplied,
    ContactIdentified,
    ConversationClosed,
    ConversationStarted,
    Fact,
    HandoffRequested,
    MessageReceived,
    Rated,
    RatingAsked,
    Tagged,
    WrappedUp,
)
from conversation.sql.log import Tell

TALKS: Final = ROOT / "data" / "seed" / "history.json"
DAYS: Final = 28
AGENTS: Final = {"sales": ("demo-mei", "小美"), "aftersales": ("demo-bob", "Bob")}
NAMES: Final = (
    "陈静",
    "Liam Brown",
    "赵敏",
    "Ava Chen",
    "孙磊",
    "Olivia Park",
    "周婷",
    "Ethan Hall",
    "吴刚",
    "Mia Lopez",
)
HOURS: Final = (1, 13)  # UTC, when the shop in Shanghai is awake
WAIT_SECONDS: Final = 28.0
ABANDONED: Final = 0.07
RATED: Final = 0.6
FIRST_DAYS: Final = 7  # when there was nothing to suggest yet


@dataclass(slots=True)
class Told:
    """One conversation being made up: its facts, each with its time."""

    id: str
    at: datetime
    facts: list[tuple[datetime, int, str, Fact]] = field(default_factory=list)

    def add(self, fact: Fact, seconds: float) -> None:
        """It happens so much later."""
        self.at += timedelta(seconds=seconds)
        self.facts.append((self.at, len(self.facts), self.id, fact))


async def write_history(settings: Settings, others: Sequence[Told] = ()) -> None:
    """Record it and these others, under fixed ids and causes, each at its own time; a second time adds nothing.

    Talks that overlap are recorded together, so that a house at work sees none that still waits for somebody.
    """
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    said = dict[str, int]()
    async with open_log(settings) as log:
        for talks in track(list(_overlapping([*_conversations(today), *others])), "the past four weeks"):
            await log.bring_in({one.id for one in talks}, partial(_tell, talks, said))


def _overlapping(talks: Sequence[Told]) -> Iterator[list[Told]]:
    """In the order of time; those that ran at the same time are one group."""
    group = list[Told]()
    for one in sorted(talks, key=lambda one: one.facts[0]):
        if group and one.facts[0][0] > max(other.at for other in group):
            yield group
            group = []
        group.append(one)
    yield group


def _tell(talks: Sequence[Told], said: dict[str, int], tell: Tell) -> None:
    newest = defaultdict[str, dict[type[Fact], int]](dict)
    for at, step, conversation, fact in sorted((fact for one in talks for fact in one.facts), key=lambda one: one[:3]):
        fact = placed(fact, newest[conversation], said)
        event = tell(conversation, fact, cause_of(fact) or f"demo:{step}", at)
        newest[conversation][type(fact)] = event.seq
        if isinstance(fact, AgentReplied):
            said[fact.text] = event.seq


def _conversations(today: datetime) -> Iterator[Told]:
    chance, number = Random(7), 0
    known = json.loads(TALKS.read_text("utf-8"))
    talks = cycle(known)
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        busy = 6 if (number % 7) > 4 else 11
        for _ in range(busy + chance.randrange(5)):
            at = day + timedelta(hours=chance.uniform(*HOURS))
            talk = next(talks)
            others = _others(known, talk) if ago <= DAYS - FIRST_DAYS else []
            yield _told(f"demo-past-{number:04d}", at, talk, chance, NAMES[number % len(NAMES)], others)
            number += 1


def _others(talks: Sequence[Any], talk: Any) -> list[str]:
    """What agents say in other talks of the same language."""
    others = [one for one in talks if one is not talk and one["language"] == talk["language"]]
    return [text for one in others for who, text, *_ in one["turns"] if who == "agent"]


def _told(id: str, at: datetime, talk: dict[str, Any], chance: Random, name: str, others: Sequence[str]) -> Told:
    """`others` are answers that could have been suggested; without them nothing was."""
    told = Told(id, at)
    contact, language = f"demo-visitor-{NAMES.index(name)}", talk["language"]
    told.add(ConversationStarted(contact, "widget", "demo", language, page="https://shop.example/"), 0)
    told.add(ContactIdentified(contact, name), 0)
    agent, agent_name = AGENTS.get(talk["group"], ("", ""))
    waited, luck = False, Random(id)
    for who, text, *rest in talk["turns"]:
        if who == "customer":
            told.add(MessageReceived(text), chance.uniform(8, 60))
        elif who == "bot":
            told.add(BotReplied((BotMessage(text),), language, rest[0], round(chance.uniform(0.7, 0.99), 2)), 1)
        else:
            if not waited:
                told.add(HandoffRequested("asked", talk["group"]), 1)
                if chance.random() < ABANDONED:
                    told.add(ConversationClosed("customer"), chance.uniform(60, 240))
                    return told
                told.add(AgentAssigned(agent_name, agent), chance.expovariate(1 / WAIT_SECONDS))
                waited = True
            answer = Answer(agent, agent_name, language, text, chance.uniform(9, 70))
            for fact, later in answered(answer, others, luck):
                told.add(fact, later)
    _end(told, talk, chance, agent if waited else "")
    return told


def _end(told: Told, talk: dict[str, Any], chance: Random, agent: str) -> None:
    told.add(ConversationClosed(agent or "bot"), chance.uniform(10, 90))
    if agent:
        if talk["tags"]:
            told.add(Tagged(agent, tuple(talk["tags"])), 4)
        told.add(WrappedUp(agent, talk["reason"], talk["turns"][0][1], resolved=chance.random() < 0.88), 20)
    if chance.random() < RATED:
        told.add(RatingAsked(5), 1)
        good = 4 if talk["reason"] != "complaint" else 3
        told.add(Rated(min(5, max(1, round(chance.gauss(good + 0.4, 0.9))))), chance.uniform(10, 60))
