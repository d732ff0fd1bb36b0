"""AffectNet: web faces with one human label each."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mmpretrain.registry import DATASETS

from .affectnet_files import find_release, read_csv_release, read_npy_release
from .held_out import HeldOut
from .records import LabelRecords
from .soft_label import SoftLabelDataset
from .table_checks import check_choice


@DATASETS.register_module()
class AffectNet(SoftLabelDataset):
    """AffectNet in its two releases, told apart by what is there.

    ::

        csv  <root>/Manually_Annotated_file_lists/training.csv validation.csv
             <root>/Manually_Annotated_Images/<dir>/<hash>.<ext>
        npy  <root>/train_set/images/<id>.jpg
             <root>/train_set/annotations/<id>_exp.npy      (and val_set)

    Labels are hard: ``gt_score`` is one-hot and there are no ``gt_votes``.
    Rows of the csv labelled 8 (none), 9 (uncertain) or 10 (no face) are
    counted and left out. Items of the csv release carry the face ``box``
    (x1, y1, x2, y2) in pixels of the full image, to be cut out by
    :class:`CropBox`. The test set is not released and everyone reports on
    the official validation set: it is ``test`` here, and ``val`` is a part
    of the training images, so that nothing is calibrated on what is reported.

    Args:
        data_root: Folder of the data set.
        split: ``train``, ``val``, ``trainval`` (both) or ``test`` (the
            official validation set).
        val_fraction: Share of every class that goes to ``val``, in (0, 1).
        val_seed: Seed of the draw.
        release: ``auto``, ``csv`` or ``npy``.
        num_classes: 8, or 7 to leave contempt out.
        **kwargs: As for :class:`SoftLabelDataset`, without ``classes``.

    References:
        A. Mollahosseini, B. Hasani, M. H. Mahoor, "AffectNet: A Database for
        Facial Expression, Valence, and Arousal Computing in the Wild", IEEE
        Transactions on Affective Computing 10(1), 2019.
    """

    def __init__(self,
                 data_root: str,
                 split: str = 'train',
                 val_fraction: float = 0.1,
                 val_seed: int = 0,
                 release: str = 'auto',
                 num_classes: int = 8,
                 **kwargs) -> None:
        check_choice('split', split, ('train', 'val', 'trainval', 'test'))
        check_choice('release', release, ('auto', 'csv', 'npy'))
        check_choice('num_classes', num_classes, (7, 8))
        self.held_out = HeldOut(val_fraction, val_seed)
        self.release = release
        self._label_path = ''
        super().__init__(
            data_root=data_root, split=split, classes=num_classes, **kwargs)

    def read_records(self) -> LabelRecords:
        """Read the csv list, or the npy file of every image."""
        root = Path(self.data_root)
        folder = 'val' if self.split == 'test' else 'train'
        release, path = find_release(root, folder, self.release)
        self._metainfo['release'] = release
        self._label_path = str(path)
        reader = read_csv_release if release == 'csv' else read_npy_release
        return self.held_out.take(
            reader(root, path), self.split, self._metainfo)

    def label_path(self) -> str:
        """The csv list, or the folder of npy files."""
        return self._label_path

    def label_digest(self, records: LabelRecords) -> str:
        """SHA-256 of the csv list; of paths and labels of the npy files."""
        if self._metainfo['release'] == 'csv':
            return super().label_digest(records)
        lines = [f'{p} {x}' for p, x in zip(records.paths, records.labels)]
        return hashlib.sha256('\n'.join(lines).encode()).hexdigest()

    def title(self) -> str:
        """First words of the summary; says which release was found."""
        return f'{super().title()} ({self._metainfo["release"]} release)'
