"""`kefu eval entities`: what is found in sentences whose truth is known."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kefu_engine.evaluation.examples import Unreadable, rasa_data, rows, text_of

Found = list[tuple[str, str]]


@dataclass(frozen=True)
class Sentence:
    """A customer's words, the day they were said, and the entities in them by kind and value."""

    text: str
    today: date
    entities: Found


def evaluate(training: Path, test: Path) -> dict[str, Any]:
    """Precision, recall and F1 of each kind, an entity being right when kind and value are."""
    from kefu_engine.components.entities import PatternEntities, collected
    from kefu_engine.components.values import values

    sentences = rows(test, _sentence)
    known = collected(rasa_data(training))
    if not known["patterns"] and not known["lists"]:
        raise Unreadable(f"{training}: no regex and no lookup in it")
    patterns = PatternEntities(None, None, known)
    hits, there, said, missed = Counter[str](), Counter[str](), Counter[str](), []
    for sentence in sentences:
        found = [*patterns.find(sentence.text), *values(sentence.text, sentence.today)]
        claimed = Counter((one["entity"], one["value"]) for one in found)
        truth = Counter(sentence.entities)
        for counted, pairs in ((hits, truth & claimed), (there, truth), (said, claimed)):
            counted.update(name for name, _ in pairs.elements())
        if claimed != truth:
            wrong = {"missed": sorted((truth - claimed).elements()), "invented": sorted((claimed - truth).elements())}
            missed.append({"text": sentence.text, **wrong})
    kinds = {name: _figures(hits[name], said[name], there[name]) for name in sorted(there | said)}
    total = _figures(hits.total(), said.total(), there.total())
    exact = 1 - len(missed) / len(sentences)
    return {"sentences": len(sentences), "exact": exact, **total, "kinds": kinds, "wrong": missed}


def _figures(hits: int, said: int, there: int) -> dict[str, float]:
    precision, recall = hits / said if said else 0.0, hits / there if there else 0.0
    f1 = 2 * hits / (said + there) if said + there else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "support": there}


def _sentence(row: Any) -> Sentence:
    text = text_of(row)
    try:
        today = date.fromisoformat(row["today"])
    except (KeyError, TypeError, ValueError):
        raise Unreadable("today: a day like 2026-11-25 is missing") from None
    told = row.get("entities")
    if not isinstance(told, list) or not all(isinstance(e, dict) and {"entity", "value"} <= e.keys() for e in told):
        raise Unreadable('entities: a list of {"entity", "value"} is missing')
    return Sentence(text, today, [(str(e["entity"]), str(e["value"])) for e in told])
