"""Labels made wrong on purpose."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from mmpretrain.registry import DATASETS

from uar_mmpretrain.corruptions.seeding import Key, random_words

from .derived import DerivedDataset, image_id, single_label
from .label_checks import check_shares, fold_doubles
from .soft_table import read_soft_table
from .table_checks import check_choice
from .targets import make_targets

# Everything an item says about its class. The true distribution of a drawn
# face is not a label: it stays.
_LABELS = ('gt_label', 'gt_score', 'gt_votes', 'eval_label')


@DATASETS.register_module()
class NoisyLabels(DerivedDataset):
    """Give a share of the images a wrong label.

    Whether an image is hit is drawn from the seed and its ``image_id`` (else
    ``img_path``) alone, each with probability ``fraction``: not from the
    order, the machine or the other images. An image hit at one fraction is
    hit at every larger one of the same seed, too.

    - ``symmetric``: the class changes places with another one, drawn
      uniformly from the rest, in ``gt_label``, ``gt_score``, ``gt_votes``
      and ``eval_label``. A soft label keeps its shape, and so its entropy.
    - ``permute``: the images hit pass these labels on among each other, in
      an order drawn by image id. The counts of the classes stay, and some
      images get their own class back.

    Every item tells by ``label_is_wrong`` whether its ``gt_label`` is another
    one than in the wrapped set.

    ``true_distribution``, known for drawn faces, stays true. Wrap the
    training set to train on wrong labels, the test set as well to be judged
    by them.

    Args:
        dataset (dict or BaseDataset): The set to change.
        fraction (float): Share of images to hit, in [0, 1]. Defaults to 0.
        seed (int): Seed of the draw. Defaults to 0.
        kind (str): ``symmetric`` or ``permute``. Defaults to 'symmetric'.
        labels (str, optional): A table with ``img_path`` (the image ids) and
            ``label``, ``vote_<class>`` or ``prob_<class>``, see
            :func:`read_soft_table`, instead of drawn noise. Images it does
            not name keep their labels. Defaults to None.
        **kwargs: As in :class:`DerivedDataset`.

    Raises:
        ValueError: If an option is not one of those above, both a fraction
            and a table are given, or the table names no image of the set.
    """

    note_key = 'label_noise'

    def __init__(self,
                 dataset: Any,
                 fraction: float = 0.,
                 seed: int = 0,
                 kind: str = 'symmetric',
                 labels: str | os.PathLike | None = None,
                 **kwargs: Any) -> None:
        if not 0 <= fraction <= 1:
            raise ValueError(f'NoisyLabels: fraction={fraction}; expected a '
                             'share from 0 to 1.')
        if labels is not None and fraction > 0:
            raise ValueError(f'NoisyLabels: both fraction={fraction} and '
                             f'labels={str(labels)!r}; give one of them.')
        check_choice('kind', kind, ('symmetric', 'permute'))
        self.fraction = fraction
        self.seed = seed
        self.kind = kind
        self.labels = labels
        super().__init__(dataset, **kwargs)

    def derive(self, items: list[dict]) -> tuple[list[dict], str]:
        """Change the labels."""
        before = self._classes_of(items)
        if self.labels is None:
            source = (f'{self.kind}, fraction {self.fraction:g}, seed '
                      f'{self.seed}')
            words = self._draw(items)
            apply = self._swap if self.kind == 'symmetric' else _pass_on
            apply(items, words)
        else:
            source = self._take_listed(items, self.labels)
        wrong = self._classes_of(items) != before
        for item, flag in zip(items, wrong.tolist()):
            item['label_is_wrong'] = flag
        changed, num = int(wrong.sum()), len(items)
        return items, (f'{changed:,} of {num:,} images '
                       f'({changed / max(num, 1):.2%}) have another label '
                       f'({source})')

    def _classes_of(self, items: list[dict]) -> np.ndarray:
        return np.array([single_label(item, 'NoisyLabels')
                         for item in items])

    def _draw(self, items: list[dict]) -> dict[int, int]:
        """Return a random word for each index that is hit."""
        words = {}
        for index, item in enumerate(items):
            name = image_id(item, 'NoisyLabels')
            key = Key(self.seed, name, 'label_noise', severity=0).word()
            hit, word = (int(w) for w in random_words(key, 2))
            if hit < self.fraction * 2**64:
                words[index] = word
        return words

    def _swap(self, items: list[dict], words: dict[int, int]) -> None:
        num_classes = len(self.CLASSES)
        for index, word in words.items():
            item = items[index]
            old = single_label(item, 'NoisyLabels')
            new = (old + 1 + word % (num_classes - 1)) % num_classes
            trade = {old: new, new: old}
            for key in ('gt_label', 'eval_label'):
                if key in item:
                    item[key] = trade.get(item[key], item[key])
            for key in ('gt_score', 'gt_votes'):
                if key in item:
                    values = np.array(item[key])
                    values[[old, new]] = values[[new, old]]
                    item[key] = values

    def _take_listed(self, items: list[dict],
                     path: str | os.PathLike) -> str:
        """Take the labels of a table; return what it is."""
        records = check_shares(fold_doubles(
            read_soft_table(path, classes=tuple(self.CLASSES))))
        targets = make_targets(records, self.CLASSES, 'raw', 'argmax')
        row_of = {path: row for row, path in enumerate(records.paths)
                  if targets.kept[row]}
        found = 0
        for item in items:
            row = row_of.get(image_id(item, 'NoisyLabels'))
            if row is None:
                continue
            found += 1
            # Votes of the old label would contradict the new one.
            item.pop('gt_votes', None)
            item.update(
                gt_label=int(targets.labels[row]),
                gt_score=targets.scores[row],
                eval_label=int(targets.eval_labels[row]))
            if targets.votes is not None:
                item['gt_votes'] = targets.votes[row]
        if not found:
            raise ValueError(
                f'{records.source} names none of the {len(items):,} images; '
                f'its first is {records.paths[0]!r}, the first of the data '
                f'set {image_id(items[0], "NoisyLabels")!r}. Write image ids '
                'into the column img_path.')
        return (f'{records.source}, {found:,} of its {len(row_of):,} images '
                'are in the set')


def _pass_on(items: list[dict], words: dict[int, int]) -> None:
    """Give every image hit the labels of the next one in a random order."""
    order = sorted(words, key=lambda index: words[index])
    labels = [{key: items[i][key] for key in _LABELS if key in items[i]}
              for i in order]
    for index, taken in zip(order, labels[1:] + labels[:1]):
        items[index].update(taken)
