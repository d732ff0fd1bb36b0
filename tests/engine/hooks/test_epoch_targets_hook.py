"""EpochTargetsHook in a training of mmengine."""

import pytest
import torch
from mmengine.model import BaseModel

from uar_mmpretrain.engine import EpochTargetsHook
from uar_mmpretrain.models.targets import EpochTargets


class Counted(EpochTargets):
    """Writes down what it is told."""

    def __init__(self):
        super().__init__()
        self.told = []
        self.register_buffer('epochs', torch.zeros(()))

    def start(self, image_ids):
        super().start(image_ids)
        self.told.append(list(image_ids))

    def end_epoch(self):
        self.told.append('end')
        self.epochs += 1


class Model(BaseModel):

    def __init__(self, targets=True):
        super().__init__()
        self.fc = torch.nn.Linear(2, 1)
        if targets:
            self.targets = Counted()

    def forward(self, inputs, sample_idx=None, image_id=None, mode='tensor'):
        if mode == 'loss' and hasattr(self, 'targets'):
            self.targets._check_started()
            self.targets.told.append('batch')
        return dict(loss=self.fc(torch.stack(inputs)).square().mean())


@pytest.fixture
def train(tmp_path):
    from mmengine.dataset import BaseDataset
    from mmengine.runner import Runner

    class Points(BaseDataset):

        def load_data_list(self):
            names = dict(image_id='a.png'), dict(image_id='b.png')
            named = self.ann_file != 'unnamed'
            return [dict(inputs=torch.ones(2), **(name if named else {}))
                    for name in names]

    def run(model, ann_file=''):
        runner = Runner(
            model, str(tmp_path / 'work'),
            train_dataloader=dict(
                batch_size=1, num_workers=0,
                dataset=Points(ann_file),
                sampler=dict(type='DefaultSampler', shuffle=True)),
            optim_wrapper=dict(optimizer=dict(type='SGD', lr=.1)),
            train_cfg=dict(by_epoch=True, max_epochs=2),
            custom_hooks=[EpochTargetsHook()],
            default_hooks=dict(checkpoint=dict(
                type='CheckpointHook', interval=1)),
            experiment_name=tmp_path.name)
        runner.train()
        return tmp_path / 'work'

    return run


def test_targets_learn_the_images_and_the_ends_of_epochs(train):
    model = Model()
    work_dir = train(model)
    assert model.targets.told == [['a.png', 'b.png'],
                                  *2 * ['batch', 'batch', 'end']]
    # The epoch's end is in its own checkpoint.
    weights = torch.load(work_dir / 'epoch_1.pth', weights_only=False)
    assert weights['state_dict']['targets.epochs'] == 1


def test_a_model_without_targets(train):
    with pytest.raises(ValueError, match='has no targets.*remove the hook'):
        train(Model(targets=False))


def test_images_without_a_name(train):
    with pytest.raises(ValueError, match='Points names no image_id'):
        train(Model(), 'unnamed')
