"""One tested model, ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ...evaluation.functional import (
    PredictionTable,
    ShiftDetection,
    shift_detection,
    uncertainty_scores,
)
from ...evaluation.functional.calibration.calibration_error import NUM_BINS
from ..read_results import read_results
from ..results import Results
from ..style import SCORE_NAMES

_FILES = ('predictions.parquet', 'predictions.csv')


@dataclass(frozen=True, eq=False)
class ReportRun:
    """Rows and numbers of one test.

    Args:
        name (str): What the page calls it.
        table (PredictionTable): R rows.
        results (Results): Numbers of the same test.
        source (Path): Predictions file, named on the page.
    """

    name: str
    table: PredictionTable
    results: Results
    source: Path

    @property
    def summary(self) -> str:
        """What was tested, in one line."""
        clean, members = int(self.table.is_clean.sum()), self.table.num_members
        return (f'{clean:,} clean images, {len(self.table) - clean:,} '
                f'corrupted copies, {members} '
                f'member{"s" if members != 1 else ""}')

    @property
    def severity(self) -> int:
        """Severity of the corrupted copies routing is judged on."""
        return self.results.setting('routing', 'severity', 5)

    @property
    def ambiguous_quantile(self) -> float:
        """Quantile of the vote entropy from which a face is ambiguous."""
        return self.results.setting('routing', 'ambiguous_quantile', 0.75)

    @property
    def rate(self) -> str:
        """Share of corrupted copies the headline rejects, in percent."""
        return f'{self.results.metrics.get("routing/rejection_rate", 0.5):.0%}'

    @property
    def num_bins(self) -> int:
        """Bins of the reliability diagrams."""
        return self.results.setting('calibration', 'num_bins', NUM_BINS)

    @cached_property
    def scores(self) -> dict[str, np.ndarray]:
        """``(R,)`` uncertainty scores by name."""
        return uncertainty_scores(self.table, self.results.kind)

    @cached_property
    def shift(self) -> dict[str, ShiftDetection]:
        """AUROC by score, empty without clean or without corrupted rows."""
        clean = self.table.is_clean
        if clean.all() or not clean.any():
            return {}
        return shift_detection(self.table, self.scores)


def score_name(name: str) -> str:
    """Return what the page calls a score."""
    return SCORE_NAMES.get(name, name.replace('_', ' '))


def find_predictions(place: str | Path) -> Path:
    """Find the predictions of a test.

    Args:
        place (str | Path): Result folder, or the file itself.

    Returns:
        Path: The file.

    Raises:
        FileNotFoundError: If there is none.
    """
    place = Path(place)
    if not place.is_dir():
        return place
    for folder in (place, place / 'test'):
        for name in _FILES:
            if (folder / name).is_file():
                return folder / name
    raise FileNotFoundError(
        f'no {" or ".join(_FILES)} in {place}. Give the folder tools/test.py '
        'wrote to (WORK_DIR/test).')


def read_runs(places: Sequence[str | Path]) -> list[ReportRun]:
    """Read tests, and compute their numbers from the predictions.

    Args:
        places (Sequence[str | Path]): Result folders or predictions files.

    Returns:
        list[ReportRun]: In the same order, with distinct names.

    Raises:
        FileNotFoundError: If one has no predictions.
        KeyError: If a column is missing.
        ValueError: If a file cannot be used, or one is given twice.
    """
    files = [find_predictions(place) for place in places]
    names = run_names(files)
    return [ReportRun(name, *read_results(file), file)
            for name, file in zip(names, files)]


def run_names(files: Sequence[Path]) -> list[str]:
    """Name each test by its folder, with as many parents as needed.

    Args:
        files (Sequence[Path]): Predictions files.

    Returns:
        list[str]: Distinct names.

    Raises:
        ValueError: If a folder is given twice.
    """
    folders = [file.resolve().parent for file in files]
    if len(set(folders)) < len(folders):
        raise ValueError('the same result folder is given twice: '
                         f'{", ".join(map(str, folders))}. Give each once.')
    # tools/test.py calls every result folder so.
    parts = [(folder.parent if folder.name == 'test' and folder.parent.name
              else folder).parts for folder in folders]
    if len(set(parts)) < len(parts):
        parts = [folder.parts for folder in folders]
    depth = 1
    while len({part[-depth:] for part in parts}) < len(parts):
        depth += 1
    return ['/'.join(part[-depth:]) for part in parts]
