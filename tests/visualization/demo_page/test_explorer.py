"""The same picture, corrupted more and more."""

import cv2
import numpy as np
import pytest

from uar_mmpretrain.apis import Decision
from uar_mmpretrain.corruptions import corrupt
from uar_mmpretrain.evaluation.functional import PredictionTable, write_table
from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization.demo_page import (
    plot_place,
    read_background,
)


def test_corrupted_as_the_test_does_at_the_networks_input(
        explorer, face_file):
    found = explorer.explore(face_file, 'gaussian_noise', 3)
    pixels = cv2.resize(cv2.imread(str(face_file)), (48, 48),
                        interpolation=cv2.INTER_AREA)
    expected = corrupt(pixels, 'gaussian_noise', 3, image_id='picture')
    np.testing.assert_array_equal(found.pixels[..., ::-1], expected)
    assert len(found.decisions) == 4


def test_each_severity_is_decided_as_if_alone(explorer, face_file):
    path = explorer.explore(face_file, 'contrast', 3).decisions
    clean, = explorer.explore(face_file, 'contrast', 0).decisions
    np.testing.assert_allclose(path[0].member_scores, clean.member_scores,
                               atol=1e-6)
    alone = explorer.explore(face_file, 'contrast', 2).decisions[-1]
    np.testing.assert_allclose(path[2].member_scores, alone.member_scores,
                               atol=1e-6)
    assert path[3].total != path[0].total


def test_what_is_no_image_is_said(explorer, tmp_path):
    (tmp_path / 'a.png').write_text('no image')
    with pytest.raises(ValueError, match='do not decode'):
        explorer.explore(tmp_path / 'a.png')


def test_of_a_video_the_first_frame_is_taken(explorer, tmp_path):
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 5,
                             (48, 48))
    if not writer.isOpened():
        pytest.skip('this OpenCV writes no video')
    for shade in (30, 200):
        writer.write(np.full((48, 48, 3), shade, np.uint8))
    writer.release()
    assert explorer.explore(path).pixels.mean() == pytest.approx(30, abs=3)


@pytest.fixture
def predictions(tmp_path):
    """Three clean faces and a corrupted one in test/, two members."""
    rng = np.random.default_rng(0)
    table = PredictionTable(
        image_id=np.array(list('abca')), corruption=np.array(
            ['clean'] * 3 + ['fog']), severity=np.array([0, 0, 0, 5]),
        label=np.zeros(4, np.int64), eval_label=np.zeros(4, np.int64),
        member_scores=rng.dirichlet(np.ones(3), (4, 2)).astype(np.float32),
        classes=('x', 'y', 'z'))
    (tmp_path / 'test').mkdir()
    write_table(table, tmp_path / 'test/predictions.csv')
    return table


def test_the_background_is_the_clean_faces(predictions, tmp_path):
    points = read_background(tmp_path / 'ensemble.pth', None)
    parts = predictions.clean().decompose('entropy')
    clean = np.stack([parts.aleatoric, parts.epistemic], 1)
    assert points.shape == (3, 2)
    np.testing.assert_allclose(np.sort(points, 0), np.sort(clean, 0),
                               atol=1e-5)


def test_without_predictions_or_channel_there_is_none(
        predictions, tmp_path):
    by_density = Router(1., 1., score='density')
    assert read_background(tmp_path / 'ensemble.pth', by_density) is None
    assert read_background(tmp_path / 'test/ensemble.pth', None) is None


def test_the_last_place_is_marked_among_the_others():
    path = [Decision('', aleatoric=a, epistemic=e, score=e, action=action)
            for a, e, action in ((.2, .01, 'ACCEPT'), (.9, .5, 'REJECT'))]
    figure = plot_place(path, np.full((7, 2), .1), Router(.3, .5))
    axes, = figure.axes
    offsets = [np.asarray(one.get_offsets()) for one in axes.collections]
    assert [len(one) for one in offsets] == [7, 2, 1]
    np.testing.assert_allclose(offsets[2], [[.9, .5]])
    assert {'REJECT', 'REPORT', 'ACCEPT'} <= {
        text.get_text() for text in axes.texts}


def test_without_background_the_thresholds_are_in_sight():
    path = [Decision('', aleatoric=.2, epistemic=.01, score=.01)]
    axes, = plot_place(path, None, Router(.3, .5)).axes
    assert axes.get_xlim()[1] > .5 and axes.get_ylim()[1] > .3
    assert 'REJECT' in [text.get_text() for text in axes.texts]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        'this picture']


def test_a_single_member_has_no_place():
    assert plot_place([Decision('', aleatoric=.2)]) is None
