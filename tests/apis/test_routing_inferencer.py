"""From pictures to decisions with a checkpoint and a router."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config

from uar_mmpretrain.apis import RoutingInferencer
from uar_mmpretrain.engine.channel_files import save_channels
from uar_mmpretrain.routing import Router, fingerprint_weights
from uar_mmpretrain.uncertainty import decompose

CLASSES = ('neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust',
           'anger', 'contempt')


def weights_of(path):
    return torch.load(path, weights_only=True)['state_dict']


@pytest.fixture(scope='module')
def unrouted(untrained):
    return RoutingInferencer(untrained / 'ensemble.pth', device='cpu')


@pytest.fixture
def copied(untrained, tmp_path):
    """A folder of its own with the ensemble."""
    return Path(shutil.copy(untrained / 'ensemble.pth', tmp_path))


def router_for(path, **options):
    """A router of these weights, unless the options say otherwise."""
    fields = dict(tau_epistemic=0.02, tau_aleatoric=1.5, classes=CLASSES,
                  checkpoint=fingerprint_weights(weights_of(path)))
    return Router(**{**fields, **options})


def save_router(beside, **options):
    router = router_for(beside, **options)
    router.save(beside.with_name('router.json'))
    return router


def scores(decisions):
    return np.stack([one.member_scores for one in decisions])


def test_scores_are_those_of_the_model_on_the_resized_pixels(
        unrouted, faces):
    decisions = unrouted(faces, progress=False)
    assert [one.source for one in decisions] == [
        str(faces / f'{n}.png') for n in range(8)]
    pixels = np.stack([
        cv2.resize(cv2.imread(one.source), (48, 48),
                   interpolation=cv2.INTER_AREA) for one in decisions])
    inputs = torch.from_numpy(pixels).permute(0, 3, 1, 2)
    with torch.no_grad():
        samples = unrouted.model.test_step(dict(inputs=inputs,
                                                data_samples=None))
    expected = torch.stack([s.member_scores for s in samples])
    np.testing.assert_allclose(scores(decisions), expected, atol=1e-6)


def test_the_numbers_of_a_decision_belong_together(unrouted, faces):
    decisions = unrouted(faces, progress=False)
    parts = decompose(scores(decisions))
    for number, one in enumerate(decisions):
        assert one.total == pytest.approx(parts.total[number])
        assert one.epistemic == pytest.approx(parts.epistemic[number])
        assert one.label == max(one.distribution, key=one.distribution.get)
        assert tuple(one.distribution) == CLASSES
        assert sum(one.distribution.values()) == pytest.approx(1)
        assert one.action is None
        assert one.reason.startswith('no router')


def test_batches_of_any_size_decide_the_same(unrouted, faces):
    whole = scores(unrouted(faces, progress=False))
    for batch_size in (1, 3):
        parts = unrouted(faces, batch_size=batch_size, progress=False)
        np.testing.assert_allclose(scores(parts), whole, atol=1e-6)


def test_bad_files_keep_their_place_and_the_others_go_on(
        unrouted, faces, tmp_path):
    (tmp_path / 'empty.png').touch()
    good = str(faces / '0.png')
    mixed = unrouted([good, tmp_path / 'empty.png', tmp_path / 'gone.png',
                      good, np.zeros((1, 1), np.uint8)], batch_size=2,
                     progress=False)
    assert [one.error is None for one in mixed] == [True, False, False, True,
                                                    True]
    assert '0 bytes' in mixed[1].error
    assert mixed[1].label is None
    np.testing.assert_allclose(mixed[0].member_scores,
                               mixed[3].member_scores, atol=1e-6)


def test_the_router_beside_the_checkpoint_decides(
        copied, unrouted, faces):
    decisions = unrouted(faces, progress=False)
    parts = decompose(scores(decisions).astype(np.float64))
    # thresholds between the values, so that all three actions appear
    low, high = np.sort(parts.epistemic)[[2, 5]]
    router = save_router(
        copied, tau_epistemic=float((low + high) / 2),
        tau_aleatoric=float(np.median(parts.aleatoric)))
    decisions = RoutingInferencer(copied)(faces, progress=False)
    for one in decisions:
        if one.epistemic > router.tau_epistemic:
            expected, said = 'REJECT', 'unlike the training images'
        elif one.aleatoric > router.tau_aleatoric:
            expected, said = 'REPORT', 'annotators would disagree'
        else:
            expected, said = 'ACCEPT', 'clear enough'
        assert one.action == expected
        assert one.reason.startswith(said)
        assert one.score == one.epistemic
    assert len({one.action for one in decisions}) > 1


def test_a_temperature_of_the_router_is_applied(copied, unrouted, faces):
    save_router(copied, temperature=dict(mode='common', values=[3.]))
    plain = unrouted(faces, progress=False)
    scaled = RoutingInferencer(copied)(faces, progress=False)
    np.testing.assert_allclose(scores(scaled), scores(plain), atol=1e-6)
    for before, after in zip(plain, scaled):
        powers = np.array(before.member_scores, np.float64)**(1 / 3)
        mean = (powers / powers.sum(1, keepdims=True)).mean(0)
        np.testing.assert_allclose(list(after.distribution.values()), mean,
                                   atol=1e-4)
        assert after.aleatoric > before.aleatoric


@pytest.mark.parametrize(('options', 'said'), [
    (dict(checkpoint='0123456789abcdef'), 'checkpoint 0123456789abcdef'),
    (dict(classes=CLASSES[::-1]), 'classes contempt'),
    (dict(kind='variance'), 'decomposition variance'),
    (dict(score='density'), "channel 'density'"),
])
def test_a_router_of_something_else_is_refused_at_the_start(
        copied, options, said):
    save_router(copied, **options)
    with pytest.raises((KeyError, ValueError), match=said):
        RoutingInferencer(copied)


def test_a_router_by_a_fitted_channel(copied, untrained, tiny_config_file,
                                      faces):
    cfg = Config.fromfile(tiny_config_file)
    cfg.ensemble.channels = [dict(type='LogitVariance')]
    model = RoutingInferencer(copied, cfg).model
    with torch.no_grad():
        evidence = model.evidence(torch.rand(20, 3, 48, 48))
    evidence.labels = torch.arange(20) % 8
    model.channels.fit(evidence, evidence)
    save_channels(model.channels, model.channel_configs, weights_of(copied),
                  copied.with_name('channels.pth'))
    save_router(copied, score='logit_variance', tau_epistemic=-1.)
    decisions = RoutingInferencer(copied, cfg)(faces, progress=False)
    assert {one.score_name for one in decisions} == {'logit_variance'}
    assert {one.action for one in decisions} == {'REJECT'}
    assert 'logit_variance' in decisions[0].reason
    assert decisions[0].score != decisions[0].epistemic


def test_a_router_that_is_named_must_be_there(copied, tmp_path):
    with pytest.raises(FileNotFoundError):
        RoutingInferencer(copied, router=tmp_path / 'gone.json')


def test_a_single_network_has_no_epistemic_part(untrained, tiny_config_file,
                                                faces, tmp_path):
    member = Path(shutil.copy(untrained / 'member_0.pth', tmp_path))
    decide = RoutingInferencer(member, tiny_config_file)
    one = decide(faces / '0.png', progress=False)[0]
    assert one.epistemic is None
    assert one.total == one.aleatoric
    assert one.member_scores.shape == (1, 8)
    save_router(member)
    with pytest.raises(ValueError, match='one member'):
        RoutingInferencer(member, tiny_config_file)


def test_stored_config_and_config_file_give_the_same(
        untrained, unrouted, tiny_config_file, faces):
    other = RoutingInferencer(untrained / 'ensemble.pth', tiny_config_file)
    np.testing.assert_array_equal(scores(other(faces, progress=False)),
                                  scores(unrouted(faces, progress=False)))


def test_half_precision_is_close(untrained, unrouted, faces):
    half = RoutingInferencer(untrained / 'ensemble.pth', half=True,
                             device='cpu')
    different = scores(half(faces, progress=False))
    exact = scores(unrouted(faces, progress=False))
    np.testing.assert_allclose(different, exact, atol=0.1)
    assert not np.array_equal(different, exact)


def test_a_config_without_a_size_needs_one(untrained, tiny_config_file,
                                           faces, unrouted):
    cfg = Config.fromfile(tiny_config_file)
    cfg.pop('infer_pipeline')
    with pytest.raises(ValueError, match='input_size'):
        RoutingInferencer(untrained / 'ensemble.pth', cfg)
    given = RoutingInferencer(untrained / 'ensemble.pth', cfg, input_size=48)
    np.testing.assert_array_equal(scores(given(faces, progress=False)),
                                  scores(unrouted(faces, progress=False)))


def test_the_wrong_config_is_named(untrained, tiny_config_file):
    cfg = Config.fromfile(tiny_config_file)
    cfg.model.head.num_classes = 7
    with pytest.raises(ValueError, match='config the ensemble was trained'):
        RoutingInferencer(untrained / 'ensemble.pth', cfg)
    with pytest.raises(ValueError, match='does not fit the model'):
        RoutingInferencer(untrained / 'member_0.pth', cfg)


def test_pictures_show_what_the_network_saw(unrouted, faces, tmp_path):
    gray = np.full((80, 80, 3), (0, 0, 255), np.uint8)
    unrouted([faces / '0.png', gray], show_dir=tmp_path, progress=False)
    assert len(list(tmp_path.iterdir())) == 2
    path, = tmp_path.glob('array_1*.png')
    drawn = cv2.imread(str(path))
    # pure red in BGR, a large square of it
    red = (drawn == (0, 0, 255)).all(-1).mean()
    assert red > 0.1


def test_a_batch_size_of_zero_is_refused(unrouted, faces):
    with pytest.raises(ValueError, match='batch_size is 0'):
        unrouted(faces, batch_size=0, progress=False)
