"""Write a corrupted copy of a folder of images.

The copy has the layout of ImageNet-C, OUT/CORRUPTION/SEVERITY/PATH, and the
same pixels as a test with CorruptionSuite whose data root is IN and whose
Corrupt has the same seed and params. For people who want files; the tests of
this plugin corrupt on the fly.

Example:
    python tools/dataset_converters/make_corrupted.py \\
        data/ferplus/FER2013Test data/ferplus-c --root data/ferplus \\
        --params tiny --severities 1 3 5
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from rich.progress import track

from uar_mmpretrain.corruptions import (
    KEY_VERSION,
    PARAM_SETS,
    SEVERITIES,
    check_variant,
    corrupt,
    names,
)
from uar_mmpretrain.datasets.image_files import describe_bytes
from uar_mmpretrain.files.atomic_write import atomic_write, remove_leftovers

SETTINGS_FILE = 'settings.json'
_SUFFIXES = ('.png', '.jpg', '.jpeg', '.bmp', '.webp', '.tif', '.tiff')


def parse_args() -> argparse.Namespace:
    """Read the command line.

    Returns:
        argparse.Namespace: The arguments.
    """
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('source', type=Path, metavar='IN',
                        help='folder of images, with subfolders')
    parser.add_argument('out', type=Path, metavar='OUT', help='new folder')
    parser.add_argument('--root', type=Path,
                        help="data root: a random corruption's seed holds the "
                        'path relative to it; default IN')
    parser.add_argument('--corruptions', nargs='+', default=['standard'],
                        help="names, or 'standard', 'extra', 'all'")
    parser.add_argument('--severities', nargs='+', type=int,
                        default=list(SEVERITIES))
    parser.add_argument('--params', default='imagenet', choices=PARAM_SETS)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--jpeg-quality', type=int,
                        help='write JPEG of this quality (ImageNet-C: 85) '
                        'instead of PNG')
    parser.add_argument('--jobs', type=int, default=os.cpu_count(),
                        help='processes')
    args = parser.parse_args()
    if args.jpeg_quality is not None and not 1 <= args.jpeg_quality <= 100:
        parser.error(f'--jpeg-quality must be 1 to 100, found '
                     f'{args.jpeg_quality}')
    args.root = args.root or args.source
    if not args.source.resolve().is_relative_to(args.root.resolve()):
        parser.error(f'--root {args.root} does not contain {args.source}')
    if args.out.resolve().is_relative_to(args.source.resolve()):
        parser.error(f'OUT {args.out} lies inside IN; its files would be '
                     'taken for images to corrupt')
    args.variants = list_variants(args.corruptions, args.severities)
    return args


def list_variants(chosen: list[str],
                  severities: list[int]) -> list[tuple[str, int]]:
    """List what every image is turned into.

    Args:
        chosen (list[str]): Names or groups of corruptions.
        severities (list[int]): 1 to 5.

    Returns:
        list[tuple[str, int]]: Name and severity, each pair once.

    Raises:
        ValueError: If a name or severity does not exist.
    """
    groups = ('standard', 'extra', 'all')
    listed = [n for c in chosen for n in (names(c) if c in groups else [c])]
    variants = list(dict.fromkeys((n, s) for n in listed for s in severities))
    for name, severity in variants:
        check_variant(name, severity)
    return variants


def find_images(folder: Path) -> list[Path]:
    """Find the images of a folder and its subfolders, in order.

    Args:
        folder (Path): Where to look.

    Returns:
        list[Path]: Image files.

    Raises:
        FileNotFoundError: If there is no folder, or no image in it.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f'no folder at {folder}')
    images = sorted(p for p in folder.rglob('*')
                    if p.suffix.lower() in _SUFFIXES)
    if not images:
        raise FileNotFoundError(f'no image ({", ".join(_SUFFIXES)}) under '
                                f'{folder}')
    return images


