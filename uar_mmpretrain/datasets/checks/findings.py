"""One thing that a check of data found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was found where.

    Args:
        where (str): Split, or label file.
        text (str): What was found and what to do, without the file names.
        wrong (bool): Whether results on such data should not be trusted;
            False for a remark.
        files (tuple[str, ...]): Images it is about.
    """

    where: str
    text: str
    wrong: bool = True
    files: tuple[str, ...] = ()
