"""Every class with its name and count, below the headline."""

from __future__ import annotations

from typing import Callable

from rich import box
from rich.markup import escape
from rich.table import Table

from .result_cells import as_number, as_percent, percent
from .results import Results

_COUNT = 'per_class/num_images_'
_COLUMNS = {'precision': as_percent, 'recall': as_percent, 'f1': as_percent,
            'vote_entropy': as_number, 'aleatoric': as_number}
_HEADERS = ('precision', 'recall', 'F1', 'vote entropy', 'aleatoric')


def class_table(results: Results) -> Table | None:
    """Lay out what was found for each class.

    Args:
        results (Results): Results with the values of ``per_class_report``.

    Returns:
        Table | None: One row per class, and the means over classes; None if
        no image has a label to judge by.
    """
    counts = {key[len(_COUNT):]: value
              for key, value in results.details.items()
              if key.startswith(_COUNT)}
    if not counts:
        return None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False,
                  title='Judged clean images by class, entropies in nats',
                  title_justify='left', title_style='bold')
    table.add_column('class', no_wrap=True)
    for header in ('images', *_HEADERS):
        table.add_column(header, justify='right', no_wrap=True)
    for name, number in counts.items():
        table.add_row(escape(name), f'{number:,.0f}',
                      *(_cell(results, f'{column}_{name}', form)
                        for column, form in _COLUMNS.items()))
    table.add_section()
    table.add_row('mean over classes', f'{sum(counts.values()):,.0f}', '',
                  percent(results, 'per_class/balanced_accuracy'),
                  percent(results, 'per_class/f1_macro'), '', '')
    return table


def _cell(results: Results, name: str, form: Callable[[float], str]) -> str:
    value = results.details.get(f'per_class/{name}')
    return '-' if value is None else form(value)
