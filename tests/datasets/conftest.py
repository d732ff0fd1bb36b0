"""Small data sets that the tests draw themselves."""

from pathlib import Path

import cv2
import numpy as np
import pytest

import uar_mmpretrain  # noqa: F401


def draw(path, seed, size=48, channels=1):
    """Write a picture that differs for every seed."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (size, size, channels), dtype=np.uint8)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    ok, data = cv2.imencode(path.suffix, image)
    assert ok
    path.write_bytes(data.tobytes())


@pytest.fixture
def draw_image():
    return draw


@pytest.fixture
def table_root(tmp_path):
    """A folder with a/0.png .. a/9.png and a writer of label tables."""

    class Root:
        path = tmp_path

        def write(self, text, name='train.csv', encoding='utf-8'):
            (tmp_path / name).write_bytes(text.encode(encoding))
            return str(tmp_path / name)

    for index in range(10):
        draw(tmp_path / f'a/{index}.png', index, size=8)
    return Root()


# Columns: neutral happiness surprise sadness anger disgust fear contempt
# unknown NF. Worked by hand under every rule in test_ferplus.py.
FERPLUS_VOTES = [
    (10, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 9, 1, 0, 0, 0, 0, 0, 0, 0),
    (4, 0, 0, 4, 1, 0, 1, 0, 0, 0),
    (3, 0, 3, 0, 0, 0, 3, 0, 1, 0),
    (2, 0, 0, 0, 0, 2, 0, 0, 6, 0),
    (0, 0, 0, 0, 0, 0, 0, 10, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 10),
    (0, 0, 0, 7, 3, 0, 0, 0, 0, 0),
    (0, 0, 5, 0, 0, 0, 5, 0, 0, 0),
    (1, 6, 1, 1, 1, 0, 0, 0, 0, 0),
] + [(10 - k, k, 0, 0, 0, 0, 0, 0, 0, 0) for k in range(4)] * 3
FOLDERS = {
    'train': ('FER2013Train', 'Training'),
    'val': ('FER2013Valid', 'PublicTest'),
    'test': ('FER2013Test', 'PrivateTest'),
}
HEADER = ('Usage,Image name,neutral,happiness,surprise,sadness,anger,'
          'disgust,fear,contempt,unknown,NF')


@pytest.fixture
def ferplus_tree(tmp_path):
    """Make a FER+ tree: 22 drawn faces per split, layout A, B or C."""

    def make(layout='A'):
        lines = [HEADER]
        number = 0
        for folder, usage in FOLDERS.values():
            own = []
            for votes in FERPLUS_VOTES:
                name = f'fer{number:07d}.png'
                inner = 'Images/' if layout == 'C' else ''
                draw(tmp_path / f'{inner}{folder}/{name}', number)
                cells = ','.join(map(str, votes))
                lines.append(f'{usage},{name},{cells}')
                own.append(f'{name},"(0, 0, 48, 48)",{cells}')
                number += 1
            # Not a face: no name, ten NF votes.
            lines.append(f'{usage},,0,0,0,0,0,0,0,0,0,10')
            if layout != 'B':
                outer = 'Labels/' if layout == 'C' else ''
                target = tmp_path / f'{outer}{folder}/label.csv'
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text('\n'.join(own) + '\n')
        if layout != 'C':
            (tmp_path / 'fer2013new.csv').write_text('\n'.join(lines) + '\n')
        return tmp_path

    return make


@pytest.fixture
def rafdb_tree(tmp_path):
    """Make a RAF-DB tree: 70 train and 7 test faces, ten (one) a class."""
    lines = []
    for count, subset, digits in ((70, 'train', 5), (7, 'test', 4)):
        for index in range(count):
            name = f'{subset}_{index + 1:0{digits}d}'
            draw(
                tmp_path / f'Image/aligned/{name}_aligned.jpg',
                index,
                size=16,
                channels=3)
            lines.append(f'{name}.jpg {index % 7 + 1}')
    target = tmp_path / 'EmoLabel/list_patition_label.txt'
    target.parent.mkdir()
    # As in the real list: no newline after the last line.
    target.write_text('\n'.join(lines))
    return tmp_path
