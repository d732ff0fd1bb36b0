"""Images with the same pixels, within a split and across splits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping


def copies_within(digests: Mapping[str, Hashable]) -> list[list[str]]:
    """Group the images that have the same pixels.

    Args:
        digests (Mapping[str, Hashable]): Digest of the pixels by image.

    Returns:
        list[list[str]]: Groups of at least two, images and groups sorted.
    """
    return sorted(sorted(group) for group in _by_digest(digests).values()
                  if len(group) > 1)


def copies_across(digests: Mapping[str, Hashable],
                  others: Mapping[str, Hashable]) -> dict[str, list[str]]:
    """Find the images whose pixels also stand in another split.

    Args:
        digests (Mapping[str, Hashable]): Digest of the pixels by image.
        others (Mapping[str, Hashable]): The same of the other split.

    Returns:
        dict[str, list[str]]: Their copies there, by image of this split.

    Example:
        >>> copies_across({'v1': 7, 'v2': 8}, {'t1': 8, 't2': 9, 't3': 8})
        {'v2': ['t1', 't3']}
    """
    there = _by_digest(others)
    return {image: sorted(there[digest])
            for image, digest in sorted(digests.items()) if digest in there}


def _by_digest(digests: Mapping[str, Hashable]) -> dict[Hashable, list[str]]:
    groups = defaultdict(list)
    for image, digest in digests.items():
        groups[digest].append(image)
    return dict(groups)
