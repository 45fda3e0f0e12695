"""What became of suggestions over a time, in figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from statistics import mean
from typing import Any

from conversation.events import AgentReplied, Event, Suggested, SuggestionJudged, SuggestionSettled


@dataclass(slots=True)
class Row:
    """One agent's or one source's: `answers` that had suggestions, and what was made of them."""

    answers: int = 0
    offered: int = 0
    shown: int = 0
    used: int = 0
    edited: int = 0
    ignored: int = 0
    dismissed: int = 0
    wrong: int = 0
    distances: list[float] = field(default_factory=list)
    helped: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As figures; None where nothing can be said. Seconds saved compare answers with and without a suggestion."""
        saved = mean(self.alone) - mean(self.helped) if self.alone and self.helped else None
        return {
            **{name: getattr(self, name) for name in ("answers", "offered", "shown", "used", "edited", "ignored")},
            **{name: getattr(self, name) for name in ("dismissed", "wrong")},
            "acceptance": (self.used + self.edited) / self.answers if self.answers else None,
            "edit_distance": mean(self.distances) if self.distances else None,
            "seconds_saved_an_answer": saved,
        }


def report(events: Iterable[Event], zone: tzinfo = UTC) -> dict[str, Any]:
    """By agent, by source, in total and by day of the zone (where anything happened, without agents); `trigger_rate` is
    the share of answers that had suggestions."""
    told = list(events)
    given = {event.seq: event.fact for event in told if isinstance(event.fact, Suggested)}
    days = defaultdict[str, list[Event]](list)
    for event in told:
        days[event.at.astimezone(zone).date().isoformat()].append(event)
    daily = [{"day": day, **_figures(some, given)} for day, some in sorted(days.items())]
    for one in daily:
        del one["agents"]
    return {**_figures(told, given), "days": daily}


def _figures(told: Sequence[Event], given: Mapping[int, Suggested]) -> dict[str, Any]:
    agents, sources, total = defaultdict[str, Row](Row), defaultdict[str, Row](Row), Row()
    for event in told:
        fact = event.fact
        if isinstance(fact, Suggested):
            for one in fact.suggestions:
                for row in (sources[one.source], agents[fact.agent], total):
                    row.offered += 1
        elif isinstance(fact, SuggestionJudged) and fact.suggested in given and fact.verdict != "picked":
            for row in (sources[_source(given, fact.suggested, fact.number)], agents[fact.agent], total):
                setattr(row, fact.verdict, getattr(row, fact.verdict) + 1)
        elif isinstance(fact, SuggestionSettled) and fact.suggested in given:
            rows = [agents[fact.agent], total]
            if fact.number >= 0:
                rows.append(sources[_source(given, fact.suggested, fact.number)])
            for row in rows:
                _settle(row, fact)
    answers = sum(isinstance(event.fact, AgentReplied) for event in told)
    return {
        "answers": answers,
        "trigger_rate": total.answers / answers if answers else None,
        "total": total.told(),
        "agents": {id: row.told() for id, row in sorted(agents.items())},
        "sources": {source: row.told() for source, row in sorted(sources.items())},
    }


def _source(given: Mapping[int, Suggested], seq: int, number: int) -> str:
    suggestions = given[seq].suggestions
    return suggestions[number].source if number < len(suggestions) else ""


def _settle(row: Row, fact: SuggestionSettled) -> None:
    row.answers += 1
    setattr(row, fact.outcome, getattr(row, fact.outcome) + 1)
    if fact.outcome == "ignored":
        row.alone.append(fact.seconds)
    else:
        row.helped.append(fact.seconds)
        row.distances.append(fact.distance)
