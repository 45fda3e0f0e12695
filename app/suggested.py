"""What was suggested to the demo's agents in its past weeks, and what they made of it: facts as the room makes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from agent_assist.rules.feedback import settle
from agent_assist.rules.talk import may_be_reused
from app.config import ROOT
from conversation.events import (
    AgentReplied,
    Fact,
    MessageReceived,
    QuestionMissed,
    Suggested,
    Suggestion,
    SuggestionJudged,
    SuggestionSettled,
)

CANNED: Final = ROOT / "data" / "seed" / "canned.json"
WAIT: Final = "稍等"  # the canned reply that is sent before something is looked up
FATES: Final = {"used": 30, "edited": 18, "ignored": 16, "dismissed": 4, "wrong": 1, "wait": 8, "none": 23}  # weights
HASTE: Final = {"used": 0.45, "edited": 0.75, "wait": 0.3}  # of the time that an answer takes without help
ADDED: Final = {"zh": "还有问题随时找我。", "en": " Write to me any time if something is unclear."}
PICKED: Final = 0.85  # of what is used; the rest was typed


@dataclass(frozen=True, slots=True)
class Answer:
    """What an agent will say, and how many seconds they write at it without help."""

    agent: str
    name: str
    language: str
    text: str
    seconds: float

    @property
    def plain(self) -> AgentReplied:
        """As it is."""
        return AgentReplied(self.name, self.agent, self.text)


def answered(answer: Answer, others: Sequence[str], chance: Random) -> list[tuple[Fact, float]]:
    """The answer with what was suggested before it, each fact so many seconds after the one before.

    Suggested is what colleagues said to the like, or one of `others`, which does not fit; without these nothing is.
    """
    plain: list[tuple[Fact, float]] = [(answer.plain, answer.seconds)]
    fate = chance.choices(list(FATES), list(FATES.values()))[0]
    given = _given(fate, answer, others, chance) if others else ()
    if not given:
        return plain
    suggested, took = Suggested(0, answer.agent, given), answer.seconds * HASTE.get(fate, 1.0)
    verdicts = [SuggestionJudged(answer.agent, 0, number, "shown") for number in range(len(given))]
    if fate != "ignored" and chance.random() < PICKED:
        verdict = fate if fate in ("dismissed", "wrong") else "picked"
        verdicts.append(SuggestionJudged(answer.agent, 0, 0, verdict))
    text = {"edited": answer.text + ADDED[answer.language], "wait": given[0].text}.get(fate, answer.text)
    said = replace(answer.plain, text=text)
    settled = settle(0, suggested, verdicts, 0, said, took)
    share = took / (len(verdicts) + 1)
    steps: list[tuple[Fact, float]] = [(suggested, 0.2), *((one, share) for one in (*verdicts, said)), (settled, 0.1)]
    return [*steps, *plain] if fate == "wait" else steps


def _given(fate: str, answer: Answer, others: Sequence[str], chance: Random) -> tuple[Suggestion, ...]:
    """Best first; nothing where nothing was suggested."""
    if fate == "wait":
        return _wait(answer.language)
    fits = [answer.text] if fate in ("used", "edited") else []
    texts = [text for text in (*fits, *chance.sample(others, 1)) if may_be_reused(text, "")]
    if fate == "none" or (fits and texts[:1] != fits):
        return ()
    likely = (chance.uniform(0.6, 0.9), chance.uniform(0.36, 0.6))
    return tuple(Suggestion("past", "", round(score, 3), text) for text, score in zip(texts, likely, strict=False))


def _wait(language: str) -> tuple[Suggestion, ...]:
    kept = enumerate(json.loads(CANNED.read_text("utf-8")))
    return tuple(
        Suggestion("canned", f"demo{number}", 0.5, one["text"], one["title"])
        for number, one in kept
        if (one["shortcut"], one["language"]) == (WAIT, language)
    )


def placed(fact: Fact, newest: Mapping[type[Fact], int], said: Mapping[str, int]) -> Fact:
    """With the numbers that other facts have only once they are recorded: the newest of each kind in its conversation,
    and where an answer was `said` before."""
    match fact:
        case Suggested(suggestions=given):
            found = tuple(replace(one, ref=str(said[one.text])) if one.source == "past" else one for one in given)
            return replace(fact, message=newest[MessageReceived], suggestions=found)
        case QuestionMissed():
            return replace(fact, seq=newest[MessageReceived])
        case SuggestionJudged():
            return replace(fact, suggested=newest[Suggested])
        case SuggestionSettled():
            return replace(fact, suggested=newest[Suggested], reply=newest[AgentReplied])
        case _:
            return fact


def cause_of(fact: Fact) -> str:
    """The room's own, so that a house which reads the past does not settle it again; "" for what others recorded."""
    match fact:
        case Suggested(message=seq, agent=agent):
            return f"assist:{seq}:{agent}"
        case SuggestionSettled(reply=seq):
            return f"settled:{seq}"
        case _:
            return ""
