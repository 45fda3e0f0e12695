"""What models say reaches rules, scorecards and what is kept of an inspection, without the customer's words."""

import json
from datetime import UTC, datetime

from conversation.events import AgentReplied, ConversationClosed, ConversationStarted, MessageReceived
from conversation.memory import MemoryLog
from quality_check.models.panel import Panel
from quality_check.models.tasks import TASKS, Example
from quality_check.models.training import train
from quality_check.rules.document import read_rubric
from quality_check.rules.engine import Engine
from quality_check.rules.scorecard import read_scorecard
from quality_check.rules.transcript import reading_of, transcript
from quality_check.service.rulebook import Book, Card, Rubric
from quality_check.service.scoring import inspect
from quality_check.store.inspections import Inspection

RUBRIC = "rules: [{id: turned, score: -5, when: {a: {mark: {model: mood, one_of: [negative], turned: true}}}}]"
CARD = "{id: c, sections: [{id: s, questions: [{id: q, model: {model: mood, labels: {negative: missed}}}]}]}"
SAID = {"positive": ("谢谢，太好了", "很满意", "great, thanks"), "negative": ("太慢了，气死我", "垃圾", "terrible")}


def panel() -> Panel:
    said = [(text, label) for label, texts in SAID.items() for text in texts]
    return Panel([train(TASKS["mood"], [Example(f"{t}{n}", label, f"{n}") for n in range(9) for t, label in said])])


async def inspected(models: Panel) -> tuple[Inspection, MemoryLog]:
    log = MemoryLog()
    await log.append("c", ConversationStarted("k", "widget", "demo", "zh"), cause="s")
    for number, text in enumerate(("谢谢，很满意", "太慢了，气死我", "垃圾，太慢了")):
        await log.append("c", MessageReceived(text), cause=f"m{number}")
        await log.append("c", AgentReplied("a", "Lin", "好的"), cause=f"r{number}")
    await log.append("c", ConversationClosed("a", "done"), cause="e")
    rules, card = read_rubric(RUBRIC, "r")[0], read_scorecard(CARD, "c")[0]
    assert card
    book = Book(Rubric(1, {rule.id: rule for rule in rules}, Engine(rules), models), Card(1, card))
    found = inspect(book, await log.history("c"), datetime.now(UTC))
    assert found
    return found, log


async def test_marks_reach_rules_and_readings_reach_the_card() -> None:
    found, log = await inspected(panel())
    messages = transcript(await log.history("c"))
    [line] = found.hits
    assert [spot.seq for spot in line.spots] == [messages[2].seq]
    assert found.score == 0.0  # the one question is missed
    [kept] = found.readings
    assert "气死我" not in json.dumps(kept, ensure_ascii=False)
    reading = reading_of(kept, messages)
    assert (reading.label, [place.quote for place in reading.places]) == (
        "negative",
        ["太慢了，气死我", "垃圾，太慢了"],
    )


async def test_without_models_a_person_is_asked() -> None:
    found, _ = await inspected(Panel([]))
    assert (found.hits, found.readings, found.score) == ((), (), None)
