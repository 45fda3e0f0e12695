"""Which scores people look at. Chance comes from a seed, so that a plan that runs twice picks the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

How = Literal["random", "per_agent", "risk", "new"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A score that could be reviewed; `risk` is its weight when risk decides."""

    inspection: str
    subject: str
    risk: float


def risk(score: float | None, fatal: bool, severe: int, csat: int | None) -> float:
    """A weight of at least 1: points lost, and what is grave beside them."""
    lost = 100.0 if score is None else 100.0 - score
    return 1.0 + lost + 100.0 * fatal + 20.0 * severe + (30.0 if csat is not None and csat <= 2 else 0.0)


def sample(candidates: Iterable[Candidate], how: How, count: int, seed: str) -> list[Candidate]:
    """`count` of them at random, or so many of each agent (`per_agent`, `new`), or at random with chances by risk.

    Weighted drawing without replacement by keys u^(1/w): P. Efraimidis, P. Spirakis, Weighted random sampling with a
    reservoir, Information Processing Letters 97 (2006) 181-185.
    """
    weighted = how == "risk"
    keyed = sorted(
        candidates, key=lambda one: _chance(seed, one.inspection) ** (1 / one.risk if weighted else 1), reverse=True
    )
    if how not in ("per_agent", "new"):
        return keyed[:count]
    taken: dict[str, list[Candidate]] = defaultdict(list)
    for one in keyed:
        if len(taken[one.subject]) < count:
            taken[one.subject].append(one)
    return [one for some in taken.values() for one in some]


def share_out(count: int, load: dict[str, int], barred: Sequence[str] = ()) -> list[str]:
    """A reviewer for each of so many tasks, always the one with the fewest; `load` counts what they have."""
    chosen = []
    for _ in range(count):
        free = [one for one in load if one not in barred] or list(load)
        reviewer = min(free, key=lambda one: (load[one], one))
        load[reviewer] += 1
        chosen.append(reviewer)
    return chosen


def falls_on(share: float, seed: str, id: str) -> bool:
    """True for about `share` (0 to 1) of all ids."""
    return _chance(seed, id) < share


def _chance(seed: str, id: str) -> float:
    """Uniform over (0, 1), from the two names."""
    return (int.from_bytes(sha256(f"{seed}/{id}".encode()).digest()[:7], "big") + 0.5) / 2**56
