"""Percentiles from counts lose little, and say nothing when there is nothing."""

from collections import Counter
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from desk.rules.percentiles import Rung, percentile, spread, step_of, width_of


def _rungs(values: list[float]) -> list[Rung]:
    steps = sorted(Counter(map(step_of, values)).items())
    seen = accumulate(held for _, held in steps)
    return [Rung(step, held, upto, len(values)) for (step, held), upto in zip(steps, seen, strict=True)]


@given(st.lists(st.floats(0, 80_000), min_size=1), st.sampled_from([0.5, 0.9, 0.95]))
def test_a_percentile_lies_in_the_step_of_the_exact_one(values: list[float], share: float) -> None:
    exact = sorted(values)[max(0, -(-int(share * 1000) * len(values) // 1000) - 1)]
    found = percentile(_rungs(values), share)
    assert found is not None
    assert step_of(exact) <= found <= step_of(exact) + width_of(step_of(exact))


@given(st.floats(0, 31_535_999))
def test_a_step_holds_its_value_and_is_at_most_a_tenth_of_it_or_a_second(value: float) -> None:
    assert step_of(value) <= value < step_of(value) + width_of(step_of(value))
    if value < 86_400:
        assert width_of(step_of(value)) <= max(1.0, value / 10)


def test_nothing_has_no_percentile() -> None:
    assert spread([]) == {"count": 0, "p50": None, "p90": None, "p95": None}
