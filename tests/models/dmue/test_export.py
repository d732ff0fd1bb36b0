"""The plain classifier gives the scores of the whole."""

import pytest
import torch
from mmengine.registry import DefaultScope
from mmpretrain.models.classifiers import ImageClassifier
from mmpretrain.registry import MODELS

from uar_mmpretrain.models.dmue import export_classifier


@pytest.mark.parametrize('shared', [False, True])
def test_same_scores(build, config, batch, shared):
    model = build(shared_statistics=shared)
    # Statistics and scales other than the initial ones.
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=.01)
    for _ in range(2):
        losses = model(**batch(), mode='loss')
        sum(v for k, v in losses.items() if 'loss' in k).backward()
        optimizer.step()
    model.eval()
    plain_config, weights = export_classifier(
        dict(config, shared_statistics=shared), model.state_dict())
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        plain = MODELS.build(plain_config).eval()
    assert type(plain) is ImageClassifier
    assert not torch.equal(plain(batch()['inputs']), model(batch()['inputs']))
    plain.load_state_dict(weights, strict=True)
    for found, expected in zip(plain.predict(batch()['inputs']),
                               model.predict(batch()['inputs'])):
        assert torch.equal(found.member_scores, expected.member_scores)
        assert found.pred_label == expected.pred_label


def test_config_keeps_what_a_plain_classifier_knows(config):
    plain, _ = export_classifier(
        dict(config, gram_source='feature', train_cfg=None),
        {'head.fcs.0.weight': 0, 'auxiliary.any': 0})
    assert plain == dict(
        type='ImageClassifier', backbone=config['backbone'],
        neck=config['neck'], head=config['head'], train_cfg=None)


def test_other_models_and_weights_are_refused(config):
    with pytest.raises(ValueError, match='ImageClassifier'):
        export_classifier(dict(config, type='ImageClassifier'), {})
    with pytest.raises(ValueError, match='exported already'):
        export_classifier(config, {'head.fcs.0.weight': 0})
