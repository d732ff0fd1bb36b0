import numpy as np

from uar_mmpretrain.datasets import image_files
from uar_mmpretrain.datasets.image_files import explain_missing, find_images


def test_one_directory_read_per_folder(tmp_path, monkeypatch):
    for name in ('a/0.png', 'a/1.png', 'b/0.png'):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    read = []
    plain = image_files.list_names
    monkeypatch.setattr(image_files, 'list_names',
                        lambda folder, **options: read.append(folder)
                        or plain(folder, **options))
    paths = ['a/0.png', 'b/0.png', 'a/1.png', 'a/2.png', 'c/0.png', 'c/1.png']
    found = find_images(tmp_path, paths)
    assert found.tolist() == [True, True, True, False, False, False]
    assert len(read) == 3


def test_explain_missing(tmp_path):
    paths = [f'a/{i}.png' for i in range(1200)] + ['b/0.png']
    found = np.ones(len(paths), dtype=bool)
    found[1:1101] = False
    assert explain_missing(tmp_path, paths, found) == (
        '1,100 of 1,201 images in a are missing (first: 1.png, 2.png, 3.png).')
    found[-1] = False
    assert 'in a and 1 more folders are' in explain_missing(
        tmp_path, paths, found)


def test_none_found_shows_what_the_folder_holds(tmp_path):
    (tmp_path / 'a').mkdir()
    for name in ('test_0001_aligned.jpg', 'Thumbs.db', '._x.jpg'):
        (tmp_path / 'a' / name).touch()
    text = explain_missing(tmp_path, ['a/test_0001.jpg'], np.array([False]))
    assert 'none of the 1 images' in text
    assert 'holds 1 images like test_0001_aligned.jpg' in text
    text = explain_missing(tmp_path, ['b/0.jpg'], np.array([False]))
    assert 'The folder holds' not in text
