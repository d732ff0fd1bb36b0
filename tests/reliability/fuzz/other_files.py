"""Readers of what is not a label file: routers, predictions, AU priors."""

import csv
import io
import json

import numpy as np
import yaml

from uar_mmpretrain.evaluation.functional.prediction_files import (
    read_table,
    to_frame,
)
from uar_mmpretrain.evaluation.functional.prediction_table import (
    PredictionTable,
)
from uar_mmpretrain.models.poi.au_prior import AUPrior
from uar_mmpretrain.routing import Action, Router
from uar_mmpretrain.uncertainty import Temperature, decompose

from .binary_mutations import damaged_columns
from .mutations import (
    damaged_bytes,
    damaged_lines,
    damaged_table,
    damaged_tokens,
)
from .reader import Reader

ROUTER = json.dumps({
    'format': 'uar_mmpretrain.router/2', 'tau_epistemic': 0.125,
    'tau_aleatoric': 0.75, 'kind': 'entropy', 'info': {'images': 12},
    'score': 'epistemic', 'temperature': {'mode': 'common', 'values': [1.5]},
    'classes': ['neutral', 'anger'], 'checkpoint': '0123456789abcdef',
    'promises': {}, 'calibration_scores': [0.1, 0.2, 0.3]}).encode()
PRIOR = yaml.safe_dump({'unnamed': 0.1, 'classes': {
    'neutral': {}, 'happiness': {6: 0.9, 12: 0.95}}}).encode()


def judge_router(router, data):
    """It is what the file says, and it routes."""
    record = json.loads(data.decode('utf-8-sig'))
    for name in ('tau_epistemic', 'tau_aleatoric'):
        assert getattr(router, name) == record[name]
    for name in ('kind', 'score'):
        assert getattr(router, name) == record.get(name, getattr(
            Router(0, 0), name))
    assert list(router.calibration_scores) == sorted(
        record.get('calibration_scores', []))
    assert isinstance(router.temperature, Temperature)
    parts = decompose(np.array([[[0.5, 0.5], [0.9, 0.1]]]))
    if router.score == 'epistemic':
        (action, ) = router.route(parts)
        rejected = parts.epistemic[0] > record['tau_epistemic']
        assert (action == Action.REJECT) == rejected


def judge_predictions(table, data):
    """Every row has the scores, label and action of its line."""
    text = data.decode('utf-8-sig')
    # pandas takes cells of any length.
    limit = csv.field_size_limit(10**7)
    header, *rows = [row for row in csv.reader(io.StringIO(
        text, newline='')) if row]
    csv.field_size_limit(limit)
    classes = [name[len('prob_'):] for name in header
               if name.startswith('prob_')]
    assert table.classes == tuple(classes)
    assert len(table) == len(rows)
    place = {name: i for i, name in enumerate(header)}
    lines = {(row[place['path']], row[place['corruption']],
              float(row[place['severity']])): row for row in rows}
    assert len(lines) == len(rows)
    for i in range(len(table)):
        row = lines[table.image_id[i], table.corruption[i],
                    table.severity[i]]
        assert table.label[i] == float(row[place['label']])
        if 'action' in place:
            assert Action(table.action[i]).name == row[place['action']]
        for m in range(table.num_members):
            scores = [np.float32(row[place[f'member{m}_{name}']])
                      for name in classes]
            np.testing.assert_array_equal(table.member_scores[i, m], scores)


def judge_frame(table, data):
    """Checked in detail for CSV; here that it is a table."""
    assert np.isfinite(table.member_scores).all()
    assert len(set(zip(table.image_id, table.corruption,
                       table.severity))) == len(table)


def judge_prior(prior, data):
    shares = prior.log_shown.exp()
    assert ((shares > 0) & (shares < 1)).all()
    assert shares.shape[0] == 2


def predictions():
    generator = np.random.default_rng(0)
    return to_frame(PredictionTable(
        image_id=np.array(['a.png', 'b.png', 'NA', '007']),
        corruption=np.array(['clean', 'clean', 'fog', 'fog']),
        severity=np.array([0, 0, 1, 5]), label=np.array([0, 1, 1, -1]),
        eval_label=np.array([0, 1, -1, -1]),
        member_scores=generator.dirichlet([1, 1, 1], (4, 2)),
        classes=('neutral', 'happiness', 'anger'),
        votes=generator.integers(1, 9, (4, 3)),
        action=np.array([0, 1, 2, 0], dtype=np.int8),
        channels={'density': np.arange(4.)}))


def as_parquet():
    out = io.BytesIO()
    predictions().to_parquet(out, index=False)
    return out.getvalue()


OTHER_FILES = {
    'router.json': Reader(
        'router.json', ROUTER,
        (damaged_bytes, damaged_tokens, damaged_tokens),
        lambda folder: Router.load(folder / 'router.json'), judge_router),
    'predictions.csv': Reader(
        'predictions.csv', predictions().to_csv(index=False).encode(),
        (damaged_bytes, damaged_table, damaged_table, damaged_lines),
        lambda folder: read_table(folder / 'predictions.csv'),
        judge_predictions),
    'predictions.parquet': Reader(
        'predictions.parquet', as_parquet(),
        (damaged_bytes, damaged_columns),
        lambda folder: read_table(folder / 'predictions.parquet'),
        judge_frame),
    'AU prior': Reader(
        'prior.yaml', PRIOR, (damaged_bytes, damaged_tokens, damaged_lines),
        lambda folder: AUPrior(['neutral', 'happiness'],
                               folder / 'prior.yaml'), judge_prior),
}
