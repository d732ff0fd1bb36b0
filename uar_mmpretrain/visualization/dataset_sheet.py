"""Contact sheet of a data set: images, votes, soft labels, corruptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .style import BLUE, GREY, ORANGE

_WIDTH, _ROW = 12., 1.45
# Room of class names and of bars, in widths of an image.
_NAMES, _BARS = .6, .9
_SMALL = 6


@dataclass(frozen=True)
class SheetItem:
    """One item of a data set.

    Args:
        info (Mapping[str, Any]): Its annotation: ``gt_score``, ``gt_votes``,
            ``eval_label``, ``corruption`` and ``severity`` where there are.
        images (Sequence[tuple[str, np.ndarray]]): Captions and (H, W, 3)
            uint8 BGR images, one or more.
    """

    info: Mapping[str, Any]
    images: Sequence[tuple[str, np.ndarray]]

    def title(self) -> str:
        """Image id, and the corruption of a test item."""
        name = str(self.info.get('image_id', self.info.get('img_path', '')))
        words = [name if len(name) < 30 else f'...{name[-27:]}']
        if self.info.get('severity'):
            words.append(f'{self.info["corruption"]} {self.info["severity"]}')
        return '\n'.join(words)


def draw_sheet(items: Sequence[SheetItem], classes: Sequence[str]) -> Figure:
    """Draw items side by side, each with its labels as bars.

    Bars are shares of the votes with their counts, or the soft label where
    there are no votes. A dot is the soft label a network is trained on, a
    bold name the class that accuracy is judged by.

    Args:
        items (Sequence[SheetItem]): One or more; an item with fewer images
            than another leaves a gap.
        classes (Sequence[str]): C names.

    Returns:
        Figure: The sheet.
    """
    images = max(len(item.images) for item in items)
    # As many items in a row as leave their images about one inch.
    across = max(1, min(len(items), int(_WIDTH / (images + _NAMES + _BARS))))
    rows = -(-len(items) // across)
    figure = Figure(figsize=(_WIDTH, _ROW * rows + .5))
    grid = figure.add_gridspec(
        rows, across * (images + 2), left=.01, right=.98,
        hspace=.45, wspace=.12,
        top=1 - .35 / (_ROW * rows + .5), bottom=.25 / (_ROW * rows + .5),
        width_ratios=([1] * images + [_NAMES, _BARS]) * across)
    for number, item in enumerate(items):
        row, start = number // across, number % across * (images + 2)
        for place, (caption, image) in enumerate(item.images):
            axes = figure.add_subplot(grid[row, start + place])
            _draw_image(axes, image, caption if images > 1 else '')
            if place == 0:
                axes.set_title(item.title(), fontsize=_SMALL, loc='left')
        axes = figure.add_subplot(grid[row, start + images + 1])
        _draw_labels(axes, item.info, classes)
    return figure


def _draw_image(axes: Axes, image: np.ndarray, caption: str) -> None:
    axes.imshow(image[..., ::-1], interpolation='nearest')
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.set_xlabel(caption, fontsize=_SMALL, labelpad=1)


def _draw_labels(axes: Axes, info: Mapping[str, Any],
                 classes: Sequence[str]) -> None:
    places = np.arange(len(classes))
    target = _target(info, len(classes))
    votes = info.get('gt_votes')
    if votes is None:
        axes.barh(places, target, color=GREY)
    else:
        votes = np.asarray(votes, dtype=float)
        shares = votes / max(votes.sum(), 1e-12)
        axes.barh(places, shares, color=BLUE)
        for place, (share, count) in enumerate(zip(shares, votes)):
            if count:
                axes.text(share + .06, place, f'{count:g}', fontsize=_SMALL,
                          va='center')
    there = target > 0
    axes.plot(target[there], places[there], '.', color=ORANGE, markersize=4,
              clip_on=False)
    axes.set_yticks(places, classes, fontsize=_SMALL)
    axes.set(xlim=(0, 1.25), ylim=(len(classes) - .5, -.5), xticks=[])
    axes.spines[['top', 'right', 'bottom']].set_visible(False)
    axes.tick_params(length=0, pad=1)
    judged = info.get('eval_label', info.get('gt_label'))
    if judged is not None and 0 <= int(judged) < len(classes):
        axes.get_yticklabels()[int(judged)].set_fontweight('bold')


def _target(info: Mapping[str, Any], num_classes: int) -> np.ndarray:
    """Return the soft label; one-hot where there is only a class."""
    if 'gt_score' in info:
        return np.asarray(info['gt_score'], dtype=float)
    target = np.zeros(num_classes)
    if info.get('gt_label') is not None:
        target[np.asarray(info['gt_label'])] = 1
    return target
