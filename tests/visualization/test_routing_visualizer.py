"""Names of drawings."""

from uar_mmpretrain.visualization import picture_name


def test_a_path_becomes_one_file_name():
    assert picture_name('a/b c.png', 'fog', 5) == 'a_b_c.png_fog_5.png'


def test_a_long_path_keeps_its_end_within_what_file_systems_allow():
    name = picture_name('顔' * 200 + '/one.png')
    assert name.endswith('顔_one.png.png')
    assert len(name.encode()) <= 255
