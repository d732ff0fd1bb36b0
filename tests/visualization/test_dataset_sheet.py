import numpy as np
import pytest

from uar_mmpretrain.visualization.dataset_sheet import SheetItem, draw_sheet

CLASSES = ('neutral', 'fear', 'anger')
IMAGE = np.zeros((4, 4, 3), np.uint8)
IMAGE[..., 0] = 255


def bars(figure):
    """Widths of the bars, dots and texts of the last axes."""
    axes = figure.axes[-1]
    dots = axes.lines[0].get_xydata().tolist()
    return ([one.get_width() for one in axes.patches], dots,
            [one.get_text() for one in axes.texts])


def bold(figure):
    labels = figure.axes[-1].get_yticklabels()
    return [one.get_text() for one in labels
            if one.get_fontweight() == 'bold']


def sheet(**info):
    return draw_sheet([SheetItem(info, [('', IMAGE)])], CLASSES)


def test_votes_soft_label_and_judged_class():
    figure = sheet(gt_votes=[6, 0, 2], gt_score=[1, 0, 0], eval_label=2,
                   image_id='a.png', corruption='fog', severity=3)
    widths, dots, counts = bars(figure)
    assert widths == [.75, 0, .25] and counts == ['6', '2']
    # A target that a label rule cleaned differs from the votes.
    assert dots == [[1, 0]]
    assert bold(figure) == ['anger']
    assert figure.axes[0].get_title(loc='left') == 'a.png\nfog 3'


def test_without_votes_bars_are_the_soft_label():
    widths, dots, counts = bars(sheet(gt_score=[.5, .5, 0], eval_label=-1))
    assert widths == [.5, .5, 0] and counts == []
    assert dots == [[.5, 0], [.5, 1]]
    assert bold(sheet(gt_score=[.5, .5, 0], eval_label=-1)) == []


def test_a_plain_class():
    widths, _, _ = bars(sheet(gt_label=1))
    assert widths == [0, 1, 0] and bold(sheet(gt_label=1)) == ['fear']


def test_images_are_shown_in_their_colours():
    shown = sheet(gt_label=0).axes[0].images[0].get_array()
    assert shown[0, 0].tolist() == [0, 0, 255]      # RGB: blue


@pytest.mark.parametrize('number, stages', [(1, 1), (7, 1), (5, 4)])
def test_every_item_has_its_place(number, stages):
    items = [SheetItem(dict(gt_label=0), [('step', IMAGE)] * stages)
             for _ in range(number)]
    figure = draw_sheet(items, CLASSES)
    assert len(figure.axes) == number * (stages + 1)
    places = {tuple(axes.get_position().bounds) for axes in figure.axes}
    assert len(places) == len(figure.axes)
    assert all(x >= 0 and x + width <= 1 and y >= 0 and y + height <= 1
               for x, y, width, height in places)
