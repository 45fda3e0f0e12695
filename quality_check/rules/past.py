"""What operators remember of a conversation."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

from quality_check.rules.view import Role, Turn

KEPT: Final = 50  # messages remembered of each role


@dataclass(slots=True)
class Past:
    """What operators remember: a bounded amount, however long the conversation."""

    said: dict[Role, deque[str]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=KEPT)))
    speakers: deque[Role] = field(default_factory=lambda: deque(maxlen=KEPT))
    labels: dict[str, str] = field(default_factory=dict)  # model and role to the label said last
    answers: dict[Role, int] = field(default_factory=lambda: defaultdict(int))
    ended: dict[Role, float] = field(default_factory=dict)  # when each role's speech was over, as far as is known
    last: Turn | None = None
    waiting_since: float | None = None  # since when the other side of the last speaker has to answer
    run: int = 0

    def hear(self, turn: Turn) -> None:
        """Before the turn is looked at: who spoke last, and since when."""
        if self.last is None or self.last.role != turn.role:
            self.waiting_since = self.last.at if self.last else None
            self.run = 0
            self.answers[turn.role] += self.last is not None
        else:
            self.waiting_since = None
        self.run += 1
        self.speakers.append(turn.role)

    def keep(self, turn: Turn, folded: str) -> None:
        """After it was looked at."""
        self.said[turn.role].append(folded.strip())
        for mark in turn.marks:
            self.labels[f"{mark.model} {turn.role}"] = mark.label
        self.last = turn
        if turn.at is not None:
            end = turn.at if turn.until is None else turn.until
            self.ended[turn.role] = max(end, self.ended.get(turn.role, end))
