"""What an evaluation hands out."""

from __future__ import annotations

from dataclasses import dataclass, field

# Reasons several reports share.
NO_LABELS = 'no clean image has an evaluation label'
NO_VOTES = 'no clean image has votes to compare its prediction with'


@dataclass(frozen=True)
class Report:
    """Numbers of one family, and what could not be computed.

    Args:
        values (dict[str, float]): The figures a reader looks at first.
        details (dict[str, float]): Everything else, e.g. one value per
            corruption.
        notes (dict[str, str]): Reason for each part left out.
    """

    values: dict[str, float] = field(default_factory=dict)
    details: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
