import numpy as np
import pytest
import torch

from uar_mmpretrain.corruptions import seeding
from uar_mmpretrain.corruptions.batched import bits

KEYS = [0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 0x0123456789ABCDEF]
CPU = torch.device('cpu')


@pytest.mark.parametrize('count', [0, 1, 2, 3, 4, 5, 1001])
@pytest.mark.parametrize('name',
                         ['random_uint16', 'random_uniform', 'random_normal'])
def test_numbers_equal_the_numpy_version(name, count):
    result = getattr(bits, name)(KEYS, count, CPU)
    expected = np.stack([getattr(seeding, name)(key, count) for key in KEYS])
    assert result.shape == (len(KEYS), count)
    np.testing.assert_array_equal(result.numpy(), expected)


def test_words_equal_the_published_generator():
    # splitmix64 seeded with 1234567: first outputs of the public-domain C
    # code, as listed by Rosetta Code.
    words = bits.random_words([1234567], 5, CPU).numpy().view(np.uint64)
    assert words[0].tolist() == [
        6457827717110365317, 3203168211198807973, 9817491932198370423,
        4593380528125082431, 16408922859458223821
    ]
