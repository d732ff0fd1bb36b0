"""Wilson's interval against its formula."""

import math

import pytest

from uar_mmpretrain.evaluation.functional.statistics.proportion import (
    wilson_interval,
)


@pytest.mark.parametrize('count, total', [(0, 10), (3, 10), (10, 10),
                                          (450, 900)])
def test_closed_form(count, total):
    z = 1.959963984540054
    share = count / total
    centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * math.sqrt(
        share * (1 - share) / total + z**2 / (4 * total**2))
    assert wilson_interval(count, total) == pytest.approx(
        (centre - half, centre + half), abs=1e-9)


def test_no_images_say_nothing():
    assert wilson_interval(0, 0) == (0, 1)
