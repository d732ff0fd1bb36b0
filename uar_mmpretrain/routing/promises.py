"""What the promises of a router have in common."""

from __future__ import annotations

import math

PROMISES = ('quantile', 'rejection', 'risk')


class PromiseError(ValueError):
    """No threshold keeps the promise on so few, or such, images."""


def check_share(name: str, value: float) -> None:
    """Raise ValueError unless the value is strictly between 0 and 1."""
    if not 0 < value < 1:
        raise ValueError(f'{name} is {value}; expected a share between 0 '
                         'and 1.')


def fewest_images(rate: float, delta: float) -> int:
    """Images without any event that rule out a rate above ``rate``.

    The smallest n with ``(1 - rate)^n <= delta``: the Clopper-Pearson bound
    for no events among n.

    Args:
        rate (float): Rate to rule out, in (0, 1).
        delta (float): Allowed probability of being wrong, in (0, 1).

    Returns:
        int: n.
    """
    # Rounded first: 0.5^n <= 0.25 is met by n = 2, not by 3.
    return math.ceil(round(math.log(delta) / math.log1p(-rate), 9))
