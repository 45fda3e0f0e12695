"""Percentiles from counts: seconds fall into steps that are finer where waits are short."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

# (below so many seconds, a step's width): at most a tenth of the value is lost.
STEPS: Final = ((60, 1), (600, 5), (7_200, 60), (86_400, 600), (31_536_000, 86_400))
SHOWN: Final = (("p50", 0.5), ("p90", 0.9), ("p95", 0.95))


def step_of(seconds: float) -> int:
    """The beginning of the step that the value falls into; the SQL store does the same."""
    for below, width in STEPS:
        if seconds < below:
            return int(seconds // width) * width
    return STEPS[-1][0]


def width_of(step: int) -> int:
    """How wide the step is that begins there."""
    return next((width for below, width in STEPS if step < below), 0)


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The value that `share` of all do not exceed, spread evenly within its step; None without values.

    As Prometheus' histogram_quantile.
    """
    total = sum(counts.values())
    wanted, seen = share * total, 0
    for step, count in sorted(counts.items()):
        if count and seen + count >= wanted:
            return step + width_of(step) * (wanted - seen) / count
        seen += count
    return None


def spread(counts: Counter[int]) -> dict[str, Any]:
    """As reports show it."""
    return {"count": counts.total(), **{name: percentile(counts, share) for name, share in SHOWN}}
