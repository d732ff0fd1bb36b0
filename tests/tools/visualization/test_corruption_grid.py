import cv2
import numpy as np
import pytest

from uar_mmpretrain.corruptions import corrupt, names

TOOL = 'visualization/corruption_grid.py'


def test_one_row_per_corruption_one_column_per_severity(run_tool, tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (120, 130, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'a.png'), image)
    run_tool(TOOL, tmp_path / 'grid.png', '--image', tmp_path / 'a.png')
    sheet = cv2.imread(str(tmp_path / 'grid.png'))
    assert sheet.shape[0] == 16 + 19 * 120
    tiles = sheet[16:, -6 * 130:]
    for row, name in enumerate(names()):
        line = tiles[row * 120:(row + 1) * 120]
        np.testing.assert_array_equal(line[:, :130], image)
        np.testing.assert_array_equal(line[:, -130:],
                                      corrupt(image, name, 5))


def test_a_face_is_drawn_and_small_ones_are_enlarged(run_tool, tmp_path):
    run_tool(TOOL, tmp_path / 'grid.png', '--size', 40, '--group', 'extra')
    assert cv2.imread(str(tmp_path / 'grid.png')).shape[0] == 16 + 4 * 120


def test_a_file_that_is_no_image(run_tool, tmp_path):
    (tmp_path / 'a.png').write_text('<html>')
    with pytest.raises(ValueError, match='a.png: .*HTML'):
        run_tool(TOOL, tmp_path / 'grid.png', '--image', tmp_path / 'a.png')
