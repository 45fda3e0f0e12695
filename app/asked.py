"""What the demo's customers asked the library in its past four weeks: answered from it and judged, or missed."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from app.config import ROOT, Settings
from app.history import DAYS, HOURS, Told
from app.wiring.ground import open_log
from app.wiring.knowledge import open_knowledge
from conversation.events import (
    BotMessage,
    BotReplied,
    ConversationClosed,
    ConversationStarted,
    MessageReceived,
    QuestionMissed,
    SourceGiven,
    SourceJudged,
)
from knowledge.ports import Answer, Wish

QUESTIONS: Final = ROOT / "data" / "seed" / "questions.json"
JUDGED: Final = 0.6
SORRY: Final = {"zh": "这个问题我还答不上来。", "en": "I have no answer to this yet."}


async def asked_library(settings: Settings) -> list[Told]:
    """A conversation for each time that a question of QUESTIONS was asked, as the library answers it now."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    chance, told = Random(11), list[Told]()
    async with open_log(settings) as log, open_knowledge(settings, log.transactions, follows=False) as knowledge:
        await knowledge.following.arrive()
        for question in json.loads(QUESTIONS.read_text("utf-8")):
            answer = await knowledge.search.answer(Wish(question["text"]))
            for _ in range(question["times"]):
                at = today - timedelta(days=chance.randint(1, DAYS)) + timedelta(hours=chance.uniform(*HOURS))
                told.append(_told(f"demo-asked-{len(told):03d}", at, question, answer, chance))
    return told


def _told(id: str, at: datetime, question: dict[str, Any], answer: Answer, chance: Random) -> Told:
    told, language = Told(id, at), answer.language
    told.add(ConversationStarted(f"demo-visitor-{id}", "widget", "demo", language, page="https://shop.example/"), 0)
    told.add(MessageReceived(question["text"]), chance.uniform(5, 20))
    if answer.hit is None:
        told.add(QuestionMissed(0, answer.sure), 1)  # its message has no number before it is recorded
        told.add(BotReplied((BotMessage(SORRY[language]),), language, "out_of_scope", 0.4), 0)
    else:
        passage = answer.hit.passage
        told.add(SourceGiven(passage.document, passage.number, passage.title, answer.sure, passage.page), 1)
        told.add(BotReplied((BotMessage(answer.text),), language, "knowledge", round(answer.sure, 2)), 0)
        if chance.random() < JUDGED:
            helpful = chance.random() < question.get("helpful", 0.5)
            told.add(SourceJudged(passage.document, helpful), chance.uniform(5, 30))
    told.add(ConversationClosed("bot"), chance.uniform(20, 60))
    return told
