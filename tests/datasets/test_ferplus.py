import csv
import shutil
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from uar_mmpretrain.datasets.categories import to_canonical
from uar_mmpretrain.datasets.ferplus import FERPlus
from uar_mmpretrain.datasets.ferplus_files import FERPlusLayout, read_ferplus
from uar_mmpretrain.datasets.label_rules import apply_label_rule
from uar_mmpretrain.evaluation.functional import PredictionTable
from uar_mmpretrain.evaluation.metrics import CalibrateRouter
from uar_mmpretrain.routing import Router

REAL = Path(__file__).parents[2] / 'data/ferplus'
needs_labels = pytest.mark.skipif(
    not (REAL / 'fer2013new.csv').is_file(),
    reason='the FER+ label files are not under data/ferplus')


def edit(path, change):
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text('\n'.join(lines) + '\n')


@pytest.mark.parametrize('layout, file', [
    ('A', 'FER2013Train/label.csv'),
    ('B', 'fer2013new.csv'),
    ('C', 'Labels/FER2013Train/label.csv'),
])
def test_layouts_are_told_apart(ferplus_tree, layout, file):
    dataset = FERPlus(str(ferplus_tree(layout)))
    meta = dataset.metainfo
    assert meta['layout'] == layout and meta['label_file'] == file
    assert f'layout {layout}' in dataset.summary()
    # 22 images, one of them with NF votes only.
    assert (meta['num_named'], meta['num_images'], len(dataset)) == (22, 22,
                                                                     21)
    assert 'without a vote for a class' in dataset.summary()
    assert Path(dataset.get_data_info(0)['img_path']).is_file()


def test_a_router_names_the_data_set(ferplus_tree, tmp_path):
    metric = CalibrateRouter(tmp_path / 'router.json')
    metric.dataset_meta = FERPlus(str(ferplus_tree()), split='val').metainfo
    number = 100
    scores = np.random.default_rng(0).dirichlet(np.ones(8), (number, 2))
    metric.report(PredictionTable(
        image_id=np.arange(number).astype(str),
        corruption=np.full(number, 'clean'), severity=np.zeros(number),
        label=np.zeros(number), eval_label=np.zeros(number), votes=None,
        member_scores=scores, classes=metric.dataset_meta['classes']))
    router = Router.load(tmp_path / 'router.json')
    assert router.info['split'] == ['FERPlus', 'val']


def test_an_item(ferplus_tree):
    dataset = FERPlus(str(ferplus_tree()), split='test')
    # The face before it has NF votes only and is left out.
    item = dataset.get_data_info(6)
    assert item['image_id'] == 'FER2013Test/fer0000051.png'
    # Own order 0 0 0 7 3: seven sadness, three anger.
    assert item['gt_votes'].dtype == np.int64
    assert item['gt_votes'].tolist() == [0, 0, 7, 0, 0, 0, 3, 0]
    assert item['gt_score'].dtype == np.float32
    np.testing.assert_allclose(
        item['gt_score'], [0, 0, .7, 0, 0, 0, .3, 0], rtol=1e-6)
    assert item['gt_label'] == 2 and item['eval_label'] == 2


def test_the_eval_rule_marks_and_the_label_rule_drops(ferplus_tree):
    root = str(ferplus_tree())
    both = FERPlus(root)
    items = [both.get_data_info(i) for i in range(len(both))]
    # By hand: rows 2, 3, 4 (unknown) and 8 (tie) have no majority.
    without = [i['image_id'][-6:-4] for i in items if i['eval_label'] == -1]
    assert without == ['02', '03', '04', '08']
    assert both.metainfo['num_judged'] == 17
    strict = FERPlus(root, label_rule='official_majority')
    assert len(strict) == 17
    assert all(
        strict.get_data_info(i)['gt_score'].max() == 1 for i in range(17))


def test_classes_subset(ferplus_tree):
    root = str(ferplus_tree())
    seven = FERPlus(root, classes=7)
    # The face all call contempt has nothing left.
    assert len(seven) == 20 and len(seven.CLASSES) == 7
    two = FERPlus(root, classes=['surprise', 'happy'])
    scores = [two.get_data_info(i)['gt_score'] for i in range(len(two))]
    np.testing.assert_allclose(np.sum(scores, axis=1), 1, rtol=1e-6)
    # Row 1: nine happiness, one surprise; in the order of the config.
    np.testing.assert_allclose(scores[0], [.1, .9], rtol=1e-6)
    assert 'was on classes left out' in two.summary()


