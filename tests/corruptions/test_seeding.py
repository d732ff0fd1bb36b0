import hashlib

import numpy as np
import pytest
from scipy import stats

from uar_mmpretrain.corruptions import Key
from uar_mmpretrain.corruptions.seeding import (
    normal_quantiles,
    random_normal,
    random_uint16,
    random_uniform,
    random_words,
)

MASK = 2**64 - 1
KEYS = [0, 1, 0x9E3779B97F4A7C15, MASK]


def splitmix64(key, index):
    """Word ``index`` (from 1), with Python's own integers."""
    z = (key + index * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def test_first_words_of_seed_zero_are_the_published_ones():
    assert random_words(0, 3).tolist() == [
        0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F
    ]


@pytest.mark.parametrize('key', KEYS)
def test_words_match_plain_python(key):
    expected = [splitmix64(key, i) for i in range(1, 51)]
    assert random_words(key, 50).tolist() == expected


@pytest.mark.parametrize('count', [1, 3, 4, 5, 30])
def test_uint16_are_four_per_word_lowest_first(count):
    expected = [(splitmix64(7, 1 + i // 4) >> (16 * (i % 4))) & 0xFFFF
                for i in range(count)]
    assert random_uint16(7, count).tolist() == expected


@pytest.mark.parametrize('count', [1, 2, 7])
def test_uniforms_are_the_upper_24_bits_of_each_half(count):
    halves = [(splitmix64(7, 1 + i // 2) >> (32 * (i % 2))) & 0xFFFFFFFF
              for i in range(count)]
    uniforms = random_uniform(7, count)
    assert uniforms.dtype == np.float32
    assert uniforms.tolist() == [(h >> 8) / 2**24 for h in halves]


def test_quantiles_match_scipy():
    expected = stats.norm.ppf((np.arange(65536) + 0.5) / 65536)
    np.testing.assert_allclose(normal_quantiles(), expected, rtol=1e-12)


def test_normals_are_the_table_at_the_uint16():
    expected = normal_quantiles()[random_uint16(3, 1000)]
    np.testing.assert_allclose(random_normal(3, 1000), expected, rtol=1e-6)


def test_normals_and_uniforms_pass_kolmogorov_smirnov():
    count = 200_000
    limit = 1.63 / count**0.5  # 1 %
    for sample, law in ((random_normal(11, count), 'norm'),
                        (random_uniform(11, count), 'uniform')):
        assert stats.kstest(sample, law).statistic < limit


def test_key_hashes_the_documented_text():
    key = Key(3, 'test/ü.png', 'gaussian_noise', 5)
    text = 'v1|3|test/ü.png|gaussian_noise|5|0'
    for stream, suffix in ((None, ''), (0, '|0'), (2, '|2')):
        digest = hashlib.blake2b((text + suffix).encode(), digest_size=8)
        expected = int.from_bytes(digest.digest(), 'little')
        assert key.word(stream) == expected


def test_every_field_of_the_key_counts():
    base = ('0', 'a', 'gaussian_noise', 1, 0)
    others = [('1', *base[1:]), (base[0], 'b', *base[2:]),
              (*base[:2], 'fog', *base[3:]), (*base[:3], 2, 0),
              (*base[:4], 1)]
    words = {Key(*fields).word() for fields in [base, *others]}
    assert len(words) == 6


def test_random_words_keep_no_state_and_leave_numpy_alone():
    np.random.seed(0)
    expected = np.random.RandomState(0).rand()
    first = random_words(5, 64)
    random_words(6, 64)
    first_again = random_words(5, 64)
    assert (first == first_again).all()
    assert np.random.rand() == expected


def test_a_longer_draw_starts_with_the_shorter():
    assert (random_uint16(9, 400)[:123] == random_uint16(9, 123)).all()
