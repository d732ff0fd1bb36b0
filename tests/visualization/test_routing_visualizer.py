"""Names of drawings."""

from uar_mmpretrain.visualization import picture_name


def test_a_plain_name_stays_as_it_is():
    assert picture_name('b.png', 'fog', 5) == 'b.png_fog_5.png'


def test_a_path_becomes_one_file_name():
    name = picture_name('a/b c.png', 'fog', 5)
    assert name.startswith('a_b_c.png_fog_5_')
    assert '/' not in name


def test_two_pictures_never_share_a_name():
    sources = ['a/b.png', 'a_b.png', 'a b.png', '/a/b.png', '_a_b.png',
               'x' * 200 + 'b.png', 'y' * 200 + 'b.png']
    assert len({picture_name(one) for one in sources}) == len(sources)


def test_a_long_path_keeps_its_end_within_what_file_systems_allow():
    name = picture_name('顔' * 200 + '/one.png')
    assert '顔_one.png_' in name
    assert len(name.encode()) <= 255
