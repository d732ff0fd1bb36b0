import json

import numpy as np
import pyarrow as pa
import pytest
from mmengine.dataset import ConcatDataset
from mmpretrain.registry import DATASETS
from pyarrow import parquet

from uar_mmpretrain.datasets import soft_label
from uar_mmpretrain.datasets.soft_label import SoftLabelDataset

THREE = ['neutral', 'happiness', 'anger']
VOTES = """img_path,split,vote_angry,vote_neutral,vote_happy,vote_unknown
a/0.png,train,1,6,3,0
a/1.png,train,0,0,10,0
a/2.png,train,5,5,0,0
a/3.png,val,4,0,0,6
"""


def items(dataset):
    return [dataset.get_data_info(i) for i in range(len(dataset))]


def build(root, file='train.csv', **kwargs):
    kwargs.setdefault('classes', THREE)
    return SoftLabelDataset(file, str(root.path), **kwargs)


def test_votes_by_name_whatever_their_order(table_root):
    table_root.write(VOTES)
    dataset = build(table_root, split='train')
    first, second, tie = items(dataset)
    assert first['gt_votes'].tolist() == [6, 3, 1]
    np.testing.assert_allclose(first['gt_score'], [.6, .3, .1], rtol=1e-6)
    assert (first['gt_label'], first['eval_label']) == (0, 0)
    assert second['gt_label'] == 1 and second['image_id'] == 'a/1.png'
    # A tie goes to the first column of the file, here anger.
    assert tie['gt_label'] == 2
    assert dataset.metainfo['num_images'] == 3
    assert 'ties 1' in dataset.summary()
    assert len(build(table_root, split='train', ties='drop')) == 2


def test_images_on_the_ignore_list(table_root):
    # A row nobody voted on, whose picture is not even there.
    table_root.write(VOTES + 'a/x.png,train,0,0,0,0\n')
    dataset = build(table_root, split='train', ignore=['a/x.png', 'a/1.png'])
    assert [item['image_id'] for item in items(dataset)] == ['a/0.png',
                                                             'a/2.png']
    assert ('left out 2 images named in ignore: a/1.png, a/x.png'
            in dataset.summary())
    assert '2 of 4 images' in dataset.summary()
    for wrong in (['a/x.png', 'a/3.png'], ['a/x.png', '1.png']):
        with pytest.raises(ValueError, match=rf'ignore names {wrong[1]}, '
                           'which the list has not; its first image is a/0'):
            build(table_root, split='train', ignore=wrong)
    with pytest.raises(ValueError, match='Write image ids, in a list'):
        build(table_root, split='train', ignore='a/1.png')


def test_label_and_eval_rules(table_root):
    table_root.write(VOTES)
    val = build(
        table_root,
        split='val',
        label_rule='raw',
        eval_rule='official_majority')
    assert items(val)[0]['eval_label'] == -1
    assert val.metainfo['num_judged'] == 0
    with pytest.raises(ValueError, match='leaves none of the 1 images'):
        build(table_root, split='val', label_rule='argmax_all')


def test_the_same_data_in_every_format(table_root):
    path = table_root.path
    names = [f'a/{i}.png' for i in range(3)]
    votes = np.array([[6, 3, 1], [0, 10, 0], [2, 2, 6]])
    lines = ['img_path;Vote_x;' + ';'.join(f'vote_{c}' for c in THREE)]
    lines += [f'{n};0;' + ';'.join(map(str, v)) for n, v in zip(names, votes)]
    # As a spreadsheet writes it: byte order mark, CRLF, semicolons.
    table_root.write('\r\n'.join(lines) + '\r\n', 'a.csv', 'utf-8-sig')
    table_root.write('\n'.join(
        json.dumps({
            'img_path': n,
            'votes': {c: int(x) for c, x in zip(THREE, v) if x}
        }) for n, v in zip(names, votes)), 'b.jsonl')
    columns = {f'vote_{c}': votes[:, i] for i, c in enumerate(THREE)}
    parquet.write_table(
        pa.table({'img_path': names, **columns}), path / 'c.parquet')
    lists = pa.table({'img_path': names, 'votes': votes.tolist()})
    parquet.write_table(
        lists.replace_schema_metadata({'classes': json.dumps(THREE)}),
        path / 'd.parquet')
    np.save(path / 'e.npy', votes)
    table_root.write('\n'.join(names), 'paths.txt')
    table_root.write(
        'img_path,neutral,happy,anger\n' + '\n'.join(
            f'{n},{",".join(map(str, v))}' for n, v in zip(names, votes)),
        'f.csv')
    extra = {
        'e.npy': dict(values='votes', paths_file='paths.txt'),
        'f.csv': dict(values='votes')
    }
    for file in ('a.csv', 'b.jsonl', 'c.parquet', 'd.parquet', 'e.npy',
                 'f.csv'):
        dataset = build(table_root, file, **extra.get(file, {}))
        found = np.stack([item['gt_votes'] for item in items(dataset)])
        np.testing.assert_array_equal(found, votes, err_msg=file)
        assert found.dtype == np.int64


