"""What of a method is finished, kept on disk."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ...files.atomic_write import atomic_write
from ..runners.member_config import (
    fingerprint,
    member_config,
    member_dir,
    member_seeds,
)

_FILE = 'comparison.json'


def read_state(folder: Path) -> dict[str, Any]:
    """Return what is known of the steps 'train' and 'test'."""
    path = folder / _FILE
    if not path.is_file():
        return {}
    return json.loads(path.read_text(encoding='utf-8'))


def write_state(folder: Path, step: str, **record: Any) -> None:
    """Replace what is known of one step."""
    state = {**read_state(folder), step: record}
    with atomic_write(folder / _FILE) as beside:
        beside.write_text(json.dumps(state, indent=2) + '\n',
                          encoding='utf-8')


def training_mark(cfg: Config, weights: Path | None = None) -> str:
    """Hash what decides the weights of a method.

    Args:
        cfg (Config): Its config.
        weights (Path | None): Those it starts from, of another method.
    """
    marks = _member_marks(cfg)
    return _hash([*marks, file_mark(weights)] if weights else marks)


def is_trained_ensemble(cfg: Config, folder: Path) -> bool:
    """Tell whether an ensemble of this config was trained in a folder.

    Training it again would train no member, but calibrate its router anew.
    """
    if not (cfg.get('ensemble') and (folder / 'ensemble.pth').is_file()):
        return False
    notes = [member_dir(folder, member) / 'fingerprint.txt'
             for member in range(cfg.ensemble.num_members)]
    return [note.read_text(encoding='utf-8').strip() for note in notes
            if note.is_file()] == _member_marks(cfg)


def testing_mark(cfg: Config, checkpoint: Path) -> str:
    """Hash what decides the predictions of a method."""
    parts = {key: cfg.get(key) for key in ('model', 'ensemble')}
    return _hash([parts, cfg.test_dataloader.dataset, file_mark(checkpoint)])


def file_mark(path: Path) -> str:
    """Hash the content of a file."""
    digest = hashlib.sha256()
    with path.open('rb') as stream:
        for block in iter(lambda: stream.read(1 << 20), b''):
            digest.update(block)
    return digest.hexdigest()[:16]


def _member_marks(cfg: Config) -> list[str]:
    """Return the fingerprint of every network a config trains."""
    ensemble = cfg.get('ensemble') or {}
    seeds = member_seeds(cfg, ensemble.get('num_members', 1))
    cfg = Config({**cfg.to_dict(), 'work_dir': ''})
    return [fingerprint(member_config(cfg, member, seed))
            for member, seed in enumerate(seeds)]


def _hash(parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
