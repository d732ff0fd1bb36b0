"""The same pixels in any process, however it was started."""

import multiprocessing
import zlib

import pytest

from uar_mmpretrain.corruptions import Key, corrupt, get, names
from uar_mmpretrain.corruptions.severities import constants


@pytest.mark.parametrize('method, number', [('fork', 2), ('spawn', 1)])
def test_other_processes_agree_with_this_one(small_photo, method, number):
    calls = [(small_photo, name, severity) for name in names()
             for severity in (2, 5)]
    with multiprocessing.get_context(method).Pool(number) as pool:
        # Reversed and one by one, so that two processes get a mixture.
        results = pool.starmap(corrupt, calls[::-1], chunksize=1)[::-1]
    for call, result in zip(calls, results):
        assert (corrupt(*call) == result).all(), call[1:]


@pytest.mark.parametrize('name, expected', [
    ('gaussian_noise', 1654668537),
    ('shot_noise', 481716801),
    ('impulse_noise', 3609938658),
    ('glass_blur', 3329777038),
])
def test_recipe_of_the_seeds_is_frozen(name, expected):
    """Integer draws are the same everywhere; a change bumps KEY_VERSION."""
    shape = (24, 20, 3)
    values = constants(name, 3, 'imagenet', shape)
    draws = get(name).draw(Key(7, 'a/b.png', name, 3), shape, values)
    draws = draws[0] if isinstance(draws, list) else draws
    assert zlib.crc32(draws.astype('<i4').tobytes()) == expected
