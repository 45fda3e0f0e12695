"""How the customer feels, message by message, by words alone; quality's models look closer afterwards."""

from collections.abc import Iterable, Sequence
from typing import Final

from language.lexicon import Lexicon

MOST: Final = 3
KEPT: Final = 20
TURN: Final = -0.8  # so much worse than before is a turn


class Mood:
    """Reads lines "word weight"; what begins with # is a remark. Raises ValueError with the line's number."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._weights = dict[str, int]()
        for number, line in enumerate(lines, 1):
            word, _, weight = line.strip().rpartition(" ")
            if not line.strip() or line.startswith("#"):
                continue
            try:
                self._weights[word.strip()] = int(weight)
            except ValueError as error:
                raise ValueError(f"line {number}: a word and a whole number") from error
        self._lexicon = Lexicon((word, word) for word in self._weights)

    def of(self, text: str) -> float:
        """-1 (angry) to 1 (glad); 0 when nothing tells."""
        found = {span.label for span in self._lexicon.find(text)}
        total = sum(self._weights[word] for word in found) - ("！！" in text or "!!" in text)
        return max(-MOST, min(MOST, total)) / MOST

    def curve(self, texts: Sequence[str]) -> list[float]:
        """Of the latest messages, oldest first."""
        return [round(self.of(text), 2) for text in texts[-KEPT:]]


def has_turned(curve: Sequence[float]) -> bool:
    """Did the last message fall far below what the customer had felt before?"""
    before = curve[:-1]
    return bool(before) and curve[-1] - sum(before) / len(before) <= TURN
