import numpy as np
import pytest

from uar_mmpretrain.corruptions.frost import synthesis
from uar_mmpretrain.corruptions.frost.styles import PROBABILITIES, STYLES

TEAL, WHITE = STYLES[:2]
SHAPE = (224, 240)


@pytest.fixture(scope='module')
def tile():
    return synthesis.synthesize(WHITE, 5, SHAPE)


def test_same_seed_same_tile(tile):
    np.random.seed(0)  # global state must not matter
    assert np.array_equal(synthesis.synthesize(WHITE, 5, SHAPE), tile)


def test_another_seed_another_tile(tile):
    other = synthesis.synthesize(WHITE, 6, SHAPE).astype(float)
    # Slow waves leave some correlation to chance.
    assert abs(np.corrcoef(other.ravel(), tile.ravel())[0, 1]) < 0.7


def test_quantiles_are_exact(tile):
    assert tile.shape == SHAPE and tile.dtype == np.uint8
    found = np.quantile(tile, PROBABILITIES)
    assert np.abs(found - WHITE.quantiles).max() <= 1


def test_tint_is_slow_and_centred():
    tint = synthesis.synthesize_tint(TEAL, 5).astype(float)
    assert tint.mean() == pytest.approx(128, abs=0.5)
    assert tint.std() == pytest.approx(13, abs=0.2)
    # Slower than 1.5 waves in 224 px: neighbours differ by rounding and by
    # at most 13 * 2 pi * 1.5 / 224 = 0.55 in root mean square.
    assert np.sqrt((np.diff(tint, axis=1)**2).mean()) < 0.8


def test_spectrum_of_a_wave_by_hand():
    # Amplitude 10 at 20 cycles: |FFT|^2 / 224^2 sums to 224^2 * 10^2 / 2 over
    # both signs whatever the window of unit rms; all in the band 16 to 22.
    wave = 10 * np.sin(2 * np.pi * 20 / 224 * np.arange(240))
    bands = synthesis.band_spectrum(np.tile(wave, (224, 1)))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(224, 1 / 224),
                                      np.fft.fftfreq(224, 1 / 224)))
    number = ((frequency >= 16) & (frequency < 22)).sum()
    assert bands[7] == pytest.approx(np.log10(224**2 * 50 / number), abs=1e-3)
    assert bands.argmax() == 7
