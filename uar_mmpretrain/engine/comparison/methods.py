"""Which methods are compared, and the config of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmengine.config import Config

_NEEDED = {'name', 'config'}
_ALLOWED = {'cfg_options', 'train_dir', 'weights'}


@dataclass(frozen=True)
class Weights:
    """Weights that another method trains.

    A config without ``ensemble`` is tested with them. One with an
    ``ensemble`` starts from them as its member 0: nothing is trained again,
    but further scores and the router are fitted.

    Args:
        method (str): Its name.
        file (str): Path in its training folder, e.g.
            'member_0/member.pth'.
        all_members (bool): Judge every member of that method, an ensemble,
            by the predictions of its test, and average. What is tested here
            then tells the costs.
    """

    method: str
    file: str
    all_members: bool = False


@dataclass(frozen=True)
class Method:
    """One row of the comparison.

    Args:
        name (str): What the table calls it.
        config (str): Config file, trained and tested by the ordinary tools.
        overrides (tuple[Mapping[str, Any], ...]): Options of that config,
            later ones win.
        train_dir (str | None): Folder it is, or was, trained in; by default
            one of the comparison's own.
        weights (Weights | None): Taken instead of training.
    """

    name: str
    config: str
    overrides: tuple[Mapping[str, Any], ...] = ()
    train_dir: str | None = None
    weights: Weights | None = None

    @property
    def folder(self) -> str:
        """Name of its folder: small letters, digits and hyphens."""
        return re.sub(r'[^a-z0-9]+', '-', self.name.lower()).strip('-')


def read_methods(cfg: Mapping[str, Any]) -> list[Method]:
    """Read the list of methods.

    Args:
        cfg (Mapping[str, Any]): A comparison's config: ``methods``, each a
            dict of name, config and any of ``cfg_options`` (overrides of its
            config), ``train_dir`` and ``weights`` (see :class:`Method`);
            and ``shared_options``, overrides for all of them.

    Returns:
        list[Method]: In the order of the table.

    Raises:
        ValueError: If there is none, a key is unknown or missing, two would
            share a folder, or weights are taken from a method that does not
            train before.
    """
    listed = cfg.get('methods')
    if not listed:
        raise ValueError('the config lists no `methods`; expected e.g. '
                         "methods = [dict(name='LDL', config='FILE')].")
    methods: list[Method] = []
    for entry in listed:
        method = _read_method(entry, cfg.get('shared_options') or {})
        _check(method, methods)
        methods.append(method)
    return methods


def _read_method(entry: Mapping[str, Any],
                 shared: Mapping[str, Any]) -> Method:
    missing, unknown = _NEEDED - {*entry}, {*entry} - _NEEDED - _ALLOWED
    if missing or unknown:
        raise ValueError(
            f'method {entry.get("name", "without a name")!r}: missing '
            f'{sorted(missing)}, unknown {sorted(unknown)}; expected '
            f'{sorted(_NEEDED)} and any of {sorted(_ALLOWED)}.')
    weights = entry.get('weights')
    return Method(
        entry['name'], entry['config'],
        (dict(shared), dict(entry.get('cfg_options') or {})),
        entry.get('train_dir'), Weights(**weights) if weights else None)


def _check(method: Method, before: Sequence[Method]) -> None:
    if method.folder in {'', *(other.folder for other in before)}:
        raise ValueError(f'the folder of method {method.name!r} would be '
                         f'{method.folder!r}; expected a name that differs '
                         'in letters or digits from all others.')
    if method.weights is None:
        return
    trained = [other.name for other in before if other.weights is None]
    if method.weights.method not in trained:
        raise ValueError(
            f'method {method.name!r} takes the weights of '
            f'{method.weights.method!r}; expected one that trains before it: '
            f'{", ".join(trained) or "there is none"}.')
    if method.train_dir is not None:
        raise ValueError(f'method {method.name!r} has both weights of '
                         'another one and a train_dir; give one of them.')


def method_config(method: Method) -> Config:
    """Read the config a method is trained and tested with.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    if not Path(method.config).is_file():
        raise FileNotFoundError(
            f'no config at {method.config}. Run from the root of the clone, '
            'or correct the path.')
    cfg = Config.fromfile(method.config)
    for options in method.overrides:
        cfg.merge_from_dict(dict(options))
    return cfg


def forward_passes(cfg: Config) -> int:
    """Return how many network evaluations one test image takes.

    Members of an ensemble, passes of a stochastic network, else one. Passes
    that share a cached part of the network count as whole ones.
    """
    ensemble = cfg.get('ensemble') or {}
    members = len(ensemble.get('checkpoints') or []) or ensemble.get(
        'num_members', 1)
    return int(members * cfg.model.get('num_passes', 1))
