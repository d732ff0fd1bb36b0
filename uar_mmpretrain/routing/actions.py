"""What can be done with an image."""

from __future__ import annotations

from enum import IntEnum


class Action(IntEnum):
    """The three actions of uncertainty-aware routing (arXiv 2606.22725).

    ``ACCEPT``: classify as usual. ``REPORT``: the face is ambiguous, hand out
    its label distribution. ``REJECT``: the input is out of distribution.
    """

    ACCEPT = 0
    REPORT = 1
    REJECT = 2
