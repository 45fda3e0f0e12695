"""Operators that look at the clock: of written messages, and of speech where each turn says when it ended."""

from collections.abc import Callable
from typing import Final

from quality_check.rules.document import Condition, Gap, Interruption, Measure, Rate
from quality_check.rules.past import Past
from quality_check.rules.view import Turn

Holds = Callable[[Turn, Past], bool]
MINUTE: Final = 60.0


def timing(one: Condition) -> Holds | None:
    """The condition's question of the clock; None when it asks none. What nobody noted never holds."""
    if gap := one.gap:
        return lambda turn, past: _gap(gap, turn, past)
    if silence := one.silence:
        return lambda turn, past: _silence(silence, turn, past)
    if rate := one.rate:
        return lambda turn, past: _rate(rate, turn)
    if interruption := one.interruption:
        return lambda turn, past: _interrupts(interruption, turn, past)
    return None


def _gap(asked: Gap, turn: Turn, past: Past) -> bool:
    if turn.at is None or past.waiting_since is None or not asked.holds(turn.at - past.waiting_since):
        return False
    return asked.which == "any" or (past.answers[turn.role] == 1) == (asked.which == "first")


def _silence(asked: Measure, turn: Turn, past: Past) -> bool:
    """Since the last of all who spoke was done."""
    return turn.at is not None and bool(past.ended) and asked.holds(turn.at - max(past.ended.values()))


def _rate(asked: Rate, turn: Turn) -> bool:
    said = len("".join(turn.text.split()))
    if turn.at is None or turn.until is None or turn.until <= turn.at or said < asked.min_length:
        return False
    return asked.holds(said * MINUTE / (turn.until - turn.at))


def _interrupts(asked: Interruption, turn: Turn, past: Past) -> bool:
    """Begun while the other side still spoke."""
    others = [end for role, end in past.ended.items() if (role == "customer") != (turn.role == "customer")]
    return turn.at is not None and bool(others) and max(others) - turn.at > asked.more_than
