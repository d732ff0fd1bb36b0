"""Every defect is found, named, and told from what is only remarkable."""

import json
import shutil

import cv2
import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import DefaultScope

from uar_mmpretrain.datasets.checks import check_data, check_tables
from uar_mmpretrain.evaluation.functional import PredictionTable

VOTES = [(9, 1), (2, 8), (5, 5), (10, 0), (0, 10), (6, 4)]


@pytest.fixture(autouse=True)
def scope():
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        yield


@pytest.fixture
def check(table_root):
    """Check a table of six images, four in train and two in val."""
    lines = ['img_path,split,vote_neutral,vote_happiness']
    lines += [f'a/{i}.png,{"train" if i < 4 else "val"},{a},{b}'
              for i, (a, b) in enumerate(VOTES)]
    table_root.write('\n'.join(lines))

    def run(**kwargs):
        loaders = {
            f'{split}_dataloader': dict(dataset=dict(
                type='SoftLabelDataset', ann_file='train.csv', split=split,
                data_root=str(table_root.path), pipeline=[],
                serialize_data=False,
                classes=['neutral', 'happiness'], **kwargs))
            for split in ('train', 'val')
        }
        return check_data(Config(loaders))

    return run


def only(check, wrong=True):
    finding, = (one for one in check.findings if one.wrong == wrong)
    return finding


def test_nothing_wrong(check):
    found = check()
    assert found.ok and found.findings == []
    record = json.loads(json.dumps(found.to_dict()))
    assert record['ok'] and record['splits']['train']['kinds'] == {
        '8x8 L': 4}
    assert [one['named'] for one in record['labels']] == [4, 2]
    assert len(list(check_tables(found))) == 2


def test_fingerprint_is_that_of_results(check):
    train = check().splits[0]
    votes = np.array(VOTES[:4])
    table = PredictionTable(
        image_id=[f'a/{i}.png' for i in range(4)], corruption=['clean'] * 4,
        severity=[0] * 4, label=votes.argmax(1), eval_label=[-1] * 4,
        votes=votes, member_scores=np.full((4, 1, 2), .5), classes=('a', 'b'))
    assert train.data_fingerprint == table.data_fingerprint()


def test_pixels_have_a_fingerprint_of_their_own(check, table_root,
                                                draw_image):
    before = check().splits[0]
    draw_image(table_root.path / 'a/1.png', 99, size=8)
    after = check().splits[0]
    assert after.pixel_fingerprint != before.pixel_fingerprint
    assert after.data_fingerprint == before.data_fingerprint


def test_a_leak_between_splits(check, table_root):
    shutil.copy(table_root.path / 'a/2.png', table_root.path / 'a/5.png')
    finding = only(check())
    assert finding.where == 'val' and finding.files == ('a/5.png', )
    assert '1 of 2 images also stand in train' in finding.text
    record = check().to_dict()['splits']['val']
    assert record['copies_across'] == {'train': {'a/5.png': ['a/2.png']}}


def test_copies_within_a_split_are_a_remark(check, table_root):
    shutil.copy(table_root.path / 'a/2.png', table_root.path / 'a/0.png')
    found = check()
    assert found.ok
    assert only(found, wrong=False).files == ('a/0.png', 'a/2.png')


def test_unreadable_and_blank(check, table_root):
    (table_root.path / 'a/1.png').write_bytes(b'')
    cv2.imwrite(str(table_root.path / 'a/5.png'), np.zeros((8, 8), np.uint8))
    found = check()
    broken, blank = found.findings
    assert broken.where == 'train' and broken.files == ('a/1.png', )
    assert '0 bytes' in broken.text
    assert blank.where == 'val' and blank.files == ('a/5.png', )
    assert not found.ok


def test_missing_images_do_not_stop_the_check(check, table_root):
    (table_root.path / 'a/1.png').unlink()
    found = check()
    finding = only(found)
    assert '1 of 4 images' in finding.text and finding.files == ('a/1.png', )
    assert [one.num_images for one in found.splits] == [3, 2]


def test_a_split_that_cannot_be_loaded(check, table_root):
    for index in (4, 5):
        (table_root.path / f'a/{index}.png').unlink()
    found = check()
    assert [one.split for one in found.splits] == ['train']
    first = found.findings[0]
    assert first.where == 'val' and 'none of the 2 images' in first.text


def test_options_that_are_wrong_are_found(check):
    found = check(label_rule='official_majorty')
    assert [one.where for one in found.findings] == ['train', 'val']
    assert 'official_majorty' in found.findings[0].text


def test_split_the_config_has_not():
    with pytest.raises(KeyError, match='no test_dataloader.*train'):
        check_data(Config(dict(train_dataloader=dict(dataset=dict()))),
                   ['test'])
    with pytest.raises(KeyError, match='no train_dataloader; it has none'):
        check_data(Config(dict(model=dict())))


def test_figures_of_another_copy(ferplus_tree):
    found = check_data(Config(dict(val_dataloader=dict(dataset=dict(
        type='FERPlus', data_root=str(ferplus_tree()), split='val',
        pipeline=[])))))
    named, classes = (one for one in found.findings if one.wrong)
    assert 'names 22 images; a complete file names 3,579' in named.text
    assert 'neutral' in classes.text and '(known 1,180)' in classes.text
    assert named.where == 'FERPlus val label.csv'


def test_copies_known_of_ferplus_are_a_remark(ferplus_tree):
    root = ferplus_tree()
    train, = (root / 'FER2013Train').glob('*00.png')
    val = sorted((root / 'FER2013Valid').glob('*.png'))[0]
    shutil.copy(train, val)
    loaders = {f'{split}_dataloader': dict(dataset=dict(
        type='FERPlus', data_root=str(root), split=split, pipeline=[]))
        for split in ('train', 'val')}
    remark = only(check_data(Config(loaders)), wrong=False)
    assert '(279 if complete)' in remark.text
    assert remark.files == (f'FER2013Valid/{val.name}', )


def test_what_is_carved_out_is_judged_as_a_whole(rafdb_tree):
    loaders = {f'{split}_dataloader': dict(dataset=dict(
        type='RAFDB', data_root=str(rafdb_tree), split=split, pipeline=[]))
        for split in ('train', 'val')}
    found = check_data(Config(loaders))
    file, = found.labels
    assert (file.split, file.named, file.known.named) == ('trainval', 70,
                                                          12271)
    assert sum(one.num_images for one in found.splits) == 70
    sizes = [one for one in found.findings if '100x100' in one.text]
    assert [len(one.files) for one in sizes] == [63, 7]


def test_drawn_faces_have_no_files(tiny_config):
    found = check_data(tiny_config, ['val', 'test'])
    assert found.ok and not found.labels
    # Every image once, however many corruptions.
    assert [one.num_images for one in found.splits] == [120, 40]
    assert len({one.data_fingerprint for one in found.splits}) == 2
    assert all(one.pixel_fingerprint is None for one in found.splits)
