"""A test set together with its corrupted versions."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from mmengine.dataset import BaseDataset, Compose, force_full_init
from mmpretrain.registry import DATASETS

from uar_mmpretrain.corruptions import CLEAN, SEVERITIES, check_variant, names

from .transforms.corrupt import Corrupt


@DATASETS.register_module()
class CorruptionSuite:
    """Wrap a data set into clean + corruptions x severities.

    **Order and length.** With V variants (clean first, then corruption by
    corruption, each with all severities) and n images there are n V items.
    Item ``i`` is variant ``i % V`` of image ``i // V``: all variants of an
    image follow each other.

    **Speed.** The wrapped pipeline is split at its ``Corrupt`` transform.
    What comes before it (loading, and ``Resize`` if it stands there) runs
    once per image: its result is kept, for one image per worker, and every
    variant starts from a copy. A batch goes to one worker as a whole, so an
    image whose variants straddle two batches is decoded by both workers; a
    batch size that is a multiple of V avoids that. mmengine's samplers deal
    items out to processes one by one, so under distributed testing every
    process decodes every image. Transforms should not be random: those
    before ``Corrupt`` are drawn once per image.

    **Resuming.** The pixels of an item depend only on the image id, the
    corruption, the severity and ``Corrupt``'s seed and constants, not on what
    was loaded before: a stopped pass over the items goes on with
    ``torch.utils.data.Subset(suite, range(done, len(suite)))``, and
    :meth:`locate` says what an index stands for.

    Args:
        dataset (dict or BaseDataset): Config of the wrapped set, or the set.
            Its pipeline must contain ``Corrupt`` exactly once, on the top
            level; ``dict(type='Corrupt')`` with its seed and constants.
        corruptions (str or Sequence[str]): ``'all'``, ``'standard'``,
            ``'extra'`` or a list of names, in the order wanted. Defaults to
            'all'.
        severities (Sequence[int]): Defaults to (1, 2, 3, 4, 5).
        include_clean (bool): Whether the clean image is the first variant.
            Defaults to True.
        every (int): Take images 0, k, 2k, .. of the wrapped set. Defaults to
            1.
        lazy_init (bool): Whether to leave the annotations unread until they
            are needed. Defaults to False.

    Raises:
        TypeError: If ``dataset`` or a severity has the wrong type.
        ValueError: If a name, severity or ``every`` is not one that exists,
            something is listed twice, nothing is left, or the pipeline
            contains ``Corrupt`` not exactly once.
    """

    def __init__(self,
                 dataset: BaseDataset | dict,
                 corruptions: str | Sequence[str] = 'all',
                 severities: Sequence[int] = SEVERITIES,
                 include_clean: bool = True,
                 every: int = 1,
                 lazy_init: bool = False) -> None:
        if not isinstance(every, int) or every < 1:
            raise ValueError('CorruptionSuite: every must be an integer of at '
                             f'least 1, found {every!r}')
        self.variants = _list_variants(corruptions, severities, include_clean)
        self.every = every
        self.dataset = _build(dataset)
        self._once, self._per_variant = _split(self.dataset)
        self._cached: tuple[int, dict] | None = None
        self._fully_initialized = False
        if not lazy_init:
            self.full_init()

    @property
    def metainfo(self) -> dict:
        """dict: A copy of the wrapped set's meta information."""
        return copy.deepcopy(self.dataset.metainfo)

    def full_init(self) -> None:
        """Read the annotations of the wrapped set."""
        if self._fully_initialized:
            return
        self.dataset.full_init()
        # Rounded up: image 0 is always taken.
        self._num_images = -(-len(self.dataset) // self.every)
        self._fully_initialized = True

    @force_full_init
    def get_data_info(self, idx: int) -> dict:
        """Get the annotation of one item.

        Args:
            idx (int): Index of the item.

        Returns:
            dict: The image's annotation in the wrapped set, with
            ``corruption`` (str) and ``severity`` (int). ``sample_idx``
            stays the image's index in the wrapped set.

        Raises:
            IndexError: If there is no such item.
        """
        image, *variant = self.locate(idx)
        info = self.dataset.get_data_info(image)
        return _marked(info, variant)

    @force_full_init
    def __len__(self) -> int:
        return self._num_images * len(self.variants)

    @force_full_init
    def __getitem__(self, idx: int) -> Any:
        image, *variant = self.locate(idx)
        # A later transform may write into the arrays it is given.
        results = _marked(copy.deepcopy(self._load(image)), variant)
        item = self._per_variant(results)
        if item is None:
            raise ValueError(self._nothing_left(image, 'after'))
        return item

    def __repr__(self) -> str:
        return (f'{type(self).__name__} of {len(self.variants)} variants per '
                f'image, every={self.every}, around {self.dataset!r}')

    @force_full_init
    def locate(self, idx: int) -> tuple[int, str, int]:
        """Tell which variant of which image an item is.

        Args:
            idx (int): Index of the item.

        Returns:
            tuple[int, str, int]: Index of the image in the wrapped set,
            corruption, severity.

        Raises:
            IndexError: If there is no such item.
        """
        if not 0 <= idx < len(self):
            raise IndexError(f'CorruptionSuite: index {idx} is out of range '
                             f'for {len(self)} items')
        image, variant = divmod(int(idx), len(self.variants))
        return image * self.every, *self.variants[variant]

    def _load(self, image: int) -> dict:
        """Results of the part before ``Corrupt``, from the one-image cache."""
        if self._cached is None or self._cached[0] != image:
            results = self._once(self.dataset.get_data_info(image))
            if results is None:
                raise ValueError(self._nothing_left(image, 'before'))
            self._cached = (image, results)
        return self._cached[1]

    def _nothing_left(self, image: int, where: str) -> str:
        info = self.dataset.get_data_info(image)
        return ('CorruptionSuite: a transform '
                f'{where} Corrupt returned None for image {image} '
                f"({info.get('img_path', info.get('image_id'))}); a test "
                'pipeline must return every image')


def _list_variants(corruptions: str | Sequence[str],
                   severities: Sequence[int],
                   include_clean: bool) -> tuple[tuple[str, int], ...]:
    chosen = (
        names(corruptions) if isinstance(corruptions, str) else corruptions)
    if isinstance(severities, int):
        raise TypeError('CorruptionSuite: severities must be a list such as '
                        f'[{severities}], found {severities}')
    if CLEAN in chosen:
        raise ValueError("CorruptionSuite: 'clean' is not a corruption; use "
                         'include_clean')
    variants = [(name, level) for name in chosen for level in severities]
    for name, level in variants:
        check_variant(name, level)
    if include_clean:
        variants.insert(0, (CLEAN, 0))
    if not variants:
        raise ValueError('CorruptionSuite: nothing to do: no corruption, or '
                         'no severity, and include_clean=False')
    twice = sorted({v for v in variants if variants.count(v) > 1})
    if twice:
        raise ValueError('CorruptionSuite: listed more than once: ' +
                         ', '.join(f'{n} {s}' for n, s in twice))
    return tuple(variants)


def _build(dataset: BaseDataset | dict) -> BaseDataset:
    if isinstance(dataset, dict):
        dataset = DATASETS.build(dataset)
    if not isinstance(dataset, BaseDataset):
        raise TypeError(
            'CorruptionSuite: dataset must be a config or an instance of '
            f'BaseDataset, found {type(dataset).__name__}; wrap the data sets '
            'inside a wrapper one by one')
    return dataset


def _split(dataset: BaseDataset) -> tuple[Compose, Compose]:
    """Split the pipeline in front of its ``Corrupt`` transform."""
    transforms = dataset.pipeline.transforms
    places = [i for i, t in enumerate(transforms) if isinstance(t, Corrupt)]
    if len(places) != 1:
        listed = ', '.join(type(t).__name__ for t in transforms) or 'nothing'
        raise ValueError(
            'CorruptionSuite: the pipeline of the wrapped data set must '
            "contain dict(type='Corrupt') exactly once, on the top level and "
            f'before the image stops being uint8; found {len(places)} in: '
            f'{listed}')
    return Compose(transforms[:places[0]]), Compose(transforms[places[0]:])


def _marked(info: dict, variant: Sequence[Any]) -> dict:
    info['corruption'], info['severity'] = variant
    return info
