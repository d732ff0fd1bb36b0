"""Many images -> decisions, in batches that no bad file ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from .decision import Decision, Decisions
from .inputs import Item


def decide_all(items: Iterable[Item],
               prepare: Callable[[Any], Any],
               decide: Callable[[list[Item]], Iterable[Decision]],
               batch_size: int = 32,
               progress: bool = True) -> Decisions:
    """Decide about all images, in batches, under a progress bar.

    Only the prepared images of one batch are held in memory.

    Args:
        items (Iterable[Item]): Images or errors; with a length, the bar
            shows how much is left.
        prepare (Callable): ``(H, W, 3)`` uint8 BGR image -> input of the
            model. What it raises becomes the error of this image.
        decide (Callable): Items whose ``image`` is what ``prepare`` made of
            it -> one decision each. Where it raises ValueError, the images
            of the batch are decided one by one, and those it fails for have
            the error.
        batch_size (int): Images per batch, at least 1.
        progress (bool): Whether to show the bar, on the error stream.

    Returns:
        Decisions: One per item, in their order.

    Raises:
        ValueError: If the batch size is not positive.
    """
    if batch_size < 1:
        raise ValueError(f'batch_size is {batch_size}; expected at least 1.')
    ready = (_prepared(item, prepare) for item in _with_bar(items, progress))
    out = Decisions()
    while batch := list(islice(ready, batch_size)):
        good = [item for item in batch
                if not isinstance(item.image, Exception)]
        decisions = iter(_decided(good, decide))
        out.extend(
            _failed(item) if isinstance(item.image, Exception) else
            next(decisions) for item in batch)
    return out


def _prepared(item: Item, prepare: Callable[[Any], Any]) -> Item:
    if isinstance(item.image, Exception):
        return item
    try:
        return item._replace(image=prepare(item.image))
    # A transform may raise anything on an odd image: said in its row.
    except Exception as error:
        return item._replace(image=error)


def _decided(items: list[Item],
             decide: Callable[[list[Item]], Iterable[Decision]]
             ) -> list[Decision]:
    if not items:
        return []
    try:
        return list(decide(items))
    except ValueError as error:
        # Such as scores that are not a number.
        if len(items) == 1:
            return [_failed(items[0]._replace(image=error))]
        return [one for item in items for one in _decided([item], decide)]


def _failed(item: Item) -> Decision:
    # OpenCV ends its messages with an empty line.
    error = str(item.image).strip() or type(item.image).__name__
    return Decision(item.source, error=error, face=item.face)


def _with_bar(items: Iterable[Item], progress: bool) -> Iterator[Item]:
    if not progress:
        yield from items
        return
    from rich.console import Console
    from rich.progress import track
    total = getattr(items, '__len__', lambda: None)()
    # Results may be piped.
    yield from track(items, 'Deciding', total, console=Console(stderr=True))
