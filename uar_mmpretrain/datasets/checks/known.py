"""What complete copies of the public data sets are known to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name('known.yaml')


@dataclass(frozen=True)
class KnownSplit:
    """Figures of one official split, as ``known.yaml`` describes them."""

    dataset: str
    label_file: str
    split: str
    named: int
    rule: str
    classes: Mapping[str, int]
    ground: str
    size: tuple[int, int] | None = None
    copies: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """Whether the figures were counted on the files themselves."""
        return self.ground == 'counted'


def known_split(dataset: str, label_file: str,
                split: str) -> KnownSplit | None:
    """Look up the figures of a split.

    Args:
        dataset (str): Type of the data set, such as ``FERPlus``.
        label_file (str): Path of its label file.
        split (str): Official split.

    Returns:
        KnownSplit | None: None if nothing is known.
    """
    path = Path(label_file).as_posix()
    for one in _read():
        if (one.dataset, one.split) == (dataset, split) and (
                f'/{path}'.endswith(f'/{one.label_file}')):
            return one
    return None


@cache
def _read() -> tuple[KnownSplit, ...]:
    entries = yaml.safe_load(_FILE.read_text(encoding='utf-8'))
    for entry in entries:
        if 'size' in entry:
            entry['size'] = tuple(entry['size'])
    return tuple(KnownSplit(**entry) for entry in entries)
