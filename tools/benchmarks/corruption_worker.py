"""Times one implementation of the corruptions, on command, in its process.

Started by ``bench_corruptions.py``, perhaps with the Python of another
environment, so it needs NumPy and the implementation, nothing else. It
answers every line of JSON on its input with one on its output.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import peer_corruptions
import reference_corruptions

Operation = Callable[[], object]
# A shorter measurement repeats the call and divides.
_SHORTEST = 5e-3


def ours(image: np.ndarray, severity: int) -> dict[str, Operation]:
    """This project's, with the definitions of ``imagecorruptions``."""
    from uar_mmpretrain.corruptions import corrupt, names

    # As mmcv loads images.
    bgr = np.ascontiguousarray(image[..., ::-1])
    fresh = itertools.count()

    def operation(name: str) -> Operation:
        return lambda: corrupt(
            bgr, name, severity, image_id=str(next(fresh)),
            elastic='imagecorruptions', frost_scale=1.1)

    return {name: operation(name) for name in names()}


def imagecorruptions(image: np.ndarray, severity: int) -> dict[str, Operation]:
    """The reference, patched to run."""
    reference = reference_corruptions.load()

    def operation(name: str) -> Operation:
        return lambda: reference(image, name, severity)

    names = reference_corruptions.load_functions().corruption_dict
    return {name: operation(name) for name in names}


def albumentations(image: np.ndarray, severity: int) -> dict[str, Operation]:
    """One strength, that of severity 3."""
    return peer_corruptions.albumentations(image) if severity == 3 else {}


def torchvision(image: np.ndarray, severity: int) -> dict[str, Operation]:
    """One strength, that of severity 3."""
    return peer_corruptions.torchvision(image) if severity == 3 else {}


IMPLEMENTATIONS = {
    'ours': (ours, 'uar_mmpretrain'),
    'imagecorruptions': (imagecorruptions, 'imagecorruptions'),
    'albumentations': (albumentations, 'albumentations'),
    'torchvision': (torchvision, 'torchvision'),
}


def photo(side: int) -> np.ndarray:
    """Soft colours with grain, (side, side, 3) uint8 RGB."""
    import cv2
    random = np.random.RandomState(0)
    coarse = random.randint(20, 236, (7, 9, 3)).astype(np.float32)
    image = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    image += random.normal(0, 4, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


class Worker:
    """Keeps the operations of one implementation ready."""

    def __init__(self, name: str) -> None:
        import cv2
        cv2.setNumThreads(1)
        self.build, self.package = IMPLEMENTATIONS[name]
        self.operations: dict[tuple[int, int], dict[str, Operation]] = {}
        self.calls: dict[tuple[int, int, str], int] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer with the names on offer, or with the time of each severity.

        Thread CPU time per call in milliseconds.
        """
        side, name = request['side'], request.get('name')
        if name is None:
            offered = [n for severity in range(1, 6)
                       for n in self._operations(side, severity)]
            return dict(names=sorted(set(offered)),
                        version=version(self.package))
        times = [self._time(side, severity, name) for severity in range(1, 6)
                 if name in self._operations(side, severity)]
        return dict(milliseconds=times)

    def _operations(self, side: int, severity: int) -> dict[str, Operation]:
        key = side, severity
        if key not in self.operations:
            self.operations[key] = self.build(photo(side), severity)
        return self.operations[key]

    def _time(self, side: int, severity: int, name: str) -> float:
        operation = self._operations(side, severity)[name]
        key = side, severity, name
        if key not in self.calls:
            operation()  # fills the caches
            seconds = _thread_seconds(operation, 1)
            self.calls[key] = max(1, round(_SHORTEST / max(seconds, 1e-6)))
        calls = self.calls[key]
        return 1000 * _thread_seconds(operation, calls) / calls


def _thread_seconds(operation: Operation, calls: int) -> float:
    start = time.thread_time()
    for _ in range(calls):
        operation()
    return time.thread_time() - start


def main() -> None:
    """Answer requests until the input ends."""
    answers = sys.stdout
    # What the implementations print must not be taken for an answer.
    sys.stdout = sys.stderr
    worker = None
    for line in sys.stdin:
        try:
            worker = worker or Worker(sys.argv[1])
            answer = worker.answer(json.loads(line))
        except Exception as error:
            # Told to the parent, which decides whether it can do without.
            answer = dict(error=f'{type(error).__name__}: {error}')
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == '__main__':
    main()