def test_blank_names_and_box_column(ferplus_tree):
    dataset = FERPlus(str(ferplus_tree()), label_file='fer2013new.csv')
    assert 'left out 1 row without an image name' in dataset.summary()
    assert dataset.metainfo['label_file'] == 'fer2013new.csv'
    assert not any('nan' in dataset.get_data_info(i)['image_id']
                   for i in range(len(dataset)))


def test_doubled_name_keeps_the_first_row(ferplus_tree):
    root = ferplus_tree('B')
    edit(
        root / 'fer2013new.csv', lambda lines: lines.insert(
            3, 'Training,fer0000000.png,0,0,0,0,10,0,0,0,0,0'))
    dataset = FERPlus(str(root))
    assert dataset.get_data_info(0)['gt_label'] == 0
    assert ('rows 2 and 4 both name FER2013Train/fer0000000.png with '
            'different labels; the first is kept') in dataset.summary()
    edit(root / 'fer2013new.csv', lambda lines: lines.__setitem__(3, lines[1]))
    assert 'listed twice with equal labels' in FERPlus(str(root)).summary()


def test_a_row_of_nine_votes_is_said(ferplus_tree):
    root = ferplus_tree()
    edit(
        root / 'FER2013Train/label.csv', lambda lines: lines.__setitem__(
            0, 'fer0000000.png,"(0, 0, 48, 48)",9,0,0,0,0,0,0,0,0,0'))
    assert '10 votes per image, except 1 with 9' in FERPlus(
        str(root)).summary()


def test_missing_images(ferplus_tree):
    root = ferplus_tree()
    for number in (44, 46):
        (root / f'FER2013Test/fer{number:07d}.png').unlink()
    message = (r'2 of 22 images in FER2013Test are missing \(first: '
               r'fer0000044.png, fer0000046.png\).*'
               r'on_missing=\'skip\'.*"20 of 22 images"')
    with pytest.raises(FileNotFoundError, match=message):
        FERPlus(str(root), split='test')
    dataset = FERPlus(str(root), split='test', on_missing='skip')
    meta = dataset.metainfo
    assert (meta['num_images'], meta['num_named'], len(dataset)) == (20, 22,
                                                                     19)
    assert '20 of 22 images' in dataset.summary()


def test_every_image_missing_is_always_an_error(ferplus_tree):
    root = ferplus_tree()
    for path in (root / 'FER2013Test').glob('*.png'):
        path.rename(path.with_name(f'x{path.name}'))
    with pytest.raises(FileNotFoundError, match='none of the 22 images.*holds '
                       '22 images like xfer0000044.png'):
        FERPlus(str(root), split='test', on_missing='skip')


def test_no_label_file_says_where_it_looked(ferplus_tree, tmp_path):
    ferplus_tree()
    with pytest.raises(FileNotFoundError, match='There is a copy in .*use it'):
        FERPlus(str(tmp_path.parent))
    with pytest.raises(
            FileNotFoundError, match='Looked for: FER2013Train/label.csv, '
            'Labels/FER2013Train/label.csv, fer2013new.csv'):
        FERPlus(str(tmp_path / 'FER2013Test'))


@pytest.mark.parametrize('line, message', [
    ('fer0000000.png,48,1,2,3', 'label.csv row 1: 5 fields; expected 12'),
    ('fer0000000.png,"(0, 0, 48, 48)",-1,0,0,0,0,0,0,0,0,9',
     "row 1, neutral: '-1'; expected a number >= 0"),
    ('fer0000000.png,"(0, 0, 48, 48)",nan,0,0,0,0,0,0,0,0,9',
     "row 1, neutral: 'nan'; expected a number >= 0"),
    ('fer0000000.png,"(0, 0, 48, 48)",0,0,0,0,0,0,0,0,0,0',
     'row 1 .*fer0000000.png.*: all votes are 0'),
    ('../x.png,"(0, 0, 48, 48)",9,0,0,0,0,0,0,0,0,0', None),
    ('../../x.png,"(0, 0, 48, 48)",9,0,0,0,0,0,0,0,0,0',
     'row 1: .*x.png. is no path inside data_root'),
])
def test_bad_rows(ferplus_tree, line, message):
    root = ferplus_tree()
    edit(root / 'FER2013Train/label.csv',
         lambda lines: lines.__setitem__(0, line))
    if message is None:  # leads out of its folder, not of the root
        with pytest.raises(FileNotFoundError, match='x.png'):
            FERPlus(str(root))
        return
    with pytest.raises(ValueError, match=message):
        FERPlus(str(root))


