"""Pictures during a real test loop of mmengine."""

import cv2
import pytest
import torch
from mmengine.model import BaseModel
from mmengine.runner import Runner
from mmpretrain.structures import DataSample

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization import RoutingVisualizer

RED = (0, 0, 255)  # BGR


class Model(BaseModel):
    """Says the same of every image."""

    kind = 'entropy'

    def forward(self, inputs, data_samples=None, mode='predict'):
        for sample in data_samples:
            sample.set_field(torch.tensor([[.9, .1], [.2, .8]]),
                             'member_scores')
        return data_samples


class Faces(torch.utils.data.Dataset):
    """Five red images, each clean and in fog."""

    metainfo = dict(classes=('happiness', 'fear'))

    def __len__(self):
        return 10

    def __getitem__(self, index):
        corruption, severity = [('clean', 0), ('fog', 5)][index % 2]
        pixels = torch.tensor(RED, dtype=torch.uint8).view(3, 1, 1)
        sample = DataSample(metainfo=dict(
            image_id=f'test_{index // 2}.png', corruption=corruption,
            severity=severity))
        return dict(inputs=pixels.expand(3, 8, 8), data_samples=sample)


@pytest.fixture
def names(tmp_path):
    """Test through a runner; return the names of the pictures."""

    def run(visualizer='RoutingVisualizer', **options):
        runner = Runner(
            model=Model(), work_dir=str(tmp_path / 'work'),
            test_dataloader=dict(
                dataset=Faces(), batch_size=4, num_workers=0,
                sampler=dict(type='DefaultSampler', shuffle=False)),
            test_evaluator=[], test_cfg=dict(),
            visualizer=dict(type=visualizer,
                            name=f'{tmp_path.name}_{len(options)}'),
            default_hooks=dict(visualization=dict(
                type='RoutingVisualizationHook',
                out_dir=str(tmp_path / 'shown'), **options)),
            default_scope='mmpretrain', experiment_name=tmp_path.name)
        runner.test()
        return sorted(p.name for p in (tmp_path / 'shown').glob('*'))

    return run


@pytest.fixture
def drawn(monkeypatch):
    """Remember what is drawn."""
    decisions = []
    draw = RoutingVisualizer.draw_decision

    def remember(self, image, decision, **options):
        decisions.append(decision)
        return draw(self, image, decision, **options)

    monkeypatch.setattr(RoutingVisualizer, 'draw_decision', remember)
    return decisions


def test_every_copy_has_a_picture_with_the_action(names, drawn, tmp_path):
    # The members disagree by 0.27 nats.
    Router(0.2, 0.9).save(tmp_path / 'work/router.json')
    assert names(interval=1) == sorted(
        name for n in range(5)
        for name in (f'test_{n}.png.png', f'test_{n}.png_fog_5.png'))
    assert {one.action for one in drawn} == {'REJECT'}
    image = cv2.imread(str(tmp_path / 'shown/test_0.png_fog_5.png'))
    # in the colours of the file, not with red and blue exchanged
    assert (image == RED).all(-1).mean() > 0.1


def test_every_nth_is_drawn_across_batches(names):
    assert names(interval=3) == ['test_0.png.png', 'test_1.png_fog_5.png',
                                 'test_3.png.png', 'test_4.png_fog_5.png']


def test_without_a_router_there_is_no_action(names, drawn):
    names(interval=9)
    assert [one.action for one in drawn] == [None, None]
    assert drawn[0].distribution == pytest.approx(
        dict(happiness=.55, fear=.45))


def test_the_decomposition_is_the_models(names, drawn, monkeypatch):
    monkeypatch.setattr(Model, 'kind', 'variance')
    names(interval=10)
    # The variance of each class's probability, summed: 2 * 0.35 ** 2.
    assert drawn[0].epistemic == pytest.approx(0.245)


def test_a_disabled_hook_draws_nothing(names):
    assert names(enable=False, interval=1) == []


def test_a_visualizer_that_draws_no_decisions_is_refused(names):
    with pytest.raises(TypeError, match="is a UniversalVisualizer; add "):
        names(visualizer='UniversalVisualizer')
    assert names(visualizer='UniversalVisualizer', enable=False) == []
