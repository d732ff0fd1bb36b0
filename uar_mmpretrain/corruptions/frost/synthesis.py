"""Draw frost textures that have the statistics of :mod:`.styles`.

Crystals of straight needles give the phases, hence the look; then amplitudes
and luminance are imposed in turn, as in the iterative surrogates of Schreiber
and Schmitz, "Improved Surrogate Data for Nonlinearity Tests", PRL 1996.

``python -m uar_mmpretrain.corruptions.frost.synthesis`` writes the shipped
files again. They are shipped, not drawn at run time, because FFT round-off
and NumPy's distributions differ between releases.
"""

from __future__ import annotations

import platform

import cv2
import numpy as np

from .styles import BAND_EDGES, CROP, PROBABILITIES, STYLES, Style
from .textures import DATA, TINT_ZERO

SHAPE = (512, 768)

_ROUNDS = 6
_CORRECTIONS = 4
_PIXELS_PER_CRYSTAL = 260
# More of it brings the kurtosis of the gradient down, to 0 (Gaussian).
_WHITE_NOISE = 0.2
# Cycles per crop: the waves below the first share the variance that the bands
# leave; the second and third end the slow fields of luminance and tint.
_SLOWEST = 0.6
_SLOW = 12.0
_TINT_END = 1.5


def synthesize(style: Style,
               seed: int,
               shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """Draw the luminance of one texture, periodic in both axes.

    The spectrum of the result misses the aim by an amount that depends on
    the seed (the ranks bend it, the crops' window leaks), so the aim is
    corrected by the error and the drawing repeated with the same seed.

    Args:
        style (Style): What to match.
        seed (int): Same seed, same texture, on one version of NumPy.
        shape (tuple[int, int]): Height and width, at least 224 each.

    Returns:
        np.ndarray: HW uint8 with exactly the style's quantiles.
    """
    start = _start(np.random.default_rng(seed), shape)
    levels = np.interp((np.arange(start.size) + 0.5) / start.size,
                       PROBABILITIES, style.quantiles)
    aim = np.array(style.bands)
    tile = _draw(start, aim, levels)
    for _ in range(_CORRECTIONS):
        aim -= 0.9 * (band_spectrum(tile) - style.bands)
        tile = _draw(start, aim, levels)
    return np.rint(tile).astype(np.uint8)


def synthesize_tint(style: Style,
                    seed: int,
                    shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """Draw the second colour component, slow Gaussian noise.

    Args:
        style (Style): Gives the standard deviation.
        seed (int): As for :func:`synthesize`.
        shape (tuple[int, int]): Height and width.

    Returns:
        np.ndarray: HW uint8, levels plus ``TINT_ZERO``.
    """
    # A stream of its own, independent of the luminance.
    field = _slow_field(np.random.default_rng([seed, 1]), shape, _TINT_END)
    levels = np.rint(style.tint_std * field) + TINT_ZERO
    return np.clip(levels, 0, 255).astype(np.uint8)


def band_spectrum(tile: np.ndarray) -> np.ndarray:
    """Measure the spectrum as :attr:`.Style.bands` defines it.

    Args:
        tile (np.ndarray): HW luminance, at least 224 x 224.

    Returns:
        np.ndarray: log10 power per band, mean over a grid of 60 crops.
    """
    hann = np.outer(np.hanning(CROP), np.hanning(CROP))
    hann /= np.sqrt((hann**2).mean())
    power = np.zeros((CROP, CROP))
    rows, columns = (np.linspace(0, side - CROP, number).astype(int)
                     for side, number in zip(tile.shape, (6, 10)))
    for row in rows:
        for column in columns:
            crop = tile[row:row + CROP, column:column + CROP]
            power += np.abs(np.fft.fft2((crop - crop.mean()) * hann))**2
    power /= len(rows) * len(columns) * CROP**2
    band = np.digitize(_frequency((CROP, CROP)), BAND_EDGES)
    return np.log10([power[band == number + 1].mean()
                     for number in range(len(BAND_EDGES) - 1)])


def _frequency(shape: tuple[int, int]) -> np.ndarray:
    """Radial frequency of each FFT bin in cycles per crop."""
    vertical, horizontal = (np.fft.fftfreq(side) * CROP for side in shape)
    return np.hypot(vertical[:, None], horizontal)


def _start(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Needles, white noise and a slow field: only the phases matter."""
    noise = _WHITE_NOISE * rng.standard_normal(shape)
    return _crystals(rng, shape) + noise + _slow_field(rng, shape, _SLOW)


def _crystals(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Scatter crystals of 3 to 9 needles in three directions 60 deg apart."""
    canvas = np.zeros(shape, np.float32)
    for _ in range(shape[0] * shape[1] // _PIXELS_PER_CRYSTAL):
        centre = rng.uniform(0, shape[::-1])
        orientation = rng.uniform(0, 2 * np.pi)
        for _ in range(rng.integers(3, 10)):
            angle = (orientation + rng.integers(-1, 2) * np.pi / 3
                     + rng.normal(0, 0.25))
            length = 8 * (70 / 8)**rng.uniform()
            end = centre + length * np.array([np.cos(angle), np.sin(angle)])
            weight = rng.choice([-1, 1]) * rng.uniform(0.3, 1)
            cv2.line(canvas, centre.astype(int).tolist(),
                     end.astype(int).tolist(), weight,
                     int(rng.integers(1, 4)))
    return canvas


def _slow_field(rng: np.random.Generator, shape: tuple[int, int],
                end: float) -> np.ndarray:
    """Unit-variance noise without waves above ``end`` cycles per crop."""
    spectrum = np.fft.fft2(rng.standard_normal(shape))
    frequency = _frequency(shape)
    spectrum[(frequency > end) | (frequency == 0)] = 0
    field = np.fft.ifft2(spectrum).real
    return field / field.std()


def _draw(start: np.ndarray, aim: np.ndarray,
          levels: np.ndarray) -> np.ndarray:
    amplitude = _amplitude(aim, start.shape, levels.var())
    return _centre(_match(start, amplitude, levels))


def _amplitude(aim: np.ndarray, shape: tuple[int, int],
               variance: float) -> np.ndarray:
    """Amplitude of each FFT bin for band powers and a total variance."""
    frequency = _frequency(shape)
    edges = np.log10(BAND_EDGES)
    power = 10**np.interp(
        np.log10(np.maximum(frequency, _SLOWEST)),
        (edges[:-1] + edges[1:]) / 2, aim)
    slowest = (frequency > 0) & (frequency < _SLOWEST)
    power[frequency < _SLOWEST] = 0
    # A variance is the mean of the powers |FFT|^2 / size.
    missing = variance * power.size - power.sum()
    power[slowest] = max(missing, 0) / max(slowest.sum(), 1)
    return np.sqrt(power * power.size)


def _match(field: np.ndarray, amplitude: np.ndarray,
           levels: np.ndarray) -> np.ndarray:
    """Impose the amplitudes, then the sorted levels by rank, in turn."""
    for _ in range(_ROUNDS):
        spectrum = np.fft.fft2(field)
        spectrum *= amplitude / np.maximum(np.abs(spectrum), 1e-12)
        order = np.argsort(np.fft.ifft2(spectrum).real, axis=None)
        field = np.empty(field.shape)
        field.flat[order] = levels
    return field


def _centre(tile: np.ndarray) -> np.ndarray:
    """Roll a periodic tile so that the average crop is like the tile.

    Random crops see the middle more often than the rim. Of all rolls, take
    the one where crops have most nearly the mean (in units of 4 levels) and
    standard deviation (of 15 %) of the tile.
    """
    visits = [np.convolve(np.ones(side - CROP + 1), np.ones(CROP))
              for side in tile.shape]
    weight = np.fft.rfft2(np.outer(*visits) / np.outer(*visits).sum()).conj()

    def over_crops(values: np.ndarray) -> np.ndarray:
        return np.fft.irfft2(np.fft.rfft2(values) * weight, tile.shape)

    centred = tile - tile.mean()
    spread = np.sqrt(over_crops(centred**2)) / tile.std() - 1
    cost = (over_crops(centred) / 4)**2 + (spread / 0.15)**2
    row, column = np.unravel_index(cost.argmin(), cost.shape)
    return np.roll(tile, (-row, -column), (0, 1))


def main() -> None:
    """Write the shipped files and where they come from."""
    lines = [
        'Procedural frost textures: luminance (and tint) of each style.',
        'Drawn, not photographed; no picture was used, only the statistics in',
        'styles.py.', '',
        'Command: python -m uar_mmpretrain.corruptions.frost.synthesis',
        f'Python {platform.python_version()}, NumPy {np.__version__}, '
        f'OpenCV {cv2.__version__}', ''
    ]
    for style in STYLES:
        _write(f'{style.name}.png', synthesize(style, style.seed))
        if style.tint is not None:
            tint = synthesize_tint(style, style.seed)
            _write(f'{style.name}_tint.png', tint)
        lines.append(f'{style.name}: seed {style.seed}')
    (DATA / 'PROVENANCE.txt').write_text('\n'.join(lines) + '\n', 'utf-8')


def _write(name: str, tile: np.ndarray) -> None:
    cv2.imwrite(str(DATA / name), tile, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == '__main__':
    main()
