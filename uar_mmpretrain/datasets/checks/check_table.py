"""A check of data as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from ..table_checks import some
from .copies import copies_within
from .data_check import DataCheck
from .label_files import LabelFile
from .split_check import SplitCheck

_MAX_KINDS = 3


def check_tables(check: DataCheck) -> Iterator[Table]:
    """Lay out label files, splits and findings; empty tables are left out.

    Args:
        check (DataCheck): What was found.

    Yields:
        Table: One to three tables.
    """
    if check.labels:
        yield _table('label files', ('file', 'images named', 'on disk',
                                     'known', 'classes'),
                     map(_label_row, check.labels))
    if check.splits:
        yield _table('images', ('split', 'images', 'size and mode',
                                'unreadable', 'surplus copies',
                                'also in', 'data fingerprint'),
                     map(_split_row, check.splits))
    if check.findings:
        yield _table('found', ('', 'where', 'what', 'files'),
                     (('WRONG' if one.wrong else 'remark', one.where,
                       one.text, some(one.files))
                      for one in check.findings))


def _table(title: str, heads: tuple[str, ...],
           rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(*heads, title=title, title_justify='left',
                  box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        # File names may hold what rich would take for markup.
        table.add_row(*map(Text, row))
    return table


def _label_row(file: LabelFile) -> tuple[str, ...]:
    known = file.known
    if known is None:
        figures = '-', '-'
    else:
        same = file.classes == dict(known.classes)
        figures = f'{known.named:,}', 'as known' if same else 'differ'
    return (file.name, f'{file.named:,}',
            f'{file.named - len(file.missing):,}', *figures)


def _split_row(one: SplitCheck) -> tuple[str, ...]:
    if not one.pictures:
        return (one.split, f'{one.num_images:,}', 'drawn, no files', '-', '-',
                '-', one.data_fingerprint)
    groups = copies_within(one.digests)
    kinds = [f'{count:,} {kind}' for kind, count in one.kinds.items()]
    more = len(kinds) - _MAX_KINDS
    return (
        one.split, f'{one.num_images:,}',
        ', '.join(kinds[:_MAX_KINDS]) + (f', {more} more' if more > 0
                                         else ''),
        f'{len(one.unreadable):,}',
        f'{sum(map(len, groups)) - len(groups):,}',
        ', '.join(f'{split} {len(copies):,}'
                  for split, copies in one.copies.items()) or '-',
        one.data_fingerprint)
