"""What an evaluation hands out."""

from __future__ import annotations

from dataclasses import dataclass, field


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