def test_lfs_pointer_and_wrong_header(ferplus_tree):
    root = ferplus_tree('B')
    path = root / 'fer2013new.csv'
    path.write_text(path.read_text().replace('contempt', 'contmpt'))
    with pytest.raises(ValueError, match='no column contempt. Found: Usage'):
        FERPlus(str(root))
    path.write_text('version https://git-lfs.github.com/spec/v1\noid sha256:0')
    with pytest.raises(ValueError, match='Git LFS pointer.*git lfs pull'):
        FERPlus(str(root))


@pytest.mark.parametrize('option', [
    dict(split='valid'),
    dict(label_file='labels.csv'),
    dict(dedup='on'),
    dict(label_rule='majority'),
    dict(eval_rule='top'),
    dict(on_missing='ignore'),
    dict(ties='random'),
])
def test_wrong_options_list_the_choices(ferplus_tree, option):
    name = next(iter(option))
    with pytest.raises(ValueError, match=f'{name}=.*; expected one of'):
        FERPlus(str(ferplus_tree()), **option)


def test_dedup(ferplus_tree):
    root = ferplus_tree()
    # The first test face is the third training face, in another PNG coding.
    face = cv2.imread(str(root / 'FER2013Train/fer0000002.png'),
                      cv2.IMREAD_UNCHANGED)
    copy = root / 'FER2013Test/fer0000044.png'
    cv2.imwrite(str(copy), face, [cv2.IMWRITE_PNG_COMPRESSION, 0])
    report = FERPlus(str(root), split='test')
    assert len(report) == 21
    assert '1 of 22 images have a pixel-identical' in report.summary()
    dropped = FERPlus(str(root), split='test', dedup='drop_from_eval')
    assert len(dropped) == 20
    assert 'FER2013Test/fer0000044.png' in dropped.summary()
    train = FERPlus(str(root), dedup='drop_from_eval')
    assert len(train) == 21 and '0 of 22 images' in train.summary()
    off = FERPlus(str(root), split='test', dedup='off')
    assert len(off) == 21 and 'pixel-identical' not in off.summary()


@pytest.mark.parametrize('damage, reason', [
    (lambda folder: (folder / 'fer0000002.png').write_bytes(b''), '0 bytes'),
    (shutil.rmtree, 'holds no image')])
def test_dedup_without_whole_training_images(ferplus_tree, damage, reason):
    root = ferplus_tree()
    damage(root / 'FER2013Train')
    # A test needs no training images.
    report = FERPlus(str(root), split='test')
    assert len(report) == 21
    assert 'not compared with FER2013Train' in report.summary()
    assert reason in report.summary()
    with pytest.raises((FileNotFoundError, ValueError),
                       match=f"'drop_from_eval' compares.*{reason}.*"
                       "dedup='off' does not look"):
        FERPlus(str(root), split='test', dedup='drop_from_eval')


def real_result(split, file, rule):
    layout = FERPlusLayout.detect(str(REAL), split, file)
    records = read_ferplus(layout, split)
    return records, apply_label_rule(records.votes, records.extra_votes, rule)


