"""The random corruptions, given the very draws of the reference.

The reference draws from NumPy's legacy stream, which is frozen, so the draws
are made again here from the seed, in the reference's order, and only its
outputs are stored.
"""

import json
import math

import cv2
import numpy as np
import pytest
from scipy import stats

from uar_mmpretrain.corruptions import get, names
from uar_mmpretrain.corruptions.severities import constants, jitter_constants

from .golden.archive import OUTPUTS, STATISTICS, read
from .golden.images import FROST_PICTURES
from .golden.images import REPLAYED as IMAGE

HEIGHT, WIDTH = IMAGE.shape[:2]
# Largest difference in levels; largest share of values that differ at all,
# over the five severities, for one small picture has too few values.
LIMITS = {
    'gaussian_noise': (0, 0),
    'impulse_noise': (0, 0),
    'speckle_noise': (0, 0),
    'glass_blur': (2, 0.003),
    'motion_blur': (1, 0.003),
    'snow': (1, 0.002),
    'frost': (1, 0.02),
    'fog': (1, 0.002),
    'elastic_transform': (1, 0.002),
}

def gaussian_noise(random, params):
    noise = random.normal(size=IMAGE.shape, scale=params)[..., ::-1]
    return np.floor(255 * noise).astype(np.int16)


def impulse_noise(random, params):
    flipped = random.random_sample(IMAGE.shape) <= params
    white = random.random_sample(IMAGE.shape) <= 0.5
    return (flipped * np.where(white, 255, -255))[..., ::-1].astype(np.int16)


def speckle_noise(random, params):
    return 1 + random.normal(size=IMAGE.shape, scale=params)[..., ::-1]


def glass_blur(random, params):
    _, reach, iterations = params
    visits = (HEIGHT - 2 * reach) * (WIDTH - 2 * reach)
    return [random.randint(-reach, reach, size=(visits, 2))
            for _ in range(iterations)]


def motion_blur(random, params):
    return random.uniform(-45, 45)


def snow(random, params):
    mean, std, zoom = params[:3]
    field = random.normal(size=(HEIGHT, WIDTH), loc=mean, scale=std)
    rows, columns = math.ceil(HEIGHT / zoom), math.ceil(WIDTH / zoom)
    top, left = (HEIGHT - rows) // 2, (WIDTH - columns) // 2
    flakes = field[top:top + rows, left:left + columns]
    return flakes.astype(np.float32), random.uniform(-135, -45)


def frost(random, params):
    index = random.randint(5)
    # The reference enlarges its pictures 1.1 times.
    room = [int(np.ceil(side * 1.1)) for side in FROST_PICTURES[0].shape[:2]]
    row = random.randint(0, room[0] - HEIGHT)
    return index, row, random.randint(0, room[1] - WIDTH)


def fog(random, params):
    # Scaled by the amplitude, but the same stream.
    return random.uniform(-1, 1, 64 * 64 - 1).astype(np.float32)


def spatter(random, params):
    mean, std = params[:2]
    field = random.normal(size=(HEIGHT, WIDTH), loc=mean, scale=std)
    return field.astype(np.float32)


def elastic_transform(random, params):
    along_x, along_y = (random.uniform(-1, 1, (HEIGHT, WIDTH)) for _ in 'xy')
    return (np.zeros((3, 2), np.float32), along_x.astype(np.float32),
            along_y.astype(np.float32))


def shot_noise(random, params):
    """Quantiles in the middle of the outcomes that the reference drew."""
    expected = IMAGE / 255 * params
    counts = random.poisson(expected)
    middle = (stats.poisson.cdf(counts - 1, expected)
              + stats.poisson.cdf(counts, expected)) / 2
    return (middle * 65536).astype(np.uint16)[..., ::-1]


@pytest.fixture(scope='module')
def frost_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp('frost')
    for number, picture in enumerate(FROST_PICTURES, 1):
        suffix = 'png' if number < 4 else 'jpg'
        # Lossless whatever the name; the reader looks at the content.
        _, encoded = cv2.imencode('.png', picture[..., ::-1])
        (folder / f'frost{number}.{suffix}').write_bytes(encoded.tobytes())
    return str(folder)


@pytest.fixture(scope='module')
def differences(frost_dir):
    """Ours on the reference's draws minus the reference, (5, H, W, 3)."""
    outputs = read(OUTPUTS)
    seeds = json.loads(STATISTICS.read_text())['replay_seeds']

    def compare(name):
        results = [
            replay(name, severity, seed, frost_dir)
            for severity, seed in enumerate(seeds[name], 1)
        ]
        return np.array(results, int) - outputs[f'replay/{name}']

    return compare


def replay(name, severity, seed, frost_dir):
    params = constants(name, severity, 'imagenet', IMAGE.shape)
    if name == 'elastic_transform':
        params = jitter_constants(severity, IMAGE.shape)
    elif name == 'frost':
        params = (*params[:2], 1.1, frost_dir)
    draws = globals()[name](np.random.RandomState(seed), params)
    image = np.ascontiguousarray(IMAGE[..., ::-1])
    return get(name).apply(image, params, draws)[..., ::-1]


@pytest.mark.parametrize('name', [n for n in LIMITS if n in names()])
def test_same_draws_give_the_same_picture(differences, name):
    levels, share = LIMITS[name]
    delta = differences(name)
    assert np.abs(delta).max() <= levels
    assert (delta != 0).mean() <= share


def test_shot_noise_inverts_the_poisson_distribution(differences):
    delta = differences('shot_noise')
    # The table has 4096 quantiles; rarer outcomes become their neighbours.
    assert (delta != 0).mean() <= 0.005
    for severity in range(1, 6):
        photons = constants('shot_noise', severity, 'imagenet', IMAGE.shape)
        assert np.abs(delta[severity - 1]).max() <= math.ceil(255 / photons)


def test_spatter_up_to_flips_of_the_edge_detector(differences):
    delta = np.abs(differences('spatter'))
    pixels = np.sort(delta.max(axis=-1).ravel())
    free = int(0.005 * pixels.size)
    assert pixels[:pixels.size - free].max() <= 1
    assert (delta == 1).mean() <= 0.001
