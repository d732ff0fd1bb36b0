"""What training and testing took, from the logs they leave."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def training_cost(folder: Path) -> dict[str, float]:
    """Add up the training iterations below a folder.

    The seconds are those of one uninterrupted training, without validation:
    of iterations that were repeated after an interruption, the last ones
    count.

    A log has an entry every so many iterations (``LoggerHook.interval``),
    with their mean time: of the last ``log_processor.window_size`` ones,
    which is as many in the configs here and 10 where a config does not say.
    An epoch's last iterations have no entry if the interval does not divide
    its length. They are taken to be as long as the first of the next epoch;
    those of the last epoch are left out.

    Args:
        folder (Path): Work dir of a training, or of several: networks in
            folders of their own (``member_K``) are added.

    Returns:
        dict[str, float]: 'train_seconds' and 'train_epochs', empty without
        logs.
    """
    networks: dict[Path, dict[int, dict[str, Any]]] = {}
    for file in sorted(folder.rglob('vis_data/scalars.json')):
        # NETWORK/TIMESTAMP/vis_data/scalars.json
        steps = networks.setdefault(file.parents[2], {})
        steps.update({entry['step']: entry for entry in _entries(file)})
    networks = {place: steps for place, steps in networks.items() if steps}
    if not networks:
        return {}
    seconds = epochs = 0.
    for steps in networks.values():
        before = 0
        for step in sorted(steps):
            seconds += steps[step]['time'] * (step - before)
            before = step
        epochs += max(entry['epoch'] for entry in steps.values())
    return dict(train_seconds=seconds, train_epochs=epochs)


def inference_cost(folder: Path, num_rows: int,
                   batch_size: int) -> dict[str, float]:
    """Read the time per image of the last test in a folder.

    Args:
        folder (Path): Work dir of the test.
        num_rows (int): Images tested, corrupted copies among them.
        batch_size (int): Images per batch.

    Returns:
        dict[str, float]: 'milliseconds', without waiting for data; empty
        without a log.
    """
    # TIMESTAMP/TIMESTAMP.json
    files = sorted(file for file in folder.glob('*/*.json')
                   if file.stem == file.parent.name)
    if not files:
        return {}
    found = json.loads(files[-1].read_text(encoding='utf-8'))
    if 'time' not in found:
        return {}
    per_batch = found['time'] - found.get('data_time', 0.)
    batches = math.ceil(num_rows / batch_size)
    return dict(milliseconds=1000 * per_batch * batches / num_rows)


def _entries(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries about training; others are about validation."""
    for line in file.read_text(encoding='utf-8').splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            # Cut off when the training was killed.
            continue
        if {'step', 'time', 'epoch', 'iter'} <= {*entry}:
            yield entry
