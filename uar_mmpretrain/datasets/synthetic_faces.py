"""Drawn faces whose true label distribution is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from mmengine.logging import print_log
from mmpretrain.datasets import BaseDataset
from mmpretrain.registry import DATASETS

from .categories import CANONICAL_CLASSES
from .records import LabelRecords
from .summary import class_counts, summarize
from .synthetic import (
    ACTION_UNITS,
    SPLITS,
    Population,
    check_image_size,
    sample_population,
)
from .targets import Targets, make_targets


@DATASETS.register_module()
class SyntheticFaces(BaseDataset):
    """Faces drawn from action units, voted on by simulated annotators.

    Nothing is read from disk: an item carries the parameters of a face and
    the transform ``RenderFace`` draws it. Half of the faces show one
    expression at a random strength, half a blend of two. Every annotator
    perceives the action units of the face with Gaussian noise and names the
    expression of the nearest prototype, so the probability of each answer is
    known for every image: an oracle for aleatoric uncertainty.

    Item i depends on ``(seed, split, i)`` only: not on ``num_images``, the
    order of access, the worker or the machine (its pixels may differ in the
    last bits between versions of OpenCV). The splits are separate random
    streams.

    Beside the keys of every soft-label data set (``image_id``, ``gt_votes``,
    ``gt_score``, ``gt_label``, ``eval_label``) an item carries

    - ``true_distribution``: float32 (C,), the probability that an annotator
      answers each class;
    - ``mixture``: float32 (C,), the share of each expression in the face;
    - ``aus``: float32 (K,), intensities in [0, 1] of the action units listed
      in ``metainfo['aus']``, on the half of the face that shows each more;
    - ``face`` and ``image_size``: what ``RenderFace`` draws.

    Args:
        split (str): 'train', 'val' or 'test'. Defaults to 'train'.
        num_images (int): Number of faces. Defaults to 4000.
        image_size (int): Side of the square images in pixels. Defaults to
            56.
        seed (int): Seed of the whole data set. Defaults to 0.
        num_annotators (int): Votes per face. Defaults to 10.
        pipeline (Sequence): Transforms; ``dict(type='RenderFace')`` comes
            first. Defaults to ().
        **kwargs: Further arguments of mmpretrain's ``BaseDataset``.

    Raises:
        ValueError: If the split is unknown, no image or annotator is asked
            for, the images are too small or the seed is negative.
    """

    METAINFO = {
        'classes': CANONICAL_CLASSES,
        'dataset': 'SyntheticFaces',
        'aus': ACTION_UNITS,
    }

    def __init__(self,
                 split: str = 'train',
                 num_images: int = 4000,
                 image_size: int = 56,
                 seed: int = 0,
                 num_annotators: int = 10,
                 pipeline: Sequence = (),
                 **kwargs: Any) -> None:
        _check_arguments(split, num_images, num_annotators, seed)
        check_image_size(image_size)
        self.split = split
        self.num_images = num_images
        self.image_size = image_size
        self.seed = seed
        self.num_annotators = num_annotators
        super().__init__(ann_file='', pipeline=pipeline, **kwargs)

    def load_data_list(self) -> list[dict]:
        """Draw the parameters and votes of all faces.

        Returns:
            list[dict]: One item per face, as the class describes.
        """
        people = sample_population(self.split, self.num_images,
                                   self.num_annotators, self.seed)
        names = [f'{self.split}/{i:06d}' for i in range(self.num_images)]
        records = LabelRecords(
            source=type(self).__name__,
            paths=names,
            rows=np.arange(len(names)),
            classes=CANONICAL_CLASSES,
            votes=people.votes)
        targets = _targets(records)
        self._describe(records, targets)
        columns = _columns(people, targets)
        return [{
            'image_id': name,
            'image_size': self.image_size,
            **{key: values[i]
               for key, values in columns.items()}
        } for i, name in enumerate(names)]

    def _describe(self, records: LabelRecords, targets: Targets) -> None:
        """As the data sets on disk: counts into metainfo, and logged once."""
        fields: dict[str, Any] = dict(
            split=self.split,
            num_images=len(records),
            num_named=len(records),
            num_kept=len(records),
            num_judged=int((targets.eval_labels >= 0).sum()),
            label_rule='raw',
            eval_rule='more than half of the votes',
            label_file=f'{self.num_annotators} simulated annotators, seed '
            f'{self.seed}',
            class_counts=class_counts(targets.labels, CANONICAL_CLASSES))
        fields['summary'] = summarize(
            f'{type(self).__name__} {self.split}', fields, records, targets,
            CANONICAL_CLASSES)
        self._metainfo.update(fields)
        print_log(fields['summary'], 'current')

    def extra_repr(self) -> list[str]:
        """Lines of the representation that are this data set's own.

        Returns:
            list[str]: The lines.
        """
        return [
            f'Split: \t{self.split}', f'Image size: \t{self.image_size}',
            f'Annotators: \t{self.num_annotators}', f'Seed: \t{self.seed}'
        ]


def _targets(records: LabelRecords) -> Targets:
    """As on disk, but judged by every vote: no annotator is an outlier."""
    found = make_targets(records, CANONICAL_CLASSES, 'raw', 'argmax')
    votes = records.votes
    majority = 2 * votes.max(axis=1) > votes.sum(axis=1)
    return replace(found, eval_labels=np.where(majority, found.labels, -1))


def _columns(people: Population, targets: Targets) -> dict[str, Sequence]:
    return {
        'face': people.faces,
        'gt_votes': people.votes,
        'gt_score': targets.scores,
        'gt_label': targets.labels.tolist(),
        'eval_label': targets.eval_labels.tolist(),
        'true_distribution': people.true_distribution,
        'mixture': people.mixture,
        'aus': people.states.max(axis=-1).astype(np.float32),
    }


def _check_arguments(split: str, num_images: int, num_annotators: int,
                     seed: int) -> None:
    if split not in SPLITS:
        raise ValueError(f'SyntheticFaces: there is no split {split!r}; '
                         f'choose one of {", ".join(SPLITS)}.')
    if num_images < 1:
        raise ValueError(f'SyntheticFaces: num_images={num_images} makes an '
                         f'empty split {split!r}; ask for 1 or more.')
    if num_annotators < 1:
        raise ValueError(f'SyntheticFaces: num_annotators={num_annotators}; '
                         'a soft label needs at least 1 vote.')
    if not 0 <= seed < 2**64:
        raise ValueError(f'SyntheticFaces: the seed must lie in [0, 2**64), '
                         f'but it is {seed}.')
