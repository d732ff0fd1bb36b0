"""A tiny ensemble on drawn faces, trained in seconds."""

import faulthandler
import gc
import os
import signal
import tempfile
from functools import lru_cache, partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Many tests fork: data loaders, ``in_processes``, tests/tools. A fork
# copies the locks of thread pools and not the threads, so a forked process
# that asks OpenCV or OpenMP for theirs waits forever. So there are none, from
# before anything that would start them is imported; also in processes that
# tests start anew. pytest-xdist uses the cores.
os.environ.update(OMP_NUM_THREADS='1', OPENCV_FOR_THREADS_NUM='1')

# A forked process that hangs all the same ends, and says where, sooner than
# the test that waits for it (faulthandler_timeout in pyproject.toml). By a
# signal: the timer of faulthandler is itself a thread, which cannot be set
# again in a forked process.
faulthandler.register(signal.SIGALRM, file=2, chain=True)
os.register_at_fork(after_in_child=partial(signal.alarm, 500))

TINY = '''
_base_ = ['{root}/configs/_base_/datasets/synthetic_48px.py',
          '{root}/configs/_base_/default_runtime.py']
runner_type = 'EnsembleRunner'
ensemble = dict(num_members=2)
default_hooks = dict(logger=dict(interval=1))
data_preprocessor = dict(num_classes=8, mean=[128.] * 3, std=[60.] * 3)
model = dict(
    type='ImageClassifier',
    backbone=dict(type='ResNet_CIFAR', depth=18, num_stages=4,
                  out_indices=(3, ), stem_channels=4, base_channels=4,
                  strides=(2, 2, 2, 1)),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='EnsembleClsHead', num_classes=8, in_channels=32))
train_dataloader = dict(batch_size=16, num_workers=1,
                        dataset=dict(num_images=48, image_size=24))
val_dataloader = dict(batch_size=64, num_workers=0, persistent_workers=False,
                      dataset=dict(num_images=120, image_size=24))
test_dataloader = dict(
    batch_size=64, num_workers=0, persistent_workers=False,
    dataset=dict(corruptions=['gaussian_noise', 'contrast'],
                 severities=[1, 5],
                 dataset=dict(num_images=40, image_size=24)))
val_evaluator = [dict(type='DecompositionMetric', num_resamples=20)]
test_evaluator = [
    dict(type='DecompositionMetric', num_resamples=20),
    dict(type='RoutingMetric', num_resamples=20),
]
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.05, momentum=0.9))
param_scheduler = dict(type='CosineAnnealingLR', T_max=3, by_epoch=True)
train_cfg = dict(by_epoch=True, max_epochs=3, val_interval=3)
val_cfg = dict()
test_cfg = dict()
'''


def pytest_collection_finish():
    """Spare what is imported every later garbage collection.

    mmengine collects whenever a data set is built, and OpenMMLab's modules
    are a lot to look through.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope='session', autouse=True)
def quick_mmengine():
    """Do without what takes mmengine longer than a tiny training does.

    That is formatting a config each time it is logged or saved, and asking
    the compiler for its version before each run.
    """
    with pytest.MonkeyPatch.context() as patch:
        # The onedl fork imports it where it is used.
        for place in ('mmengine.config.config', 'yapf.yapflib.yapf_api'):
            patch.setattr(f'{place}.FormatCode',
                          lambda text, **kwargs: (text, False), raising=False)
        from mmengine.runner import runner
        patch.setattr(runner, 'collect_env', lru_cache(runner.collect_env))
        yield


@pytest.fixture(scope='session', autouse=True)
def first_scope():
    """Look types up where mmpretrain's tools do, also in wider fixtures."""
    from mmengine.registry import DefaultScope
    DefaultScope.get_instance('tests', scope_name='mmpretrain')


@pytest.fixture(autouse=True)
def scope():
    """Look types up where mmpretrain's tools do, whatever ran before."""
    from mmengine.registry import DefaultScope
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        yield


def write_tiny_config(folder):
    """Write the tiny ensemble's config and return its path."""
    path = folder / 'tiny_ens_synthetic.py'
    path.write_text(TINY.format(root=ROOT))
    return path


@pytest.fixture(scope='session')
def tiny_config_file(tmp_path_factory):
    """Path of the tiny ensemble's config."""
    return write_tiny_config(tmp_path_factory.mktemp('config'))


@pytest.fixture
def tiny_config(tiny_config_file, tmp_path):
    """The tiny ensemble's config, with a work_dir of its own."""
    from mmengine.config import Config
    cfg = Config.fromfile(tiny_config_file)
    cfg.work_dir = str(tmp_path / 'work')
    return cfg


@pytest.fixture
def in_processes(tmp_path):
    """Run a function in processes that work together over gloo.

    Forked: they need not import anything again, and what the function says
    it must say in files.
    """
    import torch
    import torch.distributed as dist

    def process(rank, number, place, function, args):
        os.environ['LOCAL_RANK'] = str(rank)
        dist.init_process_group(
            'gloo', init_method=f'file://{place}', rank=rank,
            world_size=number)
        function(*args)
        dist.destroy_process_group()

    def run(function, *args, number=2):
        place = tempfile.mktemp(prefix='rendezvous', dir=tmp_path)
        torch.multiprocessing.start_processes(
            process, (number, place, function, args), nprocs=number,
            start_method='fork')

    return run


@pytest.fixture(scope='session')
def untrained(tiny_config_file, tmp_path_factory):
    """Folder with member_0.pth, member_1.pth and their ensemble.pth.

    Tests that change files there copy them first.
    """
    import torch
    from mmengine.config import Config
    from mmengine.registry import DefaultScope
    from mmpretrain.registry import MODELS

    from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
    from uar_mmpretrain.engine.runners.ensemble_file import write_ensemble
    folder = tmp_path_factory.mktemp('untrained')
    cfg = Config.fromfile(tiny_config_file)
    cfg.work_dir = str(folder)
    paths = []
    for seed in range(2):
        torch.manual_seed(seed)
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            model = MODELS.build(cfg.model)
        # Logits far enough apart that the faces are not all alike.
        model.head.fcs[0].weight.data *= 50
        paths.append(folder / f'member_{seed}.pth')
        meta = dict(dataset_meta=dict(classes=CANONICAL_CLASSES))
        torch.save(dict(meta=meta, state_dict=model.state_dict()), paths[-1])
    write_ensemble(cfg, paths, folder / 'ensemble.pth')
    return folder
