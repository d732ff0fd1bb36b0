"""The loop itself: it counts, and sees what one call takes."""

import numpy as np
import pytest

from .loop import CLEAR, outcomes, peak_of


def take(megabytes):
    return int(np.ones(megabytes * 2**20, np.uint8)[-1])


def test_outcomes_are_counted():
    seen = []

    def judge(rng):
        seen.append(rng.random())
        return 'even' if len(seen) % 2 == 0 else 'odd'

    assert outcomes(judge, 5, 2**40) == {'odd': 3, 'even': 2}
    assert len(set(seen)) > 1


def test_what_takes_too_much_fails():
    with pytest.raises(AssertionError):
        outcomes(lambda rng: take(200), 3, 100 * 2**20)


@pytest.mark.skipif(not CLEAR.exists(), reason='a peak is forgotten on Linux')
def test_a_smaller_peak_is_seen_after_a_larger_one():
    (_, large), (_, small) = [peak_of(lambda n=n: take(n)) for n in (300, 100)]
    assert large > 290 * 2**20
    assert 90 * 2**20 < small < 150 * 2**20
