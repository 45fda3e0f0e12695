"""Percentiles from counts: seconds fall into steps that are finer where waits are short."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

# (below so many seconds, a step's width): at most a tenth of the value is lost.
STEPS: Final = ((60, 1), (600, 5), (7_200, 60), (86_400, 600), (31_536_000, 86_400))
SHOWN: Final = (("p50", 0.5), ("p90", 0.9), ("p95", 0.95))


class Rung(NamedTuple):
    """A step with `held` values in it, `seen` of the `total` up to its end."""

    step: int
    held: int
    seen: int
    total: int


def step_of(seconds: float) -> int:
    """The beginning of the step that the value falls into; the SQL store does the same."""
    for below, width in STEPS:
        if seconds < below:
            return int(seconds // width) * width
    return STEPS[-1][0]


def width_of(step: int) -> int:
    """How wide the step is that begins there."""
    return next((width for below, width in STEPS if step < below), 0)


def percentile(rungs: Sequence[Rung], share: float) -> float | None:
    """The value that `share` of all do not exceed, spread evenly within its step; None without values.

    Of the rungs only that is needed in which it lies. As Prometheus' histogram_quantile.
    """
    for step, held, seen, total in rungs:
        before, wanted = seen - held, share * total
        if before < wanted <= seen:
            return step + width_of(step) * (wanted - before) / held
    return None


def spread(rungs: Sequence[Rung]) -> dict[str, Any]:
    """As reports show it."""
    total = rungs[0].total if rungs else 0
    return {"count": total, **{name: percentile(rungs, share) for name, share in SHOWN}}
