"""All results of one test: numbers, reasons, settings; as a JSON file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..evaluation.functional import (
    PredictionTable,
    Report,
    action_report,
    per_class_report,
)
from ..evaluation.metrics import (
    CalibrationMetric,
    DecompositionMetric,
    LDLMetric,
    MemberScoresMetric,
    RoutingMetric,
    SelectiveMetric,
)
from ..files.json_text import parse_json
from ..routing import Router
from .write_texts import write_texts

_FORMAT = 'uar_mmpretrain.results/1'
# What can be computed from a table alone.
_METRICS: tuple[type[MemberScoresMetric], ...] = (
    DecompositionMetric, RoutingMetric, CalibrationMetric, SelectiveMetric,
    LDLMetric)


@dataclass(frozen=True)
class Results:
    """What ``metrics.json`` holds.

    Args:
        metrics (dict): Value by ``family/name``; None where an interval
            could not be computed.
        details (dict): Further values, e.g. one per corruption.
        notes (dict): Reason by ``family/part`` left out.
        settings (dict): Arguments of each metric by family, among them the
            kind of decomposition.
        dataset (dict): What the data set says of itself: counts, label rule;
            and ``data_fingerprint``, of the images with their labels.
        num_members (int): Members of the ensemble.
        router (dict | None): Thresholds of the actions.
    """

    metrics: dict[str, Any]
    details: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    dataset: dict[str, Any] = field(default_factory=dict)
    num_members: int = 1
    router: dict[str, Any] | None = None

    def setting(self, family: str, name: str, default: Any) -> Any:
        """Return one argument of a metric, or the default."""
        return self.settings.get(family, {}).get(name, default)

    @property
    def kind(self) -> str:
        """Kind of decomposition."""
        return self.setting('decomposition', 'kind',
                            self.setting('predictions', 'kind', 'entropy'))

    def save(self, path: str | Path) -> Path:
        """Write JSON, beside and then renamed."""
        path = Path(path)
        record = _plain({'format': _FORMAT, **asdict(self)})
        text = json.dumps(record, indent=2, allow_nan=False) + '\n'
        return write_texts({path.name: text}, path.parent)[0]

    @classmethod
    def load(cls, path: str | Path) -> Results:
        """Read what :meth:`save` wrote.

        Raises:
            ValueError: If the file is not such JSON.
        """
        try:
            record = parse_json(Path(path).read_text(encoding='utf-8'))
            found = record.pop('format', None)
            if found != _FORMAT:
                raise ValueError(f'format {found!r}')
            return cls(**record)
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f'{path}: {error}; expected the metrics.json of '
                             f'a test ({_FORMAT}). Remove the file to start '
                             'from default settings.') from error


def collect_results(metrics: Sequence[MemberScoresMetric],
                    values: Mapping[str, Any],
                    table: PredictionTable,
                    dataset: Mapping[str, Any],
                    router: Router | None = None) -> Results:
    """Put together what metrics found.

    Args:
        metrics (Sequence[MemberScoresMetric]): Metrics that have reported.
        values (Mapping[str, Any]): Their values by ``family/name``, and
            possibly those of others, of which numbers are kept.
        table (PredictionTable): The rows; their actions are counted here,
            and their classes judged one by one.
        dataset (Mapping[str, Any]): Meta information of the data set.
        router (Router | None): What the actions came from.

    Returns:
        Results: Everything, ready to be written.
    """
    results = Results(
        metrics={key: value for key, value in values.items()
                 if value is None or isinstance(value, (int, float))},
        details={f'{m.prefix}/{key}': value for m in metrics
                 for key, value in m.details.items()},
        notes={f'{m.prefix}/{part}': reason for m in metrics
               for part, reason in m.notes.items()},
        settings={str(m.prefix): m.settings for m in metrics},
        dataset={**_summary(dataset),
                 'data_fingerprint': table.data_fingerprint()},
        num_members=table.num_members,
        router=None if router is None else router.summary())
    results = _add(results, 'per_class',
                   per_class_report(table, results.kind))
    if table.action is None:
        return results
    return _add(results, 'actions', action_report(
        table, results.setting('routing', 'severity', 5),
        results.setting('routing', 'ambiguous_quantile', 0.75)))


def recompute(table: PredictionTable, old: Results | None = None) -> Results:
    """Compute all results of a table again.

    Args:
        table (PredictionTable): Rows of a test.
        old (Results | None): Results of that test: their settings are used,
            and what a table cannot tell is kept (the data set's counts,
            values of other metrics, thresholds).

    Returns:
        Results: Equal to the old ones if nothing was changed, and with the
        values of metrics that the test did not list.
    """
    old = old or Results(metrics={})
    metrics = [metric(**old.settings.get(str(metric.default_prefix),
                                         {'kind': old.kind}))
               for metric in _METRICS]
    families = {metric.prefix for metric in metrics} | {'per_class'}
    values = {key: value for key, value in old.metrics.items()
              if key.split('/')[0] not in families}
    for metric in metrics:
        values.update({f'{metric.prefix}/{key}': value for key, value
                       in metric.evaluate_table(table).items()})
    new = collect_results(metrics, values, table, old.dataset)
    kept = {key: reason for key, reason in old.notes.items()
            if key.split('/')[0] not in families}
    return replace(new, notes={**new.notes, **kept}, router=old.router,
                   settings={**old.settings, **new.settings})


def _add(results: Results, family: str, report: Report) -> Results:
    """Add a report that needs no metric of its own."""
    parts = (('metrics', report.values), ('details', report.details),
             ('notes', report.notes))
    added: dict[str, Any] = {
        name: {**getattr(results, name),
               **{f'{family}/{key}': value for key, value in part.items()}}
        for name, part in parts
    }
    return replace(results, **added)


def _summary(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what can be written as JSON."""
    kept = {}
    for key, value in dataset.items():
        try:
            kept[key] = json.loads(json.dumps(_plain(value), allow_nan=False))
        except TypeError:
            continue
    return kept


def _plain(value: Any) -> Any:
    """Turn tuples to lists and NaN to None, at any depth."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
