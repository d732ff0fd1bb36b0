"""A router is calibrated on images that were not trained on."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ...datasets.split_overlap import check_held_out, list_images


@HOOKS.register_module()
class HeldOutCheckHook(Hook):
    """Compare training and validation images before anything is trained.

    By id and path; pixel-identical copies under other names are for
    ``tools/analysis_tools/check_data.py`` to find.

    Raises:
        ValueError: If an image is in both.
    """

    priority = 'VERY_HIGH'
    affects_weights = False

    def before_train(self, runner: Runner) -> None:
        """Compare the two data sets, which are built by now."""
        if runner.val_loop is None:
            return
        trained = list_images(runner.train_dataloader.dataset)
        held_out = list_images(runner.val_dataloader.dataset)
        if trained is None or held_out is None:
            print_log('training and validation images are not compared: a '
                      'data set does not name its images', 'current')
            return
        check_held_out(held_out, trained, 'train')
