"""All checks of the data that a config names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Optional

from mmengine.config import Config

from .copies import copies_within
from .findings import Finding
from .known import KnownSplit
from .label_files import LabelFile, read_label_file
from .pictures import read_pictures
from .split_check import SplitCheck
from .splits import (
    SPLITS,
    build_present,
    items_fingerprint,
    leaf_configs,
    read_items,
    split_config,
)

_FORMAT = 'uar_mmpretrain.data_check/1'
# Shows how far an iteration is: (iterable, description, total).
Watch = Callable[[Iterable, str, Optional[int]], Iterable]
# What a label file or an image that is not as it should be raises.
_BAD_DATA = (OSError, ValueError, KeyError, TypeError)


@dataclass
class DataCheck:
    """What was found in the data of a config.

    Args:
        labels (list[LabelFile]): Every official split of every label file.
        splits (list[SplitCheck]): Every split that could be loaded.
        failed (list[Finding]): What could not.
    """

    labels: list[LabelFile] = field(default_factory=list)
    splits: list[SplitCheck] = field(default_factory=list)
    failed: list[Finding] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """Everything found, what is wrong first."""
        found = [*self.failed]
        for file in self.labels:
            found += file.findings()
        for split in self.splits:
            found += split.findings()
        return sorted(found, key=lambda one: not one.wrong)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not any(one.wrong for one in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON, with the names of all images found."""
        return dict(
            format=_FORMAT,
            ok=self.ok,
            labels=[_label_record(one) for one in self.labels],
            splits={one.split: _split_record(one) for one in self.splits},
            findings=[dict(where=one.where, wrong=one.wrong, text=one.text,
                           files=list(one.files)) for one in self.findings])


def check_data(cfg: Config,
               splits: Sequence[str] | None = None,
               jobs: int | None = None,
               watch: Watch = lambda items, *_: items) -> DataCheck:
    """Read label files and decode every image of a config's splits.

    Args:
        cfg (Config): Config with data loaders.
        splits (Sequence[str] | None): None for all that the config has.
        jobs (int | None): Threads that decode; None for one per core.
        watch (Callable): Called as ``watch(iterable, description, total)``,
            to show progress.

    Returns:
        DataCheck: What was found. A split that cannot be loaded is a
        finding, and the others are checked all the same.

    Raises:
        KeyError: If a split asked for is not in the config, or none is.
    """
    splits = splits or [one for one in SPLITS
                        if cfg.get(f'{one}_dataloader')] or SPLITS
    configs = {split: split_config(cfg, split) for split in splits}
    check = DataCheck()
    seen: dict[tuple[str, str], LabelFile] = {}
    for split, config in configs.items():
        try:
            known = [_label_file(leaf, seen) for leaf in leaf_configs(config)]
            items = read_items(build_present(config))
        except _BAD_DATA as error:
            check.failed.append(Finding(split, f'cannot be loaded: {error}'))
            continue
        check.splits.append(_check_split(
            split, items, known[0] if len(known) == 1 else None, jobs, watch))
    check.labels = list(seen.values())
    check.splits = _across(check.splits)
    return check


def _label_file(leaf: Mapping[str, Any],
                seen: dict[tuple[str, str], LabelFile]) -> KnownSplit | None:
    """Read a label file, once per official split, and return its figures."""
    file = read_label_file(dict(leaf))
    if file is None:
        return None
    return seen.setdefault((file.path, file.split), file).known


def _check_split(split: str, items: dict[str, dict],
                 known: KnownSplit | None, jobs: int | None,
                 watch: Watch) -> SplitCheck:
    paths = {image: info['img_path'] for image, info in items.items()
             if info.get('img_path')}
    read = watch(read_pictures(paths.values(), jobs), f'{split} images',
                 len(paths))
    return SplitCheck(split, items_fingerprint(items), len(items),
                      dict(zip(paths, read)), known)


def _across(checks: list[SplitCheck]) -> list[SplitCheck]:
    """Compare every split with those before it."""
    copies: dict[str, dict] = {one.split: {} for one in checks}
    for first, second in combinations(checks, 2):
        copies[second.split][first.split] = second.compare(first)
    return [replace(one, copies=copies[one.split]) for one in checks]


def _label_record(file: LabelFile) -> dict[str, Any]:
    known = file.known
    return dict(
        dataset=file.dataset, split=file.split, path=file.path,
        sha256=file.sha256, named=file.named, missing=file.missing,
        classes=file.classes,
        known=known and dict(named=known.named, rule=known.rule,
                             classes=dict(known.classes),
                             ground=known.ground))


def _split_record(one: SplitCheck) -> dict[str, Any]:
    return dict(
        num_images=one.num_images,
        num_read=len(one.digests),
        data_fingerprint=one.data_fingerprint,
        pixel_fingerprint=one.pixel_fingerprint,
        kinds=one.kinds,
        unreadable=one.unreadable,
        copies_within=copies_within(one.digests),
        copies_across=one.copies)
