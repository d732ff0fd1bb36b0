"""FER+ (FERPlus): faces of FER2013 with ten crowd votes each."""

from __future__ import annotations

from collections.abc import Sequence

from mmpretrain.registry import DATASETS

from .duplicates import find_copies
from .ferplus_files import FERPlusLayout, read_ferplus, split_folder
from .records import LabelRecords
from .soft_label import SoftLabelDataset
from .table_checks import check_choice, some


@DATASETS.register_module()
class FERPlus(SoftLabelDataset):
    """FER+ in any of the three layouts in use, told apart by what is there.

    ::

        A  <root>/FER2013Train/*.png  <root>/FER2013Train/label.csv  (and
           fer2013new.csv, optional)
        B  <root>/FER2013Train/*.png  <root>/fer2013new.csv
        C  <root>/Images/FER2013Train/*.png
           <root>/Labels/FER2013Train/label.csv

    ``label.csv`` is preferred: ``fer2013new.csv`` gives every pixel-identical
    copy of a picture the votes of its first copy, ``label.csv`` each its own.

    Args:
        data_root: Folder of the data set.
        split: ``train``, ``val`` (PublicTest) or ``test`` (PrivateTest).
        label_rule: Rule of the training target, see
            :func:`apply_label_rule`.
        eval_rule: Rule of ``eval_label``. The official reader judges by
            ``official_majority`` whatever it trains on.
        label_file: ``auto``, ``label.csv`` or ``fer2013new.csv``.
        dedup: ``report`` says how many images of this split have a
            pixel-identical copy in the training split (for ``train``: within
            it); ``drop_from_eval`` also leaves them out of ``val`` and
            ``test``; ``off`` does not look. Looking decodes the images of
            both splits, a few seconds.
        **kwargs: As for :class:`SoftLabelDataset`: ``classes``, ``ties``,
            ``on_missing``, ``pipeline``, ``test_mode``, ...

    References:
        E. Barsoum et al., "Training Deep Networks for Facial Expression
        Recognition with Crowd-Sourced Label Distribution", ICMI 2016.
    """

    def __init__(self,
                 data_root: str,
                 split: str = 'train',
                 label_rule: str = 'raw',
                 eval_rule: str = 'official_majority',
                 label_file: str = 'auto',
                 dedup: str = 'report',
                 classes: int | Sequence[str] | None = None,
                 **kwargs) -> None:
        check_choice('split', split, ('train', 'val', 'test'))
        check_choice('label_file', label_file,
                      ('auto', 'label.csv', 'fer2013new.csv'))
        check_choice('dedup', dedup, ('off', 'report', 'drop_from_eval'))
        self.label_file = label_file
        self.dedup = dedup
        self._layout: FERPlusLayout | None = None
        super().__init__(
            data_root=data_root,
            split=split,
            label_rule=label_rule,
            eval_rule=eval_rule,
            classes=classes,
            **kwargs)

    def read_records(self) -> LabelRecords:
        """Read ``label.csv`` or ``fer2013new.csv``."""
        self._layout = FERPlusLayout.detect(self.data_root, self.split,
                                            self.label_file)
        self._metainfo['layout'] = self._layout.name
        return read_ferplus(self._layout, self.split)

    def label_path(self) -> str:
        """Path of the label file in use."""
        return str(self._layout.label_path)

    def title(self) -> str:
        """First words of the summary; says which layout was found."""
        return f'{super().title()} (layout {self._layout.name})'

    def filter_records(self, records: LabelRecords) -> LabelRecords:
        """Look for pixel-identical copies.

        Raises:
            FileNotFoundError, ValueError: If copies are to be left out, but
                the training images are not there or one does not decode.
        """
        if self.dedup == 'off':
            return records
        folder = self._layout.image_folder
        train = folder.replace(split_folder(self.split), split_folder('train'))
        try:
            copies = find_copies(self.data_root, records.paths, train)
        except (OSError, ValueError) as error:
            if self.dedup == 'report':
                return records.with_notes(f'not compared with {train}: '
                                          f'{error}')
            raise type(error)(
                f"dedup='drop_from_eval' compares with {train}: {error} "
                "dedup='off' does not look.") from error
        note = (f'{copies.sum():,} of {len(copies):,} images have a '
                f'pixel-identical copy in {train}')
        if self.dedup == 'report' or self.split == 'train':
            return records.with_notes(f'{note}.' if self.split == 'train' else
                                      f"{note}; dedup='drop_from_eval' leaves "
                                      'them out.')
        names = [path for path, copy in zip(records.paths, copies) if copy]
        return records.take(~copies).with_notes(
            f'{note} and were left out: {some(names)}.')