# Counted on the published label files: kept and, in FER+'s own order, per
# class.
LABEL_CSV = {
    'official_majority': {
        'train': (25045, '8733 7284 3136 3022 2098 116 536 120'),
        'val': (3191, '1180 862 411 348 289 25 60 16'),
        'test': (3137, '1083 892 394 382 269 16 86 15'),
    },
    'official_probability': {
        'train': (27947, '10107 7501 3517 3445 2401 170 643 163'),
        'val': (3508, '1311 897 452 406 319 29 69 25'),
        'test': (3507, '1250 925 438 437 315 20 96 26'),
    },
    'multi': {
        'train': (27667, '10056 7489 3481 3410 2337 150 598 146'),
        'val': (3472, '1303 893 447 400 312 29 67 21'),
        'test': (3466, '1238 921 440 435 298 18 93 23'),
    },
    'argmax_all': {
        'train': (28385, '10295 7526 3557 3530 2463 191 655 168'),
        'val': (3555, '1329 899 458 415 325 32 71 26'),
        'test': (3545, '1258 928 447 446 321 20 97 28'),
    },
    'argmax': {
        'train': (28556, '10377 7537 3583 3559 2476 195 659 170'),
        'val': (3579, '1341 899 461 419 326 34 72 27'),
        'test': (3573, '1274 929 450 449 322 21 98 30'),
    },
}
WHOLE_CSV = {
    'official_majority': {
        'train': (25057, '8739 7287 3149 3013 2099 119 532 119'),
        'val': (3199, '1182 865 415 351 287 24 62 13'),
        'test': (3153, '1090 893 396 384 273 18 83 16'),
    },
    'official_probability': {
        'train': (27953, '10121 7503 3524 3429 2406 169 641 160'),
        'val': (3505, '1317 897 450 401 314 31 72 23'),
        'test': (3505, '1251 925 435 435 320 22 92 25'),
    },
    'multi': {
        'train': (27668, '10070 7492 3486 3398 2326 153 598 145'),
        'val': (3472, '1307 893 446 400 307 30 71 18'),
        'test': (3472, '1243 921 438 434 302 21 90 23'),
    },
    'argmax_all': {
        'train': (28386, None),
        'val': (3553, None),
        'test': (3546, None),
    },
}
CASES = [(file, rule, split, *table[rule][split])
         for file, table in (('label.csv', LABEL_CSV), ('fer2013new.csv',
                                                        WHOLE_CSV))
         for rule in table for split in table[rule]]


@needs_labels
@pytest.mark.parametrize('file, rule, split, kept, classes', CASES)
def test_counts_of_the_real_label_files(file, rule, split, kept, classes):
    if not (REAL / 'FER2013Train/label.csv').is_file() and 'label' in file:
        pytest.skip('this copy has no label.csv')
    records, result = real_result(split, file, rule)
    assert len(records) == dict(train=28558, val=3579, test=3573)[split]
    assert result.kept.sum() == kept
    if classes is not None:
        found = np.bincount(result.label[result.kept], minlength=8)
        assert found.tolist() == list(map(int, classes.split()))


@needs_labels
def test_real_facts_about_the_votes():
    records, result = real_result('train', 'label.csv', 'official_probability')
    columns = (result.target[result.kept] > 0).sum(axis=1)
    assert np.bincount(columns).tolist() == [0, 19021, 7878, 1048]
    blank = {
        split: real_result(split, 'fer2013new.csv', 'raw')[0].notes
        for split in ('train', 'val', 'test')
    }
    for split, number in (('train', 148), ('val', 10), ('test', 15)):
        assert f'{number} rows without an image name' in blank[split][0]
    assert sum('twice with equal' in note for note in blank['train']) == 3
    assert any('rows 33202 and 34336 both name FER2013Test/fer0033120.png'
               in note for note in blank['test'])


@needs_labels
def test_real_label_files_differ_as_counted():
    differing = 0
    for split, number in (('train', 1073), ('val', 246), ('test', 282)):
        one = real_result(split, 'label.csv', 'raw')[0]
        two = real_result(split, 'fer2013new.csv', 'raw')[0]
        place = {path: i for i, path in enumerate(two.paths)}
        order = [place[path] for path in one.paths]
        votes = np.hstack([one.votes, one.extra_votes])
        other = np.hstack([two.votes, two.extra_votes])[order]
        found = int((votes != other).any(axis=1).sum())
        assert found == number
        differing += found
    assert differing == 1601


@needs_labels
@pytest.mark.skipif(
    not (REAL / 'FER2013Train').is_dir(), reason='no real training images')
def test_the_real_training_split_loads_fast_and_right():
    start = time.process_time()
    dataset = FERPlus(str(REAL), on_missing='skip', dedup='off')
    assert time.process_time() - start < 10
    # Row 1 of label.csv, read here by itself.
    with open(REAL / 'FER2013Train/label.csv', newline='') as file:
        row = next(csv.reader(file))
    item = dataset.get_data_info(0)
    assert item['image_id'] == f'FER2013Train/{row[0]}'
    votes = dict(zip(to_canonical('ferplus'), map(int, row[2:10])))
    assert item['gt_votes'].tolist() == [votes[i] for i in range(8)]
