import numpy as np
import pytest

from uar_mmpretrain.datasets.affectnet import AffectNet
from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES

HEADER = ('subDirectory_filePath,face_x,face_y,face_width,face_height,'
          'facial_landmarks,expression,valence,arousal')
LISTS = 'Manually_Annotated_file_lists'


def row(name, expression, box='2,3,10,20'):
    return f'{name},{box},1.0;2.0;3.0,{expression},-2,-2'


@pytest.fixture
def csv_tree(tmp_path, draw_image):
    """One face for each of the labels 0..10."""
    lines = [HEADER]
    for label in range(11):
        name = f'{label}/face{label}.jpg'
        draw_image(tmp_path / 'Manually_Annotated_Images' / name, label, 32, 3)
        lines.append(row(name, label))
    for name in ('training', 'validation'):
        path = tmp_path / LISTS / f'{name}.csv'
        path.parent.mkdir(exist_ok=True)
        path.write_text('\n'.join(lines) + '\n')
    return tmp_path


@pytest.fixture
def npy_tree(tmp_path, draw_image):
    """Labels as 0-d arrays of strings, as released; images 0..15."""
    for index in range(16):
        draw_image(tmp_path / f'train_set/images/{index}.jpg', index, 16, 3)
        folder = tmp_path / 'train_set/annotations'
        folder.mkdir(exist_ok=True)
        np.save(folder / f'{index}_exp.npy', np.array(str(index % 8)))
        np.save(folder / f'{index}_val.npy', np.array('0.5'))
    return tmp_path


def test_csv_release(csv_tree):
    dataset = AffectNet(str(csv_tree), split='trainval')
    assert dataset.metainfo['release'] == 'csv' and len(dataset) == 8
    for label in range(8):
        item = dataset.get_data_info(label)
        assert item['gt_label'] == item['eval_label'] == label
        assert item['gt_score'].tolist() == np.eye(8)[label].tolist()
        assert item['box'] == [2, 3, 12, 23]
        assert 'gt_votes' not in item
    assert item['image_id'] == 'Manually_Annotated_Images/7/face7.jpg'
    assert ('left out 3 rows labelled with no class: 8 (none) 1, '
            '9 (uncertain) 1, 10 (no-face) 1') in dataset.summary()


def test_seven_classes_leave_contempt_out(csv_tree):
    dataset = AffectNet(str(csv_tree), split='test', num_classes=7)
    assert CANONICAL_CLASSES[:7] == dataset.CLASSES and len(dataset) == 7
    assert dataset.metainfo['num_images'] == 8


@pytest.mark.parametrize('box', ['2,3,-10,20', '2,3,0,20', 'NULL,3,1,1'])
def test_an_unusable_box_is_said_and_left_away(csv_tree, box):
    path = csv_tree / LISTS / 'training.csv'
    path.write_text(path.read_text().replace(
        row('3/face3.jpg', 3), row('3/face3.jpg', 3, box)))
    dataset = AffectNet(str(csv_tree), split='trainval')
    assert 'box' not in dataset.get_data_info(3)
    assert 'box' in dataset.get_data_info(4)
    assert '1 row without a usable face box (row 5)' in dataset.summary()


@pytest.mark.parametrize('old, new, message', [
    (',expression,', ',label,', 'no column expression. Found: subDir'),
    (row('3/face3.jpg', 3), row('3/face3.jpg', 11),
     r'training.csv row 5, expression: 11; the 11 classes are 0\.\.10'),
    (row('3/face3.jpg', 3), row('3/face3.jpg', 'sad'),
     "training.csv row 5, expression: 'sad'; expected a number"),
    (row('3/face3.jpg', 3), row('../../face3.jpg', 3),
     "row 5: .*'.* is no path inside data_root"),
    (row('3/face3.jpg', 3), row('4/face4.jpg', 3),
     'rows 5 and 6 both name .*4/face4.jpg with different labels'),
])
def test_bad_csv(csv_tree, old, new, message):
    path = csv_tree / LISTS / 'training.csv'
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=message):
        AffectNet(str(csv_tree), split='trainval')


def test_csv_without_a_class_is_empty(csv_tree):
    path = csv_tree / LISTS / 'training.csv'
    path.write_text('\n'.join([HEADER, row('3/face3.jpg', 9)]))
    with pytest.raises(ValueError, match='names no image with one of the 8'):
        AffectNet(str(csv_tree), split='trainval')


def test_lfs_pointer(csv_tree):
    path = csv_tree / LISTS / 'training.csv'
    path.write_text('version https://git-lfs.github.com/spec/v1\noid sha256:0')
    with pytest.raises(ValueError, match='Git LFS pointer'):
        AffectNet(str(csv_tree), split='trainval')


def test_npy_release(npy_tree):
    dataset = AffectNet(str(npy_tree), split='trainval')
    assert dataset.metainfo['release'] == 'npy' and len(dataset) == 16
    # By number, not by text: 10 comes after 9.
    ids = [dataset.get_data_info(i)['image_id'] for i in range(16)]
    assert ids == [f'train_set/images/{i}.jpg' for i in range(16)]
    labels = [dataset.get_data_info(i)['gt_label'] for i in range(16)]
    assert labels == list(range(8)) * 2
    assert len(dataset.metainfo['label_sha256']) == 64


def test_npy_digest_follows_the_labels(npy_tree):

    def digest():
        dataset = AffectNet(str(npy_tree), split='trainval')
        return dataset.metainfo['label_sha256']

    before = digest()
    assert digest() == before
    np.save(npy_tree / 'train_set/annotations/3_exp.npy', np.array(5))
    assert digest() != before



@pytest.mark.parametrize('content, message', [
    (np.array([1, 2]), r"3_exp.npy: '\[1 2\]'; expected one label 0..10"),
    (np.array('happy'), "3_exp.npy: 'happy'; expected one label"),
    (np.array(11), "3_exp.npy: '11'; expected one label"),
    (np.array({'a': 1}, dtype=object), 'no plain npy array'),
])
def test_bad_npy(npy_tree, content, message):
    path = npy_tree / 'train_set/annotations/3_exp.npy'
    np.save(path, content, allow_pickle=True)
    with pytest.raises(ValueError, match=message):
        AffectNet(str(npy_tree), split='trainval')


def test_npy_without_its_image(npy_tree):
    (npy_tree / 'train_set/images/5.jpg').unlink()
    with pytest.raises(FileNotFoundError, match=r'1 of 16 images.*5\.jpg'):
        AffectNet(str(npy_tree), split='trainval')


def test_which_release(csv_tree, npy_tree):
    # Both fixtures write into one folder.
    with pytest.raises(ValueError, match="release='csv' or release='npy'"):
        AffectNet(str(csv_tree), split='trainval')
    assert len(AffectNet(str(csv_tree), split='trainval', release='npy')) == 16
    with pytest.raises(
            FileNotFoundError,
            match='Looked for: val_set/annotations, valid_set/annotations'):
        AffectNet(str(csv_tree), split='test', release='npy')
    with pytest.raises(ValueError, match="split='valid'; expected one of"):
        AffectNet(str(csv_tree), split='valid')


def test_val_is_carved_out_of_the_training_images(npy_tree):
    parts = {split: AffectNet(str(npy_tree), split=split, val_fraction=0.5)
             for split in ('train', 'val')}
    ids = {split: {d.get_data_info(i)['image_id'] for i in range(len(d))}
           for split, d in parts.items()}
    assert len(ids['train']) == len(ids['val']) == 8
    assert not ids['train'] & ids['val']
    assert parts['val'].metainfo['num_val'] == 8