def keep_settings(args: argparse.Namespace) -> None:
    """Write down what decides the pixels, or compare with what stands there.

    Args:
        args (argparse.Namespace): The arguments.

    Raises:
        ValueError: If OUT was begun with other settings.
    """
    settings = dict(params=args.params, seed=args.seed,
                    jpeg_quality=args.jpeg_quality, key=KEY_VERSION,
                    root=os.path.relpath(args.source, args.root))
    path = args.out / SETTINGS_FILE
    if path.exists():
        before = json.loads(path.read_text(encoding='utf-8'))
        if before != settings:
            raise ValueError(f'{path} says {before}, this run has {settings}. '
                             'Give another OUT, or the same settings to go on')
        return
    if args.out.exists() and any(args.out.iterdir()):
        raise ValueError(f'{args.out} holds files but no {SETTINGS_FILE}, so '
                         'it was not begun by this tool. Give a new folder')
    with atomic_write(path) as beside:
        beside.write_text(json.dumps(settings, indent=1), encoding='utf-8')


def corrupt_file(path: Path, args: argparse.Namespace) -> tuple[int, int]:
    """Write what is missing of one image's versions.

    Args:
        path (Path): The image.
        args (argparse.Namespace): The arguments.

    Returns:
        tuple[int, int]: How many files were written, and were there before.

    Raises:
        ValueError: If the file is not an image.
    """
    missing = [(variant, target) for variant, target in targets(path, args)
               if not target.exists()]
    if missing:
        data = path.read_bytes()
        image = cv2.imdecode(np.frombuffer(data, np.uint8),
                             cv2.IMREAD_COLOR) if data else None
        if image is None:
            raise ValueError(f'{path}: {describe_bytes(data)}')
    image_id = path.relative_to(args.root).as_posix()
    for (name, severity), target in missing:
        result = corrupt(image, name, severity, seed=args.seed,
                         image_id=image_id, params=args.params)
        quality = ([] if args.jpeg_quality is None else
                   [cv2.IMWRITE_JPEG_QUALITY, args.jpeg_quality])
        encoded = cv2.imencode(target.suffix, result, quality)[1]
        # Not kept for a power failure: a file that is lost is made again.
        with atomic_write(target, sync=False) as beside:
            beside.write_bytes(encoded.tobytes())
    return len(missing), len(args.variants) - len(missing)


def targets(path: Path, args: argparse.Namespace
            ) -> Iterator[tuple[tuple[str, int], Path]]:
    """Name the files of one image's versions.

    Args:
        path (Path): The image.
        args (argparse.Namespace): The arguments.

    Yields:
        tuple[tuple[str, int], Path]: Name and severity, and the file.
    """
    suffix = '.png' if args.jpeg_quality is None else '.jpg'
    relative = path.relative_to(args.source).with_suffix(suffix)
    for name, severity in args.variants:
        yield (name, severity), args.out / name / str(severity) / relative


def check_names(images: list[Path], args: argparse.Namespace) -> None:
    """Refuse images whose copies would overwrite each other.

    Args:
        images (list[Path]): Image files.
        args (argparse.Namespace): The arguments.

    Raises:
        ValueError: If two differ in their suffix only.
    """
    seen: dict[Path, Path] = {}
    for path in images:
        stem = path.with_suffix('')
        if stem in seen:
            raise ValueError(f'{seen[stem]} and {path} would become one file; '
                             'rename one of them')
        seen[stem] = path


def main() -> None:
    """Corrupt what is not there yet."""
    args = parse_args()
    images = find_images(args.source)
    check_names(images, args)
    remove_leftovers(args.out)
    keep_settings(args)
    written = kept = 0
    # One thread each: the processes share the cores. Here, too: a forked
    # process that inherits threads of OpenCV waits for them forever.
    cv2.setNumThreads(1)
    with ProcessPoolExecutor(args.jobs, initializer=cv2.setNumThreads,
                             initargs=(1, )) as pool:
        done = pool.map(partial(corrupt_file, args=args), images, chunksize=8)
        for new, old in track(done, 'Corrupting', len(images)):
            written, kept = written + new, kept + old
    print(f'{args.out}: {written} files written, {kept} were there, of '
          f'{len(images)} images x {len(args.variants)} versions.')


if __name__ == '__main__':
    main()
