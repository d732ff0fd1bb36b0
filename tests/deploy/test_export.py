"""One graph from pixels to actions, against torch."""

import copy
import shutil

import numpy as np
import onnxruntime
import pytest
import torch

from uar_mmpretrain.deploy import (
    Metadata,
    OnnxPredictor,
    export,
    export_onnx,
)
from uar_mmpretrain.deploy.graph import RoutedGraph
from uar_mmpretrain.routing import Action, Router
from uar_mmpretrain.uncertainty import Temperature

from .conftest import CLASSES

CHANNELS = [
    dict(type='LogitVariance'),
    dict(type='EpistemicGivenAleatoric', num_bins=3),
    dict(type='FeatureDensity',
         layers=['input.spectrum', 'input.gradients', 'backbone']),
    dict(type='FisherCombination',
         inputs=['logit_variance', 'epistemic_given_aleatoric', 'density']),
]
TOLERANCE = 1e-4


def run(path, pictures):
    """All outputs of a file by name, and what it says of itself."""
    session = onnxruntime.InferenceSession(
        str(path), providers=['CPUExecutionProvider'])
    names = [one.name for one in session.get_outputs()]
    metadata = Metadata.from_properties(
        session.get_modelmeta().custom_metadata_map)
    return dict(zip(names, session.run(None, {'images': pictures}))), metadata


def check(found, members, router, channels=None):
    """Hold the outputs of a file against the router in torch."""
    parts = router.decompose(members)
    expected = dict(member_scores=members, total=parts.total,
                    mean_scores=router.temperature.distribution(members),
                    aleatoric=parts.aleatoric, epistemic=parts.epistemic)
    if router.score != 'epistemic':
        expected['score'] = channels[router.score]
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, atol=TOLERANCE,
                                   rtol=TOLERANCE, err_msg=name)
    assert set(found) == {*expected, 'action'}
    actions = router.route(parts, channels)
    np.testing.assert_array_equal(found['action'], actions)
    return actions


def between(values, share):
    """A threshold far from all values, with a share of them below."""
    values = np.sort(values)
    first = int(len(values) * share)
    return float(values[first - 1:first + 1].mean())


