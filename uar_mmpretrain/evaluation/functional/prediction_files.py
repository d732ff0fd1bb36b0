"""Prediction tables as data frames and files."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from ...files.atomic_write import atomic_write
from ...routing import Action
from .prediction_frames import read_frame
from .prediction_table import PredictionTable

_INTEGERS = ('severity', 'label', 'eval_label')
_CHANNEL = 'channel_'
_MEMBER = re.compile('member([0-9]{1,4})_(.*)', re.DOTALL)


def has_parquet() -> bool:
    """Whether Parquet files can be written and read here."""
    return find_spec('pyarrow') is not None


def to_frame(table: PredictionTable, kind: str = 'entropy') -> pd.DataFrame:
    """Write a table out in columns.

    Args:
        table (PredictionTable): R rows.
        kind (str): Decomposition for the columns of uncertainties; see
            :func:`uar_mmpretrain.uncertainty.decompose`.

    Returns:
        pd.DataFrame: R rows with the columns ``path`` (the image id),
        ``corruption``, ``severity``, ``label``, ``eval_label``,
        ``vote_<class>`` (if there are votes), ``prob_<class>`` (mean over
        members), ``member<m>_<class>``, ``total``, ``aleatoric``,
        ``epistemic`` (if there is more than one member), ``true_<class>``
        (for drawn faces), ``channel_<name>`` and ``action`` (if routed).
    """
    columns = dict(path=table.image_id, corruption=table.corruption,
                   severity=table.severity, label=table.label,
                   eval_label=table.eval_label)
    if table.votes is not None:
        columns.update(_by_class('vote', table.classes,
                                 _as_counts(table.votes)))
    mean = table.mean_scores.astype(np.float32)
    columns.update(_by_class('prob', table.classes, mean))
    for m in range(table.num_members):
        columns.update(_by_class(f'member{m}', table.classes,
                                 table.member_scores[:, m]))
    parts = table.decompose(kind)
    columns.update(total=parts.total, aleatoric=parts.aleatoric)
    if parts.has_epistemic:
        columns['epistemic'] = parts.epistemic
    if table.truth is not None:
        columns.update(_by_class('true', table.classes, table.truth))
    columns.update({f'{_CHANNEL}{name}': score
                    for name, score in table.channels.items()})
    if table.action is not None:
        columns['action'] = np.array([a.name for a in Action])[table.action]
    return pd.DataFrame(columns)


def from_frame(frame: pd.DataFrame) -> PredictionTable:
    """Read a table back from its columns; uncertainties are recomputed.

    Args:
        frame (pd.DataFrame): Columns as :func:`to_frame` writes them.

    Returns:
        PredictionTable: The rows.

    Raises:
        KeyError: If a column is missing.
        ValueError: If a value is not what a table accepts.
    """
    classes = tuple(name[len('prob_'):] for name in frame.columns
                    if name.startswith('prob_'))
    if not classes:
        raise KeyError('no column prob_<class>; expected a table written by '
                       'a test of this package, found the columns '
                       f'{", ".join(map(str, frame.columns[:8]))} ...')
    scores = [_take(frame, _names(f'member{m}', classes), np.float32)
              for m in range(_num_members(frame, classes))]
    votes = _take_if_any(frame, _names('vote', classes))
    truth = _take_if_any(frame, _names('true', classes))
    channels = {name[len(_CHANNEL):]: _take(frame, [name], np.float64)[:, 0]
                for name in frame.columns if name.startswith(_CHANNEL)}
    action = None
    if 'action' in frame.columns:
        names, place = np.unique(
            _take(frame, ['action'], object)[:, 0].astype(np.str_),
            return_inverse=True)
        action = np.array([_action(name) for name in names])[place]
    one = {name: _take(frame, [name], object)[:, 0]
           for name in ('path', 'corruption')}
    one.update({name: _whole(frame, name) for name in _INTEGERS})
    return PredictionTable(
        image_id=one.pop('path'), member_scores=np.stack(scores, axis=1),
        classes=classes, votes=votes, action=action, truth=truth,
        channels=channels, **one)


def write_table(table: PredictionTable,
                path: str | Path,
                kind: str = 'entropy') -> Path:
    """Write ``.parquet`` or ``.csv``, beside and then renamed.

    Args:
        table (PredictionTable): R rows.
        path (str | Path): File; its folder is made if needed.
        kind (str): As in :func:`to_frame`.

    Returns:
        Path: The file written.

    Raises:
        ImportError: If Parquet is asked for and pyarrow is not installed.
        ValueError: If the suffix is neither of the two.
    """
    path = _checked(path)
    frame = to_frame(table, kind)
    with atomic_write(path) as beside:
        if path.suffix == '.parquet':
            frame.to_parquet(beside, index=False)
        else:
            frame.to_csv(beside, index=False)
    return path


def read_table(path: str | Path) -> PredictionTable:
    """Read what :func:`write_table` wrote, exactly.

    Args:
        path (str | Path): ``.parquet`` or ``.csv`` file.

    Returns:
        PredictionTable: The rows.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If it is Parquet and pyarrow is not installed.
        KeyError: If a column is missing.
        ValueError: If the file or a value in it is not what a table accepts.
    """
    path = _checked(path)
    if not path.is_file():
        raise FileNotFoundError(f'no predictions at {path}. Run a test '
                                'first, or give the path of its '
                                'predictions file.')
    frame = read_frame(path)
    try:
        return from_frame(frame)
    except KeyError as error:
        raise KeyError(f'{path}: {error.args[0]}') from error
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from error


def _checked(path: str | Path) -> Path:
    path = Path(path)
    if path.suffix not in ('.parquet', '.csv'):
        raise ValueError(f'{path}: suffix {path.suffix!r}; expected '
                         "'.parquet' or '.csv'.")
    if path.suffix == '.parquet' and not has_parquet():
        raise ImportError(
            f'{path}: Parquet files need pyarrow, which is not installed. '
            "Install the extra 'report' of this package, or use .csv.")
    return path


def _names(prefix: str, classes: tuple[str, ...]) -> list[str]:
    return [f'{prefix}_{name}' for name in classes]


def _by_class(prefix: str, classes: tuple[str, ...],
              values: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(_names(prefix, classes), values.T))


def _as_counts(votes: np.ndarray) -> np.ndarray:
    """Show whole counts as integers."""
    whole = bool((votes == np.floor(votes)).all())
    return votes.astype(np.int64) if whole else votes


def _take(frame: pd.DataFrame, names: list[str], dtype: type) -> np.ndarray:
    """Return the named columns as one array."""
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise KeyError(f'column {missing[0]!r} is missing; expected the '
                       'columns of a predictions file.')
    try:
        return frame[names].to_numpy(dtype=dtype)
    # pandas and pyarrow raise whatever they stumble over.
    except Exception as error:
        listed = ', '.join(name[:40] for name in names[:3])
        raise ValueError(f'column {listed}: {str(error)[:200]}; expected '
                         f'{np.dtype(dtype).name} values.') from error


def _take_if_any(frame: pd.DataFrame,
                 names: list[str]) -> np.ndarray | None:
    """Return the named columns, None if not one of them is there."""
    if not any(name in frame.columns for name in names):
        return None
    return _take(frame, names, np.float64)


def _num_members(frame: pd.DataFrame, classes: tuple[str, ...]) -> int:
    """Count the members, none of which may be missing in between."""
    found = {int(match[1]) for match in map(_MEMBER.fullmatch, frame.columns)
             if match and match[2] in classes}
    missing = set(range(len(found) or 1)) - found
    if missing:
        raise KeyError(f"column 'member{min(missing)}_{classes[0]}' is "
                       'missing; expected the columns of a predictions file.')
    return len(found)


def _whole(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column of whole numbers, refusing to cut off what is none."""
    values = _take(frame, [name], np.float64)[:, 0]
    bad = ~((values == np.floor(values)) & (np.abs(values) < 2**53))
    if bad.any():
        row = int(bad.argmax())
        raise ValueError(f'{name} in row {row + 2} is {values[row]:g}; '
                         'expected a whole number.')
    return values.astype(np.int64)


def _action(name: str) -> Action:
    try:
        return Action[name]
    except KeyError:
        raise ValueError(
            f'action {str(name)[:40]!r}; expected one of '
            f'{", ".join(a.name for a in Action)}.') from None
