"""Numbers of the page that stand in tables and cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...evaluation.functional.scores import EPISTEMIC
from ..result_cells import as_number, as_percent
from ..results import Results
from .run import ReportRun, score_name

_SHARES = ('recall', 'precision', 'f1')


@dataclass(frozen=True)
class Value:
    """A number with its 95% interval.

    Args:
        value (float): The number.
        low (float | None): Lower end; None without an interval.
        high (float | None): Upper end.
        percent (bool): Whether it is a share to be shown in percent.
    """

    value: float
    low: float | None = None
    high: float | None = None
    percent: bool = False

    def __str__(self) -> str:
        return self._form(self.value)

    @property
    def interval(self) -> str:
        """The interval as text, empty without one."""
        if self.low is None or self.high is None:
            return ''
        return f'{self._form(self.low)} to {self._form(self.high)}'

    def _form(self, value: float) -> str:
        return as_percent(value) if self.percent else as_number(value)


@dataclass(frozen=True)
class Card:
    """One headline number.

    Args:
        key (str): Name in ``metrics.json``.
        title (str): A few words.
        value (Value | None): The number.
        beside (str): What it has to be compared with.
        meaning (str): One sentence.
    """

    key: str
    title: str
    value: Value | None
    beside: str
    meaning: str


def find(results: Results, key: str, percent: bool = False) -> Value | None:
    """Look a number up, among the values first; None if there is none."""
    for source in (results.metrics, results.details):
        if source.get(key) is not None:
            return Value(source[key], source.get(f'{key}_low'),
                         source.get(f'{key}_high'), percent)
    return None


def headline(run: ReportRun) -> list[Card]:
    """Choose the numbers a reader looks at first.

    Args:
        run (ReportRun): What was tested.

    Returns:
        list[Card]: Those there are.
    """
    results, severity = run.results, run.severity
    random = find(results, 'routing/retention_random', percent=True)
    driver = results.setting('routing', 'score', EPISTEMIC)
    name = score_name(driver)
    rows = [
        ('decomposition/accuracy', 'Accuracy', True, _judged(results),
         'On clean images, by the mean of the members.'),
        ('decomposition/spearman_aleatoric', 'Spearman, aleatoric and votes',
         False, _of_ceiling(results),
         'Does the model find ambiguous what people find ambiguous?'),
        (f'decomposition/auroc_{driver}_sev{severity}',
         f'AUROC of {name}, severity {severity}', False,
         _beside(results, driver, f'decomposition/auroc_%s_sev{severity}',
                 'chance 0.500'),
         'Does the model notice that an image is corrupted?'),
        (f'routing/auroc_ambiguous_{driver}',
         f'AUROC of {name}, corrupted\u00a0:\u00a0ambiguous', False,
         _beside(results, driver, 'routing/auroc_ambiguous_%s',
                 'chance 0.500'),
         'Is the score higher on corrupted copies than on ambiguous faces, '
         'which are valid inputs?'),
        (f'routing/retention_{driver}',
         f'Ambiguous faces kept at {run.rate} rejection', True,
         _beside(results, driver, 'routing/retention_%s',
                 f'random {random}', percent=True),
         f'How many survive the threshold that rejects {run.rate} of the '
         f'corrupted copies of severity {severity}?'),
    ]
    cards = [Card(key, title, find(results, key, percent), beside, meaning)
             for key, title, percent, beside, meaning in rows]
    return [card for card in cards if card.value is not None]


def _judged(results: Results) -> str:
    number = results.metrics.get('decomposition/accuracy_num_images')
    return f'{number:,.0f} judged images' if number else ''


def _of_ceiling(results: Results) -> str:
    ceiling = find(results, 'decomposition/vote_ceiling')
    share = find(results, 'decomposition/spearman_aleatoric_of_ceiling',
                 percent=True)
    if ceiling is None or share is None:
        return ''
    return f'{share} of the ceiling {ceiling} that the votes allow'


def _beside(results: Results, driver: str, key: str, chance: str,
            percent: bool = False) -> str:
    """Name the scores a headline score has to beat."""
    found = {name: find(results, key % name, percent)
             for name in (EPISTEMIC, 'total') if name != driver}
    return ', '.join([f'{name} {value}' for name, value in found.items()
                      if value is not None] + [chance])


def score_table(run: ReportRun) -> list[dict[str, Any]]:
    """Put every score beside every outside signal.

    Args:
        run (ReportRun): What was tested.

    Returns:
        list[dict]: By score: 'name', 'key', and a :class:`Value` or None for
        'votes' (Spearman), 'shift' (mean AUROC at the severity of the
        routing), 'ambiguous' (AUROC) and one 'kept' per rate.
    """
    results, severity = run.results, run.severity
    rows = []
    for name in run.scores:
        shift = find(results, f'decomposition/auroc_{name}_sev{severity}')
        detection = run.shift.get(name)
        if shift is None and detection and severity in detection.severities:
            place = detection.severities.index(severity)
            shift = Value(float(detection.mean[place]))
        kept = f'routing/retention_{name}'
        rows.append(dict(
            key=name, name=score_name(name), shift=shift,
            votes=find(results, f'decomposition/spearman_{name}'),
            ambiguous=find(results, f'routing/auroc_ambiguous_{name}'),
            kept=find(results, kept, percent=True),
            kept_80=find(results, f'{kept}_at_80', percent=True)))
    return rows


def class_table(run: ReportRun) -> list[dict[str, str]]:
    """Break the clean images down by class.

    Args:
        run (ReportRun): What was tested.

    Returns:
        list[dict]: One row per class with its name; empty without labels.
    """
    details = run.results.details
    columns = ('num_images', *_SHARES, 'vote_entropy', 'aleatoric')
    if not any(key.startswith('per_class/') for key in details):
        return []
    return [dict(name=name, **{
        column: _cell(details.get(f'per_class/{column}_{name}'), column)
        for column in columns
    }) for name in run.table.classes]


def _cell(value: float | None, column: str) -> str:
    if value is None:
        return '–'
    if column == 'num_images':
        return f'{value:,.0f}'
    return str(Value(value, percent=column in _SHARES))
