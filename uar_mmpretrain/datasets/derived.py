"""A data set made of the items of another one."""

from __future__ import annotations

from abc import abstractmethod

from mmengine.dataset import BaseDataset as AnyDataset
from mmengine.logging import print_log
from mmpretrain.datasets import BaseDataset
from mmpretrain.registry import DATASETS


class DerivedDataset(BaseDataset):
    """Base of the data sets that choose or change the items of another.

    It is an ordinary data set: ``CorruptionSuite``, mmengine's wrappers and
    another derived data set take it as one. Meta information and pipeline
    are those of the wrapped set; what was done to the items stands in
    ``metainfo`` under :attr:`note_key`, in the log, and in the ``summary``
    where the wrapped set has one.

    Args:
        dataset (dict or BaseDataset): Config of the wrapped set, or the set.
        lazy_init (bool): Whether to leave the annotations unread until they
            are needed. Defaults to False.

    Raises:
        TypeError: If ``dataset`` is neither.
    """

    note_key = ''

    def __init__(self,
                 dataset: AnyDataset | dict,
                 lazy_init: bool = False) -> None:
        if isinstance(dataset, dict):
            dataset = DATASETS.build(dataset)
        if not isinstance(dataset, AnyDataset):
            raise TypeError(
                f'{type(self).__name__}: dataset must be a config or an '
                f'instance of BaseDataset, found {type(dataset).__name__}; '
                'put this one inside that wrapper')
        self.dataset = dataset
        # In test mode an item that a transform refuses is an error; else
        # mmengine would train on a random other one without a word.
        super().__init__(
            ann_file='',
            pipeline=dataset.pipeline.transforms,
            test_mode=True,
            lazy_init=True)
        self._metainfo = dataset.metainfo
        if not lazy_init:
            self.full_init()

    def load_data_list(self) -> list[dict]:
        """Take the items of the wrapped set; called by ``full_init``."""
        self.dataset.full_init()
        # Only now does the wrapped set know its counts.
        self._metainfo = self.dataset.metainfo
        items = [self.dataset.get_data_info(i)
                 for i in range(len(self.dataset))]
        items, note = self.derive(items)
        self._metainfo[self.note_key] = note
        print_log(f'{type(self).__name__}: {note}', 'current')
        if 'summary' in self._metainfo:
            self._metainfo['summary'] += f'\n{type(self).__name__}: {note}'
        return items

    @abstractmethod
    def derive(self, items: list[dict]) -> tuple[list[dict], str]:
        """Choose or change items.

        Args:
            items (list[dict]): Annotations of the wrapped set, copies.

        Returns:
            tuple[list[dict], str]: The items to use, and what was done, in a
            few words.
        """


def single_label(item: dict, what: str) -> int:
    """Return the class of an item.

    Args:
        item (dict): Annotation of one image.
        what (str): Who asks, for the message.

    Raises:
        ValueError: If it has no ``gt_label``, or several.
    """
    label = item.get('gt_label')
    try:
        return int(label)  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(
            f'{what}: image {image_id(item, what)!r} has gt_label={label!r}; '
            'expected one class index per image.') from error


def image_id(item: dict, what: str) -> str:
    """Return what names an item's image, the same on every machine.

    Args:
        item (dict): Annotation of one image.
        what (str): Who asks, for the message.

    Raises:
        KeyError: If it has neither ``image_id`` nor ``img_path``.
    """
    for key in ('image_id', 'img_path'):
        if key in item:
            return str(item[key])
    raise KeyError(f'{what}: an item has neither image_id nor img_path but '
                   f'{sorted(item)}; its data set must name its images.')
