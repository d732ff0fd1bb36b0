"""Real runners on toy data, built and trained in milliseconds."""

import pytest
import torch
from mmengine.dataset import BaseDataset
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope
from mmengine.runner import Runner
from mmengine.structures import BaseDataElement
from torch import nn

import uar_mmpretrain  # noqa: F401


class ToySet(BaseDataset):
    """Eight points; remembers which files were read."""

    read = []

    def __init__(self, classes, ann_file=''):
        super().__init__(ann_file, metainfo=dict(classes=classes))

    def load_data_list(self):
        self.read.append(self.ann_file)
        return [dict(inputs=torch.full((2, ), float(i))) for i in range(8)]


class ToyHead(nn.Module):

    def __init__(self, num_classes):
        super().__init__()
        self.num_classes = num_classes
        self.fc = nn.Linear(2, num_classes)


class Toy(BaseModel):

    def __init__(self, num_classes):
        super().__init__()
        self.head = ToyHead(num_classes)

    def forward(self, inputs, sample_idx=None, mode='tensor'):
        logits = self.head.fc(torch.stack(inputs))
        if mode == 'loss':
            return dict(loss=logits.square().mean())
        return [BaseDataElement() for _ in logits]


@pytest.fixture
def toy_set():
    return ToySet


@pytest.fixture
def toy_runner(tmp_path):
    """Make a runner with a head of C classes on the data sets given."""
    number = 0

    def make(num_classes, hooks, train=None, val=None, test=None, **kwargs):
        nonlocal number
        number += 1

        def loader(dataset, shuffle=False):
            return None if dataset is None else dict(
                dataset=dataset, batch_size=4,
                sampler=dict(type='DefaultSampler', shuffle=shuffle))

        return Runner(
            model=Toy(num_classes),
            work_dir=str(tmp_path / 'work'),
            train_dataloader=loader(train, True),
            train_cfg=train and dict(by_epoch=True, max_epochs=1),
            optim_wrapper=train and dict(optimizer=dict(type='SGD', lr=.1)),
            val_dataloader=loader(val), val_cfg=val and dict(),
            val_evaluator=val and [],
            test_dataloader=loader(test), test_cfg=test and dict(),
            test_evaluator=test and [],
            custom_hooks=hooks,
            default_scope='mmpretrain',
            default_hooks=dict(logger=None),
            experiment_name=f'{tmp_path.name}_{number}', **kwargs)

    # A runner leaves its scope behind for all tests to come.
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        yield make
