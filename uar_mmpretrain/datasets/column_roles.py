"""Which columns of a table are votes or probabilities, by their names."""

from __future__ import annotations

from .categories import (
    CANONICAL_CLASSES,
    canonical_name,
    is_non_class,
    near_miss,
)
from .table_checks import shown, some
from .tables import Table

__all__ = ['column_roles']


def column_roles(table: Table, values: str | None
           ) -> tuple[str | None, dict[str, str], dict[str, str]]:
    """Which columns hold votes or probabilities of what.

    Args:
        table: Columns by name.
        values: What columns of bare class names hold, ``votes`` or
            ``probs``; None if names carry ``vote_`` or ``prob_``.

    Returns:
        ``votes``, ``probs`` or None; class name to column; extra name to
        column.

    Raises:
        ValueError: If columns are of both kinds, of none that is said, or
            under a name that is no class.
    """
    prefixed = {
        kind: [c for c in table.columns if c.startswith(f'{kind[:-1]}_')]
        for kind in ('votes', 'probs')
    }
    _check_case(table)
    if prefixed['votes'] and prefixed['probs']:
        raise ValueError(
            f'{table.source}: columns of votes ({prefixed["votes"][0]}, ...) '
            f'and of probabilities ({prefixed["probs"][0]}, ...). Keep one '
            'kind.')
    for kind, columns in prefixed.items():
        if columns and values not in (None, kind):
            raise ValueError(f"{table.source}: values='{values}' but the "
                             f'columns say {kind} ({columns[0]}, ...).')
        if columns:
            named = {c: c[len('vote_'):] for c in columns}
            return (kind, *_sort_names(table, named))
    return _bare_roles(table, values)


def _check_case(table: Table) -> None:
    """Refuse ``Vote_sadness``: left out, its votes would be lost."""
    for column in table.columns:
        kind, name = column[:len('vote_')], column[len('vote_'):]
        if (kind.lower() in ('vote_', 'prob_') and kind != kind.lower()
                and (is_non_class(name) or near_miss(name, cutoff=1.))):
            raise ValueError(f"{table.source}: column '{shown(column)}'; "
                             f"write '{kind.lower()}{shown(name)}'.")


def _bare_roles(table: Table, values: str | None
                ) -> tuple[str | None, dict[str, str], dict[str, str]]:
    named = {}
    for column in table.columns:
        # Exact names only without values: 'an' or 'co' may mean anything.
        known = is_non_class(column) or near_miss(column, cutoff=0.8)
        if known and (values or column.lower() in CANONICAL_CLASSES):
            named[column] = column
    if values is None and len(named) > 1:
        raise ValueError(
            f'{table.source}: columns {some(list(named))} have no prefix; say '
            "values='votes' or values='probs', or rename them "
            f'vote_{next(iter(named))}, ...')
    if values is None:
        return None, {}, {}
    return (values, *_sort_names(table, named))


def _sort_names(table: Table, named: dict[str, str]
                ) -> tuple[dict[str, str], dict[str, str]]:
    """Columns by canonical class name, and those that are no class."""
    by_class: dict[str, str] = {}
    by_extra: dict[str, str] = {}
    for column, name in named.items():
        if is_non_class(name):
            by_extra[name] = column
            continue
        try:
            cls = canonical_name(name)
        except ValueError as error:
            raise ValueError(
                f"{table.source}: column '{shown(column)}': {error}"
            ) from None
        if cls in by_class:
            raise ValueError(f"{table.source}: columns '{by_class[cls]}' and "
                             f"'{column}' both mean {cls}. Keep one.")
        by_class[cls] = column
    return by_class, by_extra