def test_two_architectures_channels_and_temperatures(
        build, member, predict, pictures, preprocessing, tmp_path):
    model = build(dict(type='EnsembleClassifier', channels=CHANNELS, members=[
        member['transformer'](), member['pixels']()]))
    # Not the pictures themselves: a score would equal one it is counted among.
    images = RoutedGraph(model, preprocessing).normalise(
        torch.from_numpy(pictures[::-1] // 2))
    with torch.no_grad():
        evidence = model.evidence(images)
        model.channels.fit(evidence, evidence)
    members, channels = predict(model, pictures)
    temperature = Temperature('member', [2., 0.5])
    parts = Router(0., 0., temperature=temperature).decompose(members)
    router = Router(
        between(channels['fisher'], 0.6), between(parts.aleatoric, 0.5),
        score='fisher', temperature=temperature, classes=CLASSES,
        info=dict(split=['val']), calibration_scores=[1., 2.])
    written = export_onnx(
        model, tmp_path / 'new' / 'model.onnx', classes=CLASSES,
        router=router, preprocessing=preprocessing,
        provenance=dict(checkpoint='ensemble.pth'))
    assert [f.name for f in (tmp_path / 'new').iterdir()] == ['model.onnx']
    found, metadata = run(tmp_path / 'new' / 'model.onnx', pictures)
    actions = check(found, members, router, channels)
    assert set(actions) == set(Action)
    # Any number of images, the same answers.
    one, _ = run(tmp_path / 'new' / 'model.onnx', pictures[5:6])
    np.testing.assert_allclose(one['score'], found['score'][5:6], rtol=1e-4)
    assert metadata.to_properties() == written.to_properties()
    assert tuple(metadata.classes) == CLASSES
    assert metadata.preprocessing == preprocessing
    assert metadata.provenance['checkpoint'] == 'ensemble.pth'
    assert [Action[name].value for name in metadata.actions] == [0, 1, 2]
    stored = Router(**metadata.router)
    assert stored == Router(**dict(router.summary()))
    assert stored.calibration_scores == ()


def test_thresholds_are_exact(
        build, member, predict, pictures, preprocessing, tmp_path):
    # Without weights every score is 1/4: sum p (1 - p) is 3/4 without
    # rounding, and the members agree.
    model = build(dict(type='EnsembleClassifier', kind='variance',
                       members=[member['pixels']()] * 2))
    for parameter in model.parameters():
        parameter.data.zero_()
    members, _ = predict(model, pictures)
    # The next smaller number, which float32 would round to 3/4.
    router = Router(0., float(np.nextafter(0.75, 0)), kind='variance')
    export_onnx(model, tmp_path / 'm.onnx', classes=CLASSES, router=router,
                preprocessing=preprocessing)
    found, _ = run(tmp_path / 'm.onnx', pictures)
    assert set(check(found, members, router)) == {Action.REPORT}


def test_passes_of_monte_carlo(build, member, predict, pictures,
                               preprocessing, tmp_path):
    model = build(dict(
        member['pixels'](), type='MCClassifier', num_passes=3, seed=5,
        stochastic_layers=[dict(type='Dropout', p=.4, modules='head.fcs.0')]))
    members, _ = predict(model, pictures)
    assert np.ptp(members, 1).max() > 0.1
    parts = Router(0., 0.).decompose(members)
    router = Router(between(parts.epistemic, 0.5), 1.)
    export_onnx(model, tmp_path / 'm.onnx', classes=CLASSES, router=router,
                preprocessing=preprocessing)
    check(run(tmp_path / 'm.onnx', pictures)[0], members, router)
    # The model is what it was.
    np.testing.assert_array_equal(predict(model, pictures)[0], members)


@pytest.fixture(scope='module')
def single(build, member, preprocessing, tmp_path_factory):
    """One network without router, and its file."""
    path = tmp_path_factory.mktemp('single') / 'm.onnx'
    model = build(dict(member['pixels'](), head=dict(
        type='LinearClsHead', num_classes=4, in_channels=12)))
    export_onnx(model, path, classes=CLASSES, preprocessing=preprocessing)
    return model, path


def test_one_network_without_router(single, predict, pictures):
    model, path = single
    found, metadata = run(path, pictures)
    members, _ = predict(model, pictures)
    assert set(found) == {'mean_scores', 'member_scores', 'total',
                          'aleatoric'}
    np.testing.assert_allclose(found['member_scores'], members, atol=1e-6)
    np.testing.assert_allclose(found['total'], found['aleatoric'])
    assert metadata.router is None


def test_without_a_router_there_is_a_label_but_no_action(single, pictures):
    one, = OnnxPredictor(single[1])(pictures[0], progress=False)
    assert one.action is None and one.error is None
    assert one.label in CLASSES
    assert one.reason.startswith('no router')


def test_nan_never_passes_and_ties_do(build, member, preprocessing):
    graph = RoutedGraph(build(member['pixels']()), preprocessing,
                        Router(0.5, 0.5))
    nan, low, high, tie = float('nan'), 0.1, 0.9, 0.5
    rejection = torch.tensor([nan, nan, low, tie, high, tie])
    aleatoric = torch.tensor([low, nan, nan, tie, low, high])
    names = [Action(int(one)).name
             for one in graph.route(rejection, aleatoric)]
    assert names == ['REJECT'] * 3 + ['ACCEPT', 'REJECT', 'REPORT']


@pytest.fixture
def refused(preprocessing, tmp_path):
    """Export what cannot be; return the message. Nothing is left behind."""

    def export(model, error=ValueError, classes=CLASSES, **kwargs):
        with pytest.raises(error) as raised:
            export_onnx(model, tmp_path / 'm.onnx', classes=classes,
                        preprocessing=preprocessing, **kwargs)
        assert list(tmp_path.iterdir()) == []
        return str(raised.value)

    return export


def test_what_does_not_fit_is_refused(build, member, refused):
    model = build(dict(type='EnsembleClassifier',
                       members=[member['pixels']()] * 2))
    assert 'the model has 4 classes, the class list 3' in refused(
        model, classes=CLASSES[:3])
    assert 'calibrated for the classes' in refused(
        model, router=Router(1., 1., classes=CLASSES[::-1]))
    assert 'calibrated for the decomposition variance' in refused(
        model, router=Router(1., 1., kind='variance'))
    assert "channel 'density'; the model has none" in refused(
        model, router=Router(1., 1., score='density'))
    assert 'has channels, found ImageClassifier' in refused(
        build(member['pixels']()), router=Router(1., 1., score='density'))
    assert 'one member has no epistemic' in refused(
        build(member['pixels']()), router=Router(1., 1.))
    model.members[1].head.fcs[0].weight.data[0, 0] = float('nan')
    assert 'member 1 of 2 gave outputs that are not finite' in refused(model)


def test_channels_have_to_be_fitted(build, member, refused):
    model = build(dict(type='EnsembleClassifier', channels=CHANNELS[:1],
                       members=[member['pixels']()] * 2))
    assert 'not fitted' in refused(
        model, router=Router(1., 1., score='logit_variance'))


def test_other_predictions_than_a_softmax_are_refused(build, member, refused,
                                                      monkeypatch):
    model = build(member['pixels']())
    plain = type(model).predict

    def sharper(self, inputs, *args):
        return plain(self, 1.1 * inputs, *args)

    monkeypatch.setattr(type(model), 'predict', sharper)
    assert 'not the softmax of its logits' in refused(model)


def test_what_onnx_cannot_express_is_named(single, refused, monkeypatch):

    def fail(*args, **kwargs):
        raise torch.onnx.OnnxExporterError(
            'A page of advice.\n'
            "<class 'DispatchError'>: No ONNX function found for i1e\nMore.")

    monkeypatch.setattr(torch.onnx, 'export', fail)
    monkeypatch.setattr(export, '_check_packages', lambda: None)
    message = refused(single[0])
    assert 'ImageClassifier cannot be expressed in ONNX' in message
    assert 'No ONNX function found for i1e. Serve' in message


def test_a_runtime_that_disagrees_leaves_no_file(single, refused,
                                                 monkeypatch):
    model, path = single
    # Some other weights went into the file.
    monkeypatch.setattr(export, '_write', lambda graph, pixels, outputs,
                        metadata, out: shutil.copy(path, out))
    model = copy.deepcopy(model)
    model.head.fc.bias.data[0] += 1
    assert 'in mean_scores; expected at most 0.0001' in refused(
        model, RuntimeError)
