"""DumpPredictions writes the rows, with actions if it has a router."""

import numpy as np
import pandas as pd

from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.evaluation.metrics import DumpPredictions
from uar_mmpretrain.routing import Router


def test_writes_every_row(table, as_samples, evaluate, tmp_path):
    path = tmp_path / 'test' / 'predictions.csv'
    metric = DumpPredictions(path, kind='variance')
    found = evaluate(metric, as_samples(table), table.classes)
    assert found == {'predictions/num_rows': len(table)}
    written = read_table(path)
    np.testing.assert_array_equal(written.member_scores, table.member_scores)
    np.testing.assert_array_equal(written.votes, table.votes)
    assert written.action is None
    frame = pd.read_csv(path, float_precision='round_trip')
    np.testing.assert_array_equal(frame['total'],
                                  table.decompose('variance').total)


def test_routes_in_the_routers_own_units(table, as_samples, evaluate,
                                         tmp_path):
    router = Router(.02, .3, kind='variance')
    metric = DumpPredictions(tmp_path / 'p.csv', router)
    evaluate(metric, as_samples(table), table.classes)
    expected = router.route(table.decompose('variance'))
    assert len(np.unique(expected)) == 3
    np.testing.assert_array_equal(metric.table.action, expected)
    np.testing.assert_array_equal(read_table(tmp_path / 'p.csv').action,
                                  expected)


def test_a_single_member_cannot_be_routed(make_table, as_samples, evaluate,
                                          tmp_path):
    table = make_table(10, num_members=1)
    metric = DumpPredictions(tmp_path / 'p.csv', Router(.1, .1))
    evaluate(metric, as_samples(table), table.classes)
    assert 'one member' in metric.notes['action']
    assert read_table(tmp_path / 'p.csv').action is None


def test_a_missing_channel_does_not_lose_the_test(table, as_samples, evaluate,
                                                  tmp_path):
    metric = DumpPredictions(tmp_path / 'p.csv',
                             Router(.1, .1, score='density'))
    evaluate(metric, as_samples(table), table.classes)
    assert "by the channel 'density'" in metric.notes['action']
    assert len(read_table(tmp_path / 'p.csv')) == len(table)
