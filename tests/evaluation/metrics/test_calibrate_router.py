"""A router from the clean images of a validation split."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    CalibrationOptions,
    calibrate_router,
)
from uar_mmpretrain.evaluation.metrics import CalibrateRouter
from uar_mmpretrain.routing import Action, Router


def metric(path, **kwargs):
    metric = CalibrateRouter(path, **kwargs)
    metric.dataset_meta = dict(dataset='Drawn', split='val')
    return metric


def test_calibrates_and_saves(make_table, tmp_path):
    table = make_table(num_images=200)
    values = metric(tmp_path / 'router.json',
                    checkpoint='ab12').report(table).values
    router = Router.load(tmp_path / 'router.json')
    assert router == calibrate_router(table, checkpoint='ab12',
                                      split=['Drawn', 'val'])
    assert router.tau_epistemic == values['tau_epistemic']
    assert router.info['num_images'] == 200
    rejected = router.route(table.clean().decompose()) == Action.REJECT
    # P(Bin(200, .05) <= 5) = .062, and <= 6 is .124.
    assert rejected.sum() == 5


def test_options(make_table, tmp_path):
    table = make_table(num_images=200)
    metric(tmp_path / 'router.json', kind='variance',
           options=dict(promise='quantile', alpha=.2)).report(table)
    assert Router.load(tmp_path / 'router.json') == calibrate_router(
        table, CalibrationOptions(kind='variance', promise='quantile',
                                  alpha=.2), split=['Drawn', 'val'])
    with pytest.raises(ValueError, match="unknown promise 'all'"):
        metric(tmp_path / 'router.json', options=dict(promise='all'))


def test_one_member_has_no_router(make_table, tmp_path):
    report = metric(tmp_path / 'router.json').report(
        make_table(num_images=200, num_members=1))
    assert report.values == {}
    assert 'one member' in report.notes['router']
    assert not (tmp_path / 'router.json').exists()


def test_too_few_images_for_the_promise(make_table, tmp_path):
    table = make_table(num_images=44)
    report = metric(tmp_path / 'router.json').report(table)
    assert 'at least 45 calibration images' in report.notes['promise']
    router = Router.load(tmp_path / 'router.json')
    assert set(router.promises) == {'quantile'}
    assert router.tau_epistemic == pytest.approx(
        np.quantile(table.clean().decompose().epistemic, .95))


def test_too_few_images_are_noted_not_raised(make_table, tmp_path):
    report = metric(tmp_path / 'router.json').report(make_table(19))
    assert 'at least 20 images' in report.notes['router']
    assert not (tmp_path / 'router.json').exists()
