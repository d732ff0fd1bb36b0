"""Members that a model left out, left out of the whole test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def excluded_members(
        rows: Sequence[Mapping]) -> tuple[list[int], str | None]:
    """Find the members that are left out, and write it down.

    Every image of a test is judged by the same members: one left out of an
    image is left out of all.

    Args:
        rows (Sequence[Mapping]): All rows, with ``image_id``,
            ``member_scores`` ``(M, C)`` and ``excluded``, the numbers of the
            members left out of this row.

    Returns:
        tuple[list[int], str | None]: Their numbers, and what is said of
        them in the results; nothing if there are none. The same for any
        order of the rows.

    Raises:
        ValueError: If fewer than two members remain.
    """
    found: dict[int, list[str]] = {}
    for row in rows:
        for member in row['excluded']:
            found.setdefault(member, []).append(row['image_id'])
    if not found:
        return [], None
    number = len(rows[0]['member_scores'])
    text = '; '.join(
        f'member {member} of {number} gave outputs that are not finite for '
        f'{len(images)} of {len(rows)} rows (first image: {min(images)!r})'
        for member, images in sorted(found.items()))
    left = [str(m) for m in range(number) if m not in found]
    if len(left) < 2:
        raise ValueError(f'{text}; fewer than two members are left, which '
                         'have no epistemic part. Train them again.')
    return sorted(found), (
        f'{text}; left out of all rows, and the members {", ".join(left)} '
        "numbered anew (on_nonfinite='exclude'). A router was calibrated "
        'with all members')
