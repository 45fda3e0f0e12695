"""What the bot says from the library, before it gives up; pure."""

import json
from typing import Final

from bot.ports import Ask, Turn
from bot.rules.turns import facts_of
from conversation.events import (
    BotMessage,
    BotReplied,
    Button,
    Card,
    Fact,
    QuestionMissed,
    SourceGiven,
    SourceJudged,
)
from knowledge.ports import Answer

CLARIFY: Final = "action_clarify"  # the engine's way to say that it has not understood
SURE: Final = 0.9  # of 240 messages to the demo 7 were answered by the library so, each rightly
JUDGED: Final = "/library_judged"
_OFFERED: Final = "library_offered_person"
_WORDS: Final = {
    "zh": {
        "source": "来源",
        "page": "第 {} 页",
        "helped": "这个回答有帮助吗？",
        "yes": "有帮助",
        "no": "没帮助",
        "thanks": "好的，很高兴能帮到您。",
        "sorry": "抱歉没能帮到您。您可以换个说法再问一次，或者由人工客服来解答。",
        "person": "转人工",
        "again": "如果这没有解决您的问题，需要我为您转接人工客服吗？",
        "stay": "不用",
    },
    "en": {
        "source": "Source",
        "page": "page {}",
        "helped": "Did this help?",
        "yes": "Yes, thanks",
        "no": "No",
        "thanks": "Good, glad I could help.",
        "sorry": "Sorry that it did not help. You can put it another way, or a colleague can take over.",
        "person": "Talk to a person",
        "again": "If that does not help, shall I pass you on to a colleague?",
        "stay": "No thanks",
    },
}


def not_understood(turn: Turn) -> bool:
    """Has the engine not understood, so that the library is asked before it gives up?"""
    return CLARIFY in turn.actions


def is_plain(turn: Turn) -> bool:
    """Is it one response to a question, as it stands in the domain? The library may know better what just this customer
    asks."""
    alone = len(turn.actions) == 1 and turn.actions[0].startswith("utter_")
    return alone and not (turn.aside or turn.handoff or turn.close)


def knows_better(answer: Answer) -> bool:
    """Is the library surer than a response for a whole intent may be overruled by?"""
    return answer.hit is not None and answer.sure >= SURE


def offer_in(last: BotReplied | None) -> str:
    """Why a person was offered with the library's last answer; "" when none was."""
    return "not_understood" if last and _OFFERED in last.actions else ""


def informed(ask: Ask, turn: Turn, answer: Answer, seq: int, last: BotReplied | None = None) -> tuple[Fact, ...]:
    """The library's answer in the place of the turn, with its source; or the turn, and that an answer is missing.

    The same answer twice in a row did not help, so a person is offered with it. What the engine did not understand is
    no step of a dialogue, so its memory stays as it was before; a plain answer's buttons stay with the library's.
    """
    if answer.hit is None:
        return (*facts_of(turn), QuestionMissed(seq, round(answer.sure, 4)))
    source, words = answer.hit.passage, _words(turn.language)
    where = " · ".join(filter(None, (source.heading, words["page"].format(source.page) if source.page else "")))
    told = BotMessage(answer.text, card=Card(words["source"], ((source.title, where),), source.link))
    again = last is not None and last.messages[0] == told
    kept = () if not_understood(turn) else tuple(button for said in turn.messages for button in said.buttons)
    judging = tuple(Button(words[key], _payload(source.document, key == "yes")) for key in ("yes", "no")) + kept
    offering = (Button(words["person"], "/human"), Button(words["stay"], "/deny"))
    asking = BotMessage(words["again"], offering) if again else BotMessage(words["helped"], judging)
    reply = BotReplied(
        (told, asking),
        turn.language,
        turn.intent,
        turn.confidence,
        turn.entities,
        ("library", _OFFERED) if again else ("library",),
        "library",
        turn.guesses,
        turn.parts,
        ask.state if not_understood(turn) else turn.state,
    )
    return reply, SourceGiven(source.document, source.number, source.title, round(answer.sure, 4), source.page)


def judged(ask: Ask) -> tuple[Fact, ...]:
    """What a press on "did this help?" leads to; () when the button is another one."""
    if not ask.payload.startswith(JUDGED):
        return ()
    told, words = json.loads(ask.payload.removeprefix(JUDGED)), _words(ask.language)
    helpful = bool(told["helpful"])
    buttons = () if helpful else (Button(words["person"], "/human"),)
    said = (BotMessage(words["thanks" if helpful else "sorry"], buttons),)
    reply = BotReplied(said, ask.language, actions=("library",), policy="library", state=ask.state)
    return reply, SourceJudged(told["entry"], helpful)


def _payload(entry: str, helpful: bool) -> str:
    return JUDGED + json.dumps({"entry": entry, "helpful": helpful})


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(language, _WORDS["en"])
