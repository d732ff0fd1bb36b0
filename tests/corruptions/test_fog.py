import numpy as np
import pytest

from uar_mmpretrain.corruptions import Key, corrupt, get
from uar_mmpretrain.corruptions.fog import plasma

FOG = get('fog')


def point_by_point(uniform, side, decay):
    """Diamond-square on a torus with loops, in float64."""
    grid = np.zeros((side, side))
    draws = iter(uniform.tolist())
    step, amplitude = side, 100.0
    while step >= 2:
        half = step // 2

        def mean(row, column, offsets, grid=grid):
            return sum(grid[(row + r) % side, (column + c) % side]
                       for r, c in offsets) / 4

        corners = [(-half, -half), (-half, half), (half, -half), (half, half)]
        cross = [(-half, 0), (half, 0), (0, -half), (0, half)]
        for first_row, first_column, around in ((half, half, corners),
                                                (0, half, cross),
                                                (half, 0, cross)):
            for row in range(first_row, side, step):
                for column in range(first_column, side, step):
                    grid[row, column] = mean(
                        row, column, around) + amplitude**2 * next(draws)
        step = half
        amplitude /= decay
    assert next(draws, None) is None
    return grid


@pytest.mark.parametrize('side, decay', [(2, 2.0), (16, 1.4), (32, 3.0)])
def test_plasma_equals_the_definition(side, decay):
    uniform = np.random.default_rng(side).uniform(-1, 1, side * side - 1)
    expected = point_by_point(uniform, side, decay)
    np.testing.assert_allclose(
        plasma(uniform.astype(np.float32), decay), expected, rtol=1e-4,
        atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize('shape', [(40, 56, 3), (56, 40, 3)])
def test_fog_follows_its_formula(small_photo, shape):
    image = small_photo.reshape(shape)
    values = (2.0, 2.0)
    draws = FOG.draw(Key(0, 'a', 'fog', 1), shape, values)
    assert draws.shape == (64 * 64 - 1, )
    cloud = point_by_point(draws.astype(float), 64, 2.0)
    cloud = (cloud - cloud.min()) / (cloud.max() - cloud.min())
    unit = image / 255
    mixed = unit + 2 * cloud[:shape[0], :shape[1], None]
    exact = 255 * mixed * unit.max() / (unit.max() + 2)
    result = FOG.apply(image, values, draws).astype(int)
    assert (np.floor(exact - 2e-3) <= result).all()
    assert (result <= np.floor(exact + 2e-3)).all()


def test_black_stays_black():
    black = np.zeros((20, 30, 3), np.uint8)
    assert not corrupt(black, 'fog', 5).any()


def test_power_of_two_sides_need_no_larger_cloud():
    shapes = {(64, 64, 3): 64, (65, 8, 3): 128, (224, 224, 3): 256}
    for shape, side in shapes.items():
        draws = FOG.draw(Key(0, '', 'fog', 1), shape, (1.5, 2))
        assert len(draws) == side * side - 1
        assert -1 <= draws.min() < draws.max() < 1
