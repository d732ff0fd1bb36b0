"""Make the golden data from the ``imagecorruptions`` package.

Run once, in an environment that has the reference (see
``tools/benchmarks/reference_corruptions.py``), from the root of the clone::

    reference/bin/python tests/corruptions/golden/make_golden.py

Run it again only when the reference itself changes. A test that fails after
an upgrade of Pillow, OpenCV or NumPy is to be understood, not regenerated.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
import zlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
from archive import FOLDER, OUTPUTS, STATISTICS, write
from images import FROST_PICTURES, IMAGES, REPLAYED, TEXTURED
from PIL import Image
from summary import STATISTICS as STATISTIC_NAMES
from summary import summarise

sys.path.insert(0, str(FOLDER.parents[2] / 'tools' / 'benchmarks'))
from reference_corruptions import load, load_functions  # noqa: E402

# Libraries whose release can change a pixel.
LIBRARIES = ('imagecorruptions', 'numpy', 'scipy', 'scikit-image', 'Pillow',
             'opencv-python')
EXACT = ('jpeg_compression', 'pixelate')
ROUNDED = ('contrast', 'brightness', 'saturate', 'defocus_blur',
           'gaussian_blur', 'zoom_blur')
RANDOM = ('gaussian_noise', 'shot_noise', 'impulse_noise', 'speckle_noise',
          'glass_blur', 'motion_blur', 'snow', 'frost', 'fog', 'spatter',
          'elastic_transform')
SEVERITIES = range(1, 6)
DRAWS = 20
# Values this near to an integer may be truncated to either side.
TIE = 2e-3

reference = load()


def outputs() -> dict[str, np.ndarray]:
    """Deterministic corruptions of every picture, (5, H, W, 3) each."""
    stacks = {}
    for label, image in IMAGES.items():
        for name in EXACT:
            stacks[f'{name}/{label}'] = np.stack(
                [reference(image, name, s) for s in SEVERITIES])
        for name in ROUNDED:
            values = np.stack([_before_truncation(image, name, s)
                               for s in SEVERITIES])
            stacks[f'{name}/{label}'] = values.astype(np.uint8)
            stacks[f'{name}/{label}/ties'] = _ties(values)
    return stacks


def _before_truncation(image: np.ndarray, name: str,
                       severity: int) -> np.ndarray:
    function = load_functions().corruption_dict[name]
    return np.asarray(function(Image.fromarray(image), severity))


def _ties(values: np.ndarray) -> np.ndarray:
    """What may be added to the truncated value modulo 256: 0, 1 or -1."""
    truncated = values.astype(np.uint8)
    up = np.floor(values + TIE) > truncated
    down = np.floor(np.maximum(values - TIE, 0)) < truncated
    return up.astype(np.uint8) - down.astype(np.uint8)


def replays() -> tuple[dict[str, np.ndarray], dict[str, list[int]]]:
    """One seeded result per random corruption, and the seeds."""
    stacks, seeds = {}, {}
    with _frost_pictures():
        for name in RANDOM:
            seeds[name] = [_first_valid_seed(name, s) for s in SEVERITIES]
            stacks[f'replay/{name}'] = np.stack([
                _seeded(REPLAYED, name, s, seed)
                for s, seed in zip(SEVERITIES, seeds[name])
            ])
    return stacks, seeds


@contextlib.contextmanager
def _frost_pictures() -> Iterator[None]:
    """Have the reference find our pictures in place of its photographs."""
    opencv = load_functions().corruptions.cv2
    imread = opencv.imread
    # .../frost1.png is the first.
    opencv.imread = lambda path: FROST_PICTURES[int(Path(path).stem[5]) - 1][
        ..., ::-1].copy()
    yield
    opencv.imread = imread


def _first_valid_seed(name: str, severity: int) -> int:
    """Skip seeds whose spatter is empty: the result is the clean image."""
    seed = severity
    while np.array_equal(
            _seeded(REPLAYED, name, severity, seed), REPLAYED):
        seed += 1
    return seed


def _seeded(image: np.ndarray, name: str, severity: int,
            seed: int) -> np.ndarray:
    np.random.seed(seed)
    if name != 'spatter':
        return reference(image, name, severity)
    try:
        with np.errstate(invalid='raise'):
            return reference(image, name, severity)
    except FloatingPointError:
        # An empty liquid divides zero by zero; nothing covers the picture.
        return image


def statistics() -> dict[str, dict[str, list]]:
    """Mean and deviation over draws, per corruption, image and severity."""
    table: dict[str, dict[str, list]] = {}
    for name in RANDOM:
        table[name] = {
            label: [_over_draws(label, name, s) for s in SEVERITIES]
            for label in TEXTURED
        }
        print(name, flush=True)
    return table


def _over_draws(label: str, name: str, severity: int) -> list:
    cell = f'{name}|{label}|{severity}'
    if name == 'frost':
        return [_summary(label, name, severity, _frost_seeds(cell, picture))
                for picture in range(len(FROST_PICTURES))]
    seeds = [zlib.crc32(f'{cell}|{i}'.encode()) for i in range(DRAWS)]
    return _summary(label, name, severity, seeds)


def _frost_seeds(cell: str, picture: int) -> list[int]:
    """Seeds whose first draw picks the given one of the frost pictures."""
    seeds: list[int] = []
    trial = 0
    while len(seeds) < DRAWS:
        seed = zlib.crc32(f'{cell}|{trial}'.encode())
        if np.random.RandomState(seed).randint(5) == picture:
            seeds.append(seed)
        trial += 1
    return seeds


def _summary(label: str, name: str, severity: int, seeds: list[int]) -> list:
    image = TEXTURED[label]
    rows = np.stack([
        summarise(_seeded(image, name, severity, seed), image)
        for seed in seeds
    ])
    return np.round([rows.mean(axis=0), rows.std(axis=0, ddof=1)], 3).tolist()


def main() -> None:
    """Write both files."""
    stacks = outputs()
    replayed, seeds = replays()
    write(OUTPUTS, {**stacks, **replayed})
    libraries = ', '.join(f'{name} {version(name)}' for name in LIBRARIES)
    provenance = (f'{datetime.date.today()}, Python '
                  f"{sys.version.split()[0]}, {libraries}; made by "
                  f'tests/corruptions/golden/{Path(__file__).name}')
    checksums = {label: zlib.crc32(image.tobytes())
                 for label, image in IMAGES.items()}
    content = dict(provenance=provenance, images=checksums, draws=DRAWS,
                   statistics=STATISTIC_NAMES, replay_seeds=seeds,
                   results=statistics())
    STATISTICS.write_text(json.dumps(content) + '\n')


if __name__ == '__main__':
    main()
