"""Options of an ensemble that must agree with its members."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from ..stacked import stacking_obstacle


def check_batched(batched: bool | str, configs: Sequence[dict],
                  members: Sequence[nn.Module],
                  channels: Sequence[dict]) -> bool | str:
    """Return ``batched``, or False where 'auto' cannot be True."""
    if not isinstance(batched, bool) and batched != 'auto':
        raise ValueError(f"batched={batched!r}; expected True, False or "
                         "'auto'.")
    obstacle = stacking_obstacle(configs, members)
    if channels:
        obstacle = ('channels look into each member. Set batched=False, or '
                    'channels=[].')
    if batched is True and obstacle:
        raise ValueError('batched=True runs all members as one network, but '
                         f'{obstacle}')
    return False if obstacle else batched


def shared_preprocessor(given: dict | None, members: Sequence[dict]) -> dict:
    """Return the one preprocessor config; members see its output only."""
    kind = dict(type='ClsDataPreprocessor')
    own = [{**kind, **member['data_preprocessor']}
           for member in members if member.get('data_preprocessor')]
    shared = {**kind, **(given or (own[0] if own else {}))}
    for one in own:
        if one != shared:
            raise ValueError(
                f'a member has data_preprocessor {one}, the ensemble '
                f'{shared}. All members see the same images: use members '
                'trained with one data_preprocessor.')
    return shared