def test_probabilities(table_root):
    table_root.write('img_path,prob_neutral,prob_happiness,prob_anger\n'
                     'a/0.png,0.5,0.3,0.2\na/1.png,0.334,0.333,0.331\n')
    dataset = build(table_root)
    first, second = items(dataset)
    assert 'gt_votes' not in first
    np.testing.assert_allclose(first['gt_score'], [.5, .3, .2], rtol=1e-6)
    np.testing.assert_allclose(second['gt_score'].sum(), 1, rtol=1e-6)
    assert '1 rows sum to 1 +- 0.002 and were renormal' in dataset.summary()
    with pytest.raises(ValueError, match="'official_majority' counts votes"):
        build(table_root, eval_rule='official_majority')


def test_hard_labels_by_name_and_by_index(table_root):
    table_root.write('img_path,label\na/0.png,Happy\na/1.png,AN\n')
    dataset = build(table_root)
    assert [item['gt_label'] for item in items(dataset)] == [1, 2]
    assert items(dataset)[0]['gt_score'].tolist() == [0, 1, 0]
    assert dataset.metainfo['eval_rule'] == 'label'
    # Indices count in the order of the config.
    table_root.write('img_path,label\na/0.png,1\na/1.png,2\n')
    assert [item['gt_label'] for item in items(build(table_root))] == [1, 2]


def test_votes_with_a_hard_label(table_root):
    rows = [f'a/{i}.png,6,4,0,neutral' for i in range(3)]
    head = 'img_path,vote_neutral,vote_happiness,vote_anger,label\n'
    table_root.write(head + '\n'.join([*rows, 'a/3.png,6,4,0,happy']))
    dataset = build(table_root)
    assert items(dataset)[3]['gt_label'] == 0
    assert items(dataset)[3]['eval_label'] == 1
    assert 'differ in 1 of 4 rows' in dataset.summary()
    table_root.write(head + '\n'.join(row.replace('neutral', 'happy')
                                      for row in rows))
    with pytest.raises(ValueError, match='differ in 100% of the 3 rows'):
        build(table_root)


def test_one_hot_votes_are_called_hard_labels(table_root):
    table_root.write('img_path,vote_neutral,vote_happy,vote_anger\n'
                     'a/0.png,1,0,0\na/1.png,0,1,0\n')
    assert 'these are hard labels' in build(table_root).summary()


def test_image_folder_and_metainfo_classes(table_root):
    table_root.write(VOTES.replace('a/', ''))
    dataset = build(table_root, data_prefix='a', classes=None, metainfo=dict(
        classes=['anger', 'happy', 'neutral'], version=2))
    assert dataset.CLASSES == ('anger', 'happiness', 'neutral')
    assert dataset.metainfo['version'] == 2
    item = items(dataset)[0]
    assert item['image_id'] == 'a/0.png'
    assert item['gt_votes'].tolist() == [1, 3, 6]
    with open(item['img_path'], 'rb') as file:
        assert file.read(4) == b'\x89PNG'


BARE = VOTES.replace('vote_', '')


