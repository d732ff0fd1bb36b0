"""Whether a hook changes the weights that are trained."""

from __future__ import annotations

from typing import Any

from mmpretrain.registry import HOOKS


def affects_weights(kind: Any) -> bool:
    """Say whether weights depend on a hook.

    Args:
        kind (str or type): ``type`` of the hook's config.

    Returns:
        bool: False if the class says ``affects_weights = False``, that
        trained weights are the same with it up to round-off. Hooks of others
        say nothing, and count.
    """
    found = HOOKS.get(kind) if isinstance(kind, str) else kind
    return getattr(found, 'affects_weights', True)
