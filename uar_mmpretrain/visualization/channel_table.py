"""Every score of several tests, as Markdown and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Callable

import pandas as pd

from ..evaluation.functional.channel_table import (
    ONE_NETWORK,
    ChannelTable,
    ScoreFigures,
)
from .style import SCORE_NAMES
from .write_texts import write_texts

_NAMES = {**SCORE_NAMES, ONE_NETWORK: 'entropy of one network'}


def to_markdown(tables: Mapping[str, ChannelTable], about: str = '') -> str:
    """Write one table of figures and one of the worst corruptions.

    Args:
        tables (Mapping[str, ChannelTable]): Tests by name, such as the
            setting of the corruptions; the same severity and rates.
        about (str): How and when they were made, put above.

    Returns:
        str: Text; a score that a test does not have is a dash.
    """
    first = next(iter(tables.values()))
    rates = ' and '.join(f'{rate:.0%}' for rate in first.rates)
    random = ', '.join(f'{1 - rate:.2f}' for rate in first.rates)
    return '\n'.join([
        *([about, ''] if about else []),
        f'Each cell: AUROC at severity {first.severity}, mean over '
        'corruptions / AUROC of the corrupted copies against the ambiguous '
        'quarter of the clean faces / share of that quarter kept when '
        f'{rates} of the corrupted copies are rejected, thresholds held out '
        f'by image (random: .500 / .500 / {random}).', '',
        *_table(tables, _figures), '',
        'The corruption each score sees least, by AUROC:', '',
        *_table(tables, _worst), '',
        'rho, of aleatoric uncertainty and vote entropy; no score changes '
        'it:', '',
        *(f'- {name}: {one.rho.value:.3f} ({one.rho.interval.low:.3f} to '
          f'{one.rho.interval.high:.3f}), {one.num_images:,} images with '
          f'votes, {one.num_ambiguous:,} of them ambiguous'
          for name, one in tables.items()), ''
    ])


def to_frame(tables: Mapping[str, ChannelTable]) -> pd.DataFrame:
    """Put every figure in a data frame.

    Args:
        tables (Mapping[str, ChannelTable]): Tests by name.

    Returns:
        pd.DataFrame: One row per test and score.
    """
    records = []
    for test, table in tables.items():
        for name, figures in table.scores.items():
            record: dict[str, object] = dict(test=test, score=name)
            record.update(figures.auroc.named('auroc'))
            record.update(
                auroc_ambiguous=figures.auroc_ambiguous,
                auroc_ambiguous_low=figures.ambiguous_interval.low,
                auroc_ambiguous_high=figures.ambiguous_interval.high)
            for rate, kept in zip(table.rates, figures.retention):
                record[f'retention_at_{100 * rate:g}'] = kept
            record.update(table.rho.named('rho'))
            record.update({f'auroc_{corruption}': value for corruption, value
                           in figures.by_corruption.items()})
            records.append(record)
    return pd.DataFrame.from_records(records)


def write_channel_table(tables: Mapping[str, ChannelTable],
                        out_dir: str | Path, about: str = '') -> list[Path]:
    """Write ``channels.md`` and ``channels.csv``.

    Args:
        tables (Mapping[str, ChannelTable]): Tests by name.
        out_dir (str | Path): Folder to write to.
        about (str): As in :func:`to_markdown`.

    Returns:
        list[Path]: The files.
    """
    return write_texts({'channels.md': to_markdown(tables, about),
                        'channels.csv': to_frame(tables).to_csv(index=False)},
                       out_dir)


def _table(tables: Mapping[str, ChannelTable],
           cell: Callable[[ScoreFigures], str]) -> list[str]:
    names = dict.fromkeys(name for table in tables.values()
                          for name in table.scores)
    rows = [['score', *tables], ['---'] * (1 + len(tables))]
    for name in names:
        rows.append([_NAMES.get(name, name), *(
            cell(table.scores[name]) if name in table.scores else '-'
            for table in tables.values())])
    return [f'| {" | ".join(row)} |' for row in rows]


def _figures(figures: ScoreFigures) -> str:
    kept = ' '.join(f'{share:.2f}' for share in figures.retention)
    return (f'{figures.auroc.value:.3f} / {figures.auroc_ambiguous:.3f} / '
            f'{kept}')


def _worst(figures: ScoreFigures) -> str:
    name, value = figures.worst
    return f'{name} {value:.2f}'
