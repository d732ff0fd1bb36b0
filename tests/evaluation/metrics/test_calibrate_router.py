"""A router from the clean images of a validation split."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.metrics import CalibrateRouter
from uar_mmpretrain.routing import Action, Router


def metric(path):
    metric = CalibrateRouter(path)
    metric.dataset_meta = dict(dataset='Drawn', split='val')
    return metric


def test_fits_on_clean_images_only(make_table, tmp_path):
    table = make_table(num_images=200)
    values = metric(tmp_path / 'router.json').report(table).values
    router = Router.load(tmp_path / 'router.json')
    clean = table.clean()
    epistemic = clean.decompose().epistemic
    assert values['tau_epistemic'] == pytest.approx(
        np.quantile(epistemic, 0.95))
    assert router.tau_epistemic == values['tau_epistemic']
    assert router.info['num_images'] == 200
    assert router.info['split'] == ['Drawn', 'val']
    rejected = router.route(clean.decompose()) == Action.REJECT
    assert rejected.mean() == pytest.approx(0.05, abs=0.005)


def test_one_member_has_no_router(make_table, tmp_path):
    report = metric(tmp_path / 'router.json').report(
        make_table(num_images=200, num_members=1))
    assert report.values == {}
    assert 'router' in report.notes
    assert not (tmp_path / 'router.json').exists()


def test_too_few_images_are_noted_not_raised(table, tmp_path):
    report = metric(tmp_path / 'router.json').report(table)
    assert 'at least 100 images' in report.notes['router']
    assert not (tmp_path / 'router.json').exists()
