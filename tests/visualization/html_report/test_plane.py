"""The rows the page routes again."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import action_report
from uar_mmpretrain.routing import Action, Router
from uar_mmpretrain.visualization.html_report.plane import make_plane


def count(data, unpack, rejection=None, aleatoric=None):
    """Do what the script of the page does, on the arrays it gets."""
    tau = {key: axis['threshold'] for key, axis in data['axes'].items()}
    if rejection is not None:
        tau = dict(rejection=rejection, aleatoric=aleatoric)
    actions = np.where(
        unpack(data['aleatoric'], '<f8') > tau['aleatoric'], 1, 0)
    actions[unpack(data['rejection'], '<f8') > tau['rejection']] = 2
    sets = unpack(data['set'], 'u1')
    counts = {name: np.bincount(actions[sets == place], minlength=3)
              for place, name in enumerate(data['sets'])}
    judged = (unpack(data['correct'], 'u1') < 2) & (actions == 0)
    return counts, unpack(data['correct'], 'u1')[judged]


def assert_equal_to_report(data, unpack, report, **tau):
    counts, correct = count(data, unpack, **tau)
    for name, numbers in counts.items():
        for action, share in zip(Action, numbers / numbers.sum()):
            assert share == pytest.approx(
                report.values[f'{name}_{action.name.lower()}'])
    assert correct.mean() == pytest.approx(report.values['accuracy_accept'])
    assert len(correct) == report.values['accuracy_accept_num_images']


def test_starts_where_the_router_cuts(run, unpack):
    plane, origin = make_plane(run)
    assert 'calibrated router' in origin
    data = plane.data()
    assert list(data['sets']) == ['ambiguous', 'clear', 'corrupted']
    assert_equal_to_report(data, unpack, action_report(run.table))
    np.testing.assert_array_equal(plane.action, run.table.action)


@pytest.mark.parametrize('rejection, aleatoric', [(0.02, 0.9), (0.3, 0.4)])
def test_other_thresholds(run, unpack, rejection, aleatoric):
    router = Router(rejection, aleatoric)
    table = run.table.with_action(router.route(run.table.decompose()))
    plane, _ = make_plane(run)
    assert_equal_to_report(plane.data(), unpack, action_report(table),
                           rejection=rejection, aleatoric=aleatoric)


def test_a_value_on_the_threshold_passes(run, unpack):
    plane, _ = make_plane(run)
    data = plane.data()
    value = unpack(data['rejection'], '<f8')[17]
    counts, _ = count(data, unpack, rejection=value, aleatoric=9.)
    rejected = unpack(data['rejection'], '<f8') > value
    assert sum(row[2] for row in counts.values()) == rejected.sum()


def test_without_votes(make_run, table, router, unpack):
    run = make_run(replace(table, votes=None), router)
    data = make_plane(run)[0].data()
    assert data['sets'] == ['clean', 'corrupted']
    assert_equal_to_report(data, unpack, action_report(run.table))


def test_some_faces_without_votes(make_run, table, router, unpack):
    """They are in no set, and count for the accuracy."""
    votes = table.votes.copy()
    votes[np.isin(table.image_id, table.image_id[table.is_clean][::3])] = 0
    run = make_run(replace(table, votes=votes), router)
    data = make_plane(run)[0].data()
    assert (unpack(data['set'], 'u1') == 255).any()
    assert_equal_to_report(data, unpack, action_report(run.table))


def test_rejection_by_a_channel_and_a_temperature(make_run, table, unpack):
    rng = np.random.default_rng(0)
    table = replace(table, channels=dict(
        density=rng.normal(size=len(table)) + table.severity))
    router = Router(2.5, 0.9, score='density', temperature=dict(
        mode='common', values=[2.]))
    run = make_run(table, router)
    plane, _ = make_plane(run)
    assert plane.axes['rejection'].title == 'density'
    assert plane.axes['rejection'].low < 0
    assert_equal_to_report(plane.data(), unpack, action_report(run.table))


def test_without_a_router(make_run, table):
    plane, origin = make_plane(make_run(table))
    assert 'no router.json' in origin and 'no calibration' in origin
    clean = plane.action[table.is_clean]
    assert np.mean(clean == Action.REJECT) == pytest.approx(0.05, abs=0.01)
    parts = table.clean().decompose()
    assert plane.axes['aleatoric'].threshold == np.quantile(
        parts.aleatoric, 0.75)


def test_one_member_has_no_plane(make_run, make_table, router):
    table = make_table(num_members=1)
    plane, reason = make_plane(make_run(table))
    assert plane is None and 'one member' in reason
    run = make_run(table)
    stored = replace(run, results=replace(run.results,
                                          router=router.summary()))
    plane, reason = make_plane(stored)
    assert plane is None and 'does not fit' in reason


def test_a_router_that_rejects_nothing(make_run, table, unpack):
    run = make_run(table, Router(np.inf, 0.5))
    data = make_plane(run)[0].data()
    counts, _ = count(data, unpack)
    assert sum(row[2] for row in counts.values()) == 0


def test_points_are_those_of_their_set(run):
    plane, _ = make_plane(run)
    points, = plane.chart().variants.values()
    drawn = {trace['name']: trace for trace in points}
    assert set(drawn) == {'corrupted, severity 5 (600)', 'clean, clear ('
                          f'{plane.sets["clear"].sum()})', 'clean, ambiguous ('
                          f'{plane.sets["ambiguous"].sum()})'}
    trace = drawn['corrupted, severity 5 (600)']
    np.testing.assert_allclose(
        np.square(trace['y']), np.maximum(
            plane.rejection[plane.sets['corrupted']], 0), atol=1e-4)


def test_a_sample_of_many_points(make_run, make_table, router):
    run = make_run(make_table(800, severities=(5, )), router)
    points, = make_plane(run)[0].chart().variants.values()
    assert points[0]['name'] == 'corrupted, severity 5 (1,500 of 2,400)'
    assert len(points[0]['x']) == 1500