@pytest.mark.parametrize('text, options, message', [
    (VOTES.replace('1,6,3,0', '0,0,0,0'), {},
     r'train.csv row 2 \(a/0.png\): all votes are 0; expected at least one'),
    (VOTES.replace('6,3', '-1,3'), {},
     "train.csv row 2, vote_neutral: '-1'; expected a number >= 0. No other"),
    (VOTES.replace('6,3', 'nan,3').replace('5,5', '5,inf'), {},
     r"row 2, vote_neutral: 'nan'; .* 2 rows like it \(2, 4\)"),
    (VOTES.replace('6,3', ',3'), {}, "row 2, vote_neutral: ''; expected"),
    (VOTES.replace('vote_happy', 'vote_hapiness'), {},
     "column 'vote_hapiness': 'hapiness' is no class; did you mean 'happi"),
    (VOTES.replace('vote_happy', 'vote_neu'), {},
     "columns 'vote_neutral' and 'vote_neu' both mean neutral"),
    (VOTES.replace('vote_happy', 'happy'), {},
     "no column for class 'happiness'. Found: vote_angry, vote_neutral. Add "
     'vote_happiness, or set classes'),
    (VOTES.replace('vote_happy', 'prob_happy'), {},
     r'columns of votes \(vote_angry, ...\) and of probabilities'),
    (VOTES, dict(values='probs'), "values='probs' but the columns say votes"),
    (VOTES, dict(values='counts'), "values='counts'; expected one of"),
    (VOTES.replace('vote_', 'prob_'), {},
     r'row 2: probabilities sum to 10; expected 1. 4 rows like it'),
    (BARE.replace('happy', 'happiness'), {},
     "columns .* have no prefix; say values='votes' or values='probs'"),
    (BARE.replace('happy', 'hapiness'), dict(values='votes'),
     "column 'hapiness': .*did you mean 'happiness'"),
    (VOTES.replace('a/0', '../a/0'), {}, "row 2: '../a/0.png' is no path ins"),
    (VOTES.replace('a/0', '/home/me/0'), {}, 'row 2: .* is no path inside'),
    (VOTES.replace('a/0', r'C:\me\0'), {}, 'row 2: .* is no path inside'),
    (VOTES.replace('a/0.png', ''), {}, "row 2: '' is no path inside"),
    (VOTES.replace('a/1', 'a/0'), {},
     'rows 2 and 3 both name a/0.png with different labels'),
    (VOTES.replace('a/3', 'a/0'), {},
     r'1 images are in two splits \(first: a/0.png\)'),
    (VOTES.replace('1,6,3,0', '1,6,3'), {},
     'row 2: 5 fields; expected 6 as in the header'),
    (VOTES, dict(split='test'),
     r"no image of split 'test'; splits found: train \(3\), val \(1\)"),
    (VOTES.replace('split', 'part'), dict(split='val'),
     "there is no column 'split'"),
    (VOTES.split('a/0')[0], {}, 'train.csv names no image'),
    ('', {}, 'train.csv: no header'),
    ('img_path,a,a\n', {}, 'train.csv: a twice'),
    (VOTES.replace('img_path', 'file'), {}, "no column 'img_path'. Found"),
    ('img_path,x\na/0.png,1\n', {}, 'no votes, probabilities or labels'),
    ('img_path,label\na/0.png,8\n', {},
     r'row 2, label: 8; the 3 classes are 0\.\.2'),
    ('img_path,label\na/0.png,1\na/1.png,3\n', {},
     r'row 3, label: 3; .*Labels run 1\.\.3: subtract one'),
    ('img_path,label\na/0.png,hapy\n', {},
     "row 2, label: 'hapy' is no class; did you mean 'happy'"),
    ('version https://git-lfs.github.com/spec/v1\noid sha256:0', {},
     'Git LFS pointer'),
    (VOTES, dict(classes=['neutral', 'hapy']), "did you mean 'happy'"),
    (VOTES, dict(eval_rule='label'), "eval_rule='label' needs a hard label"),
])
def test_bad_tables(table_root, text, options, message):
    table_root.write(text)
    with pytest.raises(ValueError, match=message):
        build(table_root, **options)


def test_many_images_without_a_class_vote(table_root):
    table_root.write(VOTES.replace('4,0,0,6', '0,0,0,6'))
    with pytest.raises(ValueError, match=r'1 of 4 images .*all unknown'):
        build(table_root)


