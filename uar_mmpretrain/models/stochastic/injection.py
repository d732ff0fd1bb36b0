"""Making layers of a built network stochastic, chosen by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import mmcv.cnn
from torch import nn

from .dropconnect import DropConnectConv2d, DropConnectLinear
from .dropout import DropoutConv2d, DropoutLinear, MCDropout, MCDropout2d
from .layer import StochasticLayer, check_rate

# By exact type: a subclass may compute something else.
_LAYERS: dict[str, dict[type, type]] = {
    'Dropout': {
        nn.Linear: DropoutLinear,
        mmcv.cnn.Linear: DropoutLinear,
        nn.Conv2d: DropoutConv2d,
        mmcv.cnn.Conv2d: DropoutConv2d,
        nn.Dropout: MCDropout,
        mmcv.cnn.bricks.Dropout: MCDropout,
        nn.Dropout2d: MCDropout2d,
    },
    'DropConnect': {
        nn.Linear: DropConnectLinear,
        mmcv.cnn.Linear: DropConnectLinear,
        nn.Conv2d: DropConnectConv2d,
        mmcv.cnn.Conv2d: DropConnectConv2d,
    },
}
_KEYS = {'type', 'p', 'modules'}


def inject_stochastic_layers(model: nn.Module,
                             rules: Sequence[Mapping[str, Any]]) -> list[str]:
    """Make the named layers stochastic, in place.

    The layers keep their weights and the names of these, so checkpoints of
    the plain network load into the stochastic one and the other way round.

    Args:
        model (nn.Module): Any network.
        rules (Sequence[Mapping]): Each with

            - ``type``: 'Dropout' (on the input of a linear layer or a
              convolution, or in place of a dropout layer) or 'DropConnect';
            - ``modules``: a regular expression, or several, for whole names
              as ``model.named_modules()`` gives them;
            - ``p``: share that is dropped; a dropout layer has its own if
              none is given.

    Returns:
        list[str]: Names of the layers that are stochastic now.

    Raises:
        ValueError: If a rule is incomplete or unknown, a pattern matches
            nothing it could be applied to, or a layer is matched twice.
    """
    names: list[str] = []
    for rule in rules:
        kinds = _check_rule(rule)
        patterns = rule['modules']
        patterns = [patterns] if isinstance(patterns, str) else patterns
        for pattern in patterns:
            found = _match(model, pattern, kinds, rule['type'])
            for name, module in found.items():
                _convert(name, module, kinds, rule.get('p'))
            names += found
    return names


def _check_rule(rule: Mapping[str, Any]) -> dict[type, type]:
    if rule.get('type') not in _LAYERS or not rule.get('modules'):
        raise ValueError(
            f'{dict(rule)} says no stochastic layers; expected type (one of '
            f"{', '.join(_LAYERS)}) and modules, e.g. dict(type='Dropout', "
            "p=0.2, modules=['head.fcs.0']).")
    unknown = sorted(set(rule) - _KEYS)
    if unknown:
        raise ValueError(f'{dict(rule)} has unknown keys '
                         f'{", ".join(unknown)}; expected '
                         f'{", ".join(sorted(_KEYS))}.')
    return _LAYERS[rule['type']]


def _match(model: nn.Module, pattern: str, kinds: Mapping[type, type],
           kind: str) -> dict[str, nn.Module]:
    modules = dict(model.named_modules())
    matched = {name: module for name, module in modules.items()
               if re.fullmatch(pattern, name)}
    twice = [name for name, module in matched.items()
             if isinstance(module, StochasticLayer)]
    if twice:
        raise ValueError(f'{pattern!r} matches {twice[0]}, which is '
                         'stochastic already. Let each layer match once.')
    found = {name: module for name, module in matched.items()
             if type(module) in kinds}
    if not found:
        candidates = dict.fromkeys(
            re.sub(r'\d+', r'\\d+', name) for name, module in modules.items()
            if type(module) in kinds)
        raise ValueError(
            f'{pattern!r} matches no layer that {kind} can be applied to. '
            'It has to match a whole name; there are (as patterns) '
            f'{", ".join(candidates) or "none in this model"}.')
    return found


def _convert(name: str, module: Any, kinds: Mapping[type, type],
             p: float | None) -> None:
    p = getattr(module, 'p', None) if p is None else p
    if p is None:
        raise ValueError(f'no p for {name}: the rule has none, and a '
                         f'{type(module).__name__} neither.')
    # As torch's own parametrisations do it: weights, hooks and references
    # from elsewhere stay.
    module.__class__ = kinds[type(module)]
    module.p = check_rate(p)
