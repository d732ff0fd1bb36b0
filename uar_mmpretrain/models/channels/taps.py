"""Recording inner layers of the members while they run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Callable

import torch
from torch import nn

from ...uncertainty.channels import INPUT_STATISTICS, feature_statistics


class FeatureTaps:
    """Statistics of named layers, through forward hooks.

    Hooks exist only while something is recorded: nothing else pays for them.
    Extra tokens of a transformer (class token, registers) are left out.

    Args:
        members (nn.ModuleList): M classifiers.
        layers (Sequence[str]): Names of modules in each of them, or of
            :data:`INPUT_STATISTICS`.

    Raises:
        ValueError: If a member has no such module.
    """

    def __init__(self, members: nn.ModuleList, layers: Sequence[str]) -> None:
        self.members = members
        self.inputs = [one for one in layers if one in INPUT_STATISTICS]
        self.layers = [one for one in layers if one not in INPUT_STATISTICS]
        for layer in self.layers:
            for m, member in enumerate(members):
                _check_layer(layer, member, m)

    @contextmanager
    def record(
            self, images: torch.Tensor
    ) -> Iterator[dict[str, list[torch.Tensor]]]:
        """Record one forward pass of all members over the images.

        Args:
            images (torch.Tensor): ``(N, K, H, W)`` preprocessed images.

        Yields:
            dict[str, list[torch.Tensor]]: Complete after the pass: by layer,
            one ``(N, D)`` tensor per member; by input statistic, one in all.

        Raises:
            ValueError: If a layer did not run in the pass.
        """
        # What is small here would vanish in mixed precision.
        with torch.autocast(images.device.type, enabled=False):
            features = {name: [INPUT_STATISTICS[name](images)]
                        for name in self.inputs}
        found: list[dict[str, torch.Tensor]] = [{} for _ in self.members]
        handles = []
        try:
            for layer in self.layers:
                for member, out in zip(self.members, found):
                    handles.append(
                        member.get_submodule(layer).register_forward_hook(
                            _recorder(out, layer, _extra_tokens(member))))
            yield features
        finally:
            for handle in handles:
                handle.remove()
        for layer in self.layers:
            if not all(layer in out for out in found):
                raise ValueError(f'layer {layer!r} did not run; name one '
                                 'that every image passes.')
            features[layer] = [out[layer] for out in found]


def _recorder(found: dict[str, torch.Tensor], layer: str,
              extra_tokens: int) -> Callable:

    def hook(module: nn.Module, args: Any, output: Any) -> None:
        if isinstance(output, (tuple, list)):
            output = output[-1]
        if output.ndim == 3:
            output = output[:, extra_tokens:]
        # At once: the next layer may overwrite it in place.
        found[layer] = feature_statistics(output)

    return hook


def _extra_tokens(member: nn.Module) -> int:
    return getattr(getattr(member, 'backbone', None), 'num_extra_tokens', 0)


def _check_layer(layer: str, member: nn.Module, number: int) -> None:
    module, path = member, ''
    for part in layer.split('.'):
        children = dict(module.named_children())
        if part not in children:
            raise ValueError(
                f'a channel asks for layer {layer!r}, but member {number} '
                f'has no {part!r} in {path or "itself"}; there are '
                f'{", ".join(children) or "no modules"}. The image itself '
                f'has {", ".join(INPUT_STATISTICS)}.')
        module, path = children[part], f'{path}.{part}'.lstrip('.')
