"""How often an index is written."""

import pytest

from knowledge.service.following import AT_ONCE, EACH_SECONDS, Spare


def test_single_changes_do_not_wait_and_many_share_a_write() -> None:
    spare, now, writes = Spare(0.0), 0.0, 0
    assert [spare.take(0.01 * n) for n in range(AT_ONCE - 1)] == [0.0] * (AT_ONCE - 1)
    while now < 300:  # documents come in all the time
        now += max(0.4, spare.take(now))
        writes += 1
    assert writes == pytest.approx(300 / EACH_SECONDS, abs=2)
    assert spare.take(now + AT_ONCE * EACH_SECONDS) == 0.0  # after a while nobody waits again
