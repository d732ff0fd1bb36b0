"""What the pictures of one split are, and how they relate to others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..table_checks import counted
from .copies import copies_across, copies_within
from .findings import Finding
from .known import KnownSplit
from .pictures import Picture


@dataclass(frozen=True)
class SplitCheck:
    """One split of a config.

    Args:
        split (str): 'train', 'val' or 'test'.
        data_fingerprint (str): Of the images with their labels, as results
            carry it.
        num_images (int): Images of the split.
        pictures (Mapping[str, Picture]): What was read, by image id; empty
            if the images are drawn and not read.
        known (KnownSplit | None): Figures of a complete copy.
        copies (Mapping[str, Mapping[str, list[str]]]): By other split, the
            images of this one that stand there too, with their copies.
    """

    split: str
    data_fingerprint: str
    num_images: int
    pictures: Mapping[str, Picture]
    known: KnownSplit | None = None
    copies: Mapping[str, Mapping[str, list[str]]] = field(
        default_factory=dict)

    @property
    def digests(self) -> dict[str, bytes]:
        """Hash of the pixels by image, of those that can be read."""
        return {image: picture.digest
                for image, picture in self.pictures.items()
                if picture.digest is not None}

    @property
    def unreadable(self) -> dict[str, str]:
        """Reason by image that cannot be read."""
        return {image: picture.error
                for image, picture in self.pictures.items() if picture.error}

    @property
    def kinds(self) -> dict[str, int]:
        """Images by size and mode, most frequent first."""
        return dict(Counter(
            picture.kind() for picture in self.pictures.values()
            if not picture.error).most_common())

    @property
    def pixel_fingerprint(self) -> str | None:
        """Hash of all pixels, in any order; None if nothing was read."""
        if not self.digests:
            return None
        lines = sorted(f'{image}\t{digest.hex()}'
                       for image, digest in self.digests.items())
        return hashlib.sha256('\n'.join(lines).encode()).hexdigest()[:16]

    def compare(self, other: SplitCheck) -> dict[str, list[str]]:
        """Find the images of this split that stand in another one too."""
        return copies_across(self.digests, other.digests)

    def findings(self) -> list[Finding]:
        """What was found in this split."""
        return [*self._broken(), *self._sizes(), *self._copies()]

    def _broken(self) -> list[Finding]:
        found = []
        if self.unreadable:
            image, reason = next(iter(self.unreadable.items()))
            found.append(Finding(
                self.split, f'{counted(len(self.unreadable), "image")} '
                f'cannot be read. {image}: {reason}',
                files=tuple(self.unreadable)))
        blank = tuple(image for image, picture in self.pictures.items()
                      if picture.blank)
        if blank:
            found.append(Finding(
                self.split, f'{counted(len(blank), "image")} of one single '
                'colour. Take them off the list.', files=blank))
        return found

    def _sizes(self) -> list[Finding]:
        if self.known is None or self.known.size is None:
            return []
        other = tuple(image for image, picture in self.pictures.items()
                      if not picture.error
                      and picture.size != self.known.size)
        if not other:
            return []
        size = 'x'.join(map(str, self.known.size))
        return [Finding(
            self.split, f'{counted(len(other), "image")} not of the official '
            f'{size} pixels. They were cropped, resized or exchanged by '
            'somebody.', files=other)]

    def _copies(self) -> list[Finding]:
        found = []
        groups = copies_within(self.digests)
        if groups:
            surplus = sum(map(len, groups)) - len(groups)
            found.append(Finding(
                self.split, f'{surplus:,} surplus copies: '
                f'{counted(len(groups), "picture")} several times, pixel for '
                'pixel.', wrong=False,
                files=tuple(name for group in groups for name in group)))
        for other, copies in self.copies.items():
            if copies:
                found.append(self._leak(other, copies))
        return found

    def _leak(self, other: str, copies: Mapping[str, list[str]]) -> Finding:
        text = (f'{len(copies):,} of {self.num_images:,} images also stand '
                f'in {other}, pixel for pixel')
        official = self.known.copies if self.known else {}
        if other not in official:
            return Finding(self.split, f'{text}. Take them out of one of the '
                           'two.', files=tuple(copies))
        limit = official[other]
        if limit is not None and len(copies) > limit:
            return Finding(self.split, f'{text}; the official copy has '
                           f'{limit:,}.', files=tuple(copies))
        text += ', as in the official copy'
        if limit is not None:
            text += f' ({limit:,} if complete)'
        if other == 'train':
            text += "; dedup='drop_from_eval' leaves them out"
        return Finding(self.split, f'{text}.', wrong=False,
                       files=tuple(copies))