def test_missing_images_and_table(table_root):
    table_root.write(VOTES.replace('a/1', 'a/99'))
    with pytest.raises(FileNotFoundError, match=r'1 of 4 images in a are mis'
                       r'sing \(first: 99.png\).*"3 of 4 images"'):
        build(table_root)
    assert len(build(table_root, on_missing='skip')) == 3
    table_root.write(VOTES.replace('a/', 'b/'))
    with pytest.raises(FileNotFoundError, match='none of the 4 images'):
        build(table_root, on_missing='skip')
    with pytest.raises(FileNotFoundError, match='none.csv not found'):
        build(table_root, 'none.csv')
    with pytest.raises(ValueError, match='no table this reads'):
        table_root.write('', 'labels.pkl')
        build(table_root, 'labels.pkl')


def test_json_lines_where_nobody_named_a_class(table_root):
    line = '{"img_path": "a/0.png", "votes": {"joy": 1, "sad": 2}}'
    table_root.write(line, 'x.jsonl')
    dataset = build(table_root, 'x.jsonl', classes=['joy', 'sad', 'fear'])
    assert items(dataset)[0]['gt_votes'].tolist() == [1, 2, 0]
    table_root.write(line.replace('sad', 'joyy'), 'x.jsonl')
    with pytest.raises(ValueError, match="did you mean 'joy'"):
        build(table_root, 'x.jsonl')


def test_an_array_needs_to_be_described(table_root):
    np.save(table_root.path / 'x.npy', np.eye(2))
    table_root.write('a/0.png\na/1.png', 'paths.txt')
    with pytest.raises(ValueError, match='2 columns for the 3 classes'):
        build(table_root, 'x.npy', values='probs', paths_file='paths.txt')
    with pytest.raises(ValueError, match="needs values='votes' or 'probs'"):
        build(table_root, 'x.npy', paths_file='paths.txt')


@pytest.mark.parametrize('test_mode', [False, True])
def test_none_from_the_pipeline_is_never_another_image(table_root, test_mode):
    table_root.write(VOTES)
    dataset = build(
        table_root, pipeline=[lambda item: None], test_mode=test_mode)
    with pytest.raises(ValueError, match='gave None for .*a/1.png'):
        dataset[1]


def test_the_summary_is_logged_once(table_root, monkeypatch):
    logged = []
    monkeypatch.setattr(soft_label, 'print_log',
                        lambda text, *args: logged.append(text))
    table_root.write(VOTES)
    dataset = build(table_root, lazy_init=True)
    assert not logged
    text = dataset.summary()
    dataset.full_init()
    assert logged == [text] == [dataset.metainfo['summary']]
    assert '4 of 4 images' in text and 'label rule raw -> 4' in text


def test_the_summary_by_hand(table_root):
    table_root.write(VOTES)
    dataset = build(table_root, split='train', eval_rule='official_majority')
    lines = dataset.summary().splitlines()
    assert lines[1] == ('  label rule raw -> 3: neutral 1  happiness 1  '
                        'anger 1')
    # 6 of 9 after the single vote for anger; 10 of 10; a tie.
    assert lines[2] == ('  eval rule official_majority -> 2: neutral 1  '
                        'happiness 1  anger 0')
    # Entropies 0.898, 0 and ln 2: mean 0.530, of the judged two 0.449.
    assert lines[3] == ('  10 votes per image   mean vote entropy 0.530 nats '
                        '(0.449 on the judged images)   ties 1')


def test_it_builds_from_a_config_and_serialises(table_root):
    table_root.write(VOTES)
    config = dict(
        type='SoftLabelDataset',
        ann_file='train.csv',
        data_root=str(table_root.path),
        classes=THREE,
        pipeline=[])
    plain = DATASETS.build(dict(config, serialize_data=False))
    packed = DATASETS.build(config)
    for one, two in zip(items(plain), items(packed)):
        assert one.keys() == two.keys()
        np.testing.assert_array_equal(one['gt_score'], two['gt_score'])
    assert len(ConcatDataset([packed, DATASETS.build(config)])) == 8
    assert len(packed.get_subset([0, 2])) == 2


def test_metainfo_is_plain_data(table_root):
    table_root.write(VOTES)
    # It goes into checkpoints, which are read without unpickling code.
    json.dumps(build(table_root).metainfo)
