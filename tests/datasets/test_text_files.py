import pytest

from uar_mmpretrain.datasets.text_files import read_lines, read_rows


def write(folder, data):
    path = folder / 'x.txt'
    path.write_bytes(data)
    return path


def test_only_line_breaks_end_a_line(tmp_path):
    data = '\ufeffa\x0bb\u2028c\r\nd\x85e\rf'.encode()
    assert read_lines(write(tmp_path, data)) == [
        'a\x0bb\u2028c', 'd\x85e', 'f']


def test_rows_are_those_an_editor_shows(tmp_path):
    data = b'a,b\n\n ,\n"1\n2",3\n4,5'
    assert list(read_rows(write(tmp_path, data))) == [
        (1, ['a', 'b']), (5, ['1\n2', '3']), (6, ['4', '5'])]


@pytest.mark.parametrize('data, message', [
    (b'a,b\n"1,2\n3,4\n', 'x.txt row 3: unexpected end of data. Is a quote'),
    (b'a,b\n"1"2,3\n', "x.txt row 2: ',' expected"),
    (b'a,b\n' + b'x' * 200_000, 'x.txt row 2: field larger'),
    ('a,\u00e9'.encode('latin-1'), 'x.txt is not UTF-8 text: unexpected'),
    ('a,b'.encode('utf-16'), 'x.txt is not UTF-8 text'),
    (b'version https://git-lfs.github.com/spec/v1\n', 'Git LFS pointer'),
])
def test_what_is_refused(data, message, tmp_path):
    with pytest.raises(ValueError, match=message) as found:
        list(read_rows(write(tmp_path, data)))
    assert len(str(found.value)) < 300
