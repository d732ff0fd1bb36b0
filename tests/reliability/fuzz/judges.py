"""What was loaded against what the damaged file says."""

import io
from pathlib import Path

import numpy as np

from uar_mmpretrain.datasets.synthetic import ACTION_UNITS

from . import oracles

CLASSES = ('neutral', 'happiness', 'sadness', 'anger')
PATHS = [f'a/{i}.png' for i in range(8)]
VOTES = np.random.default_rng(3).integers(0, 9, (8, 4)) + 1
FERPLUS = ('neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust',
           'fear', 'contempt')
RAFDB_ORDER = ('surprise', 'fear', 'disgust', 'happiness', 'sadness',
               'anger', 'neutral')


def items(dataset):
    return [dataset.get_data_info(i) for i in range(len(dataset))]


def check_scores(dataset):
    """Targets are distributions, whatever they were made of."""
    for item in items(dataset):
        score = item['gt_score']
        assert np.isfinite(score).all() and (score >= 0).all()
        assert abs(score.sum() - 1) < 1e-5
        assert 0 <= item['gt_label'] < len(dataset.CLASSES)
        assert score[item['gt_label']] > 0
        assert -1 <= item['eval_label'] < len(dataset.CLASSES)


def judge_votes(read, dataset, data):
    """Every image has the votes of its row, and no row is lost."""
    check_scores(dataset)
    expected = oracles.votes_of(read(data), dataset.CLASSES)
    kept = {path: votes for path, votes in expected.items() if any(votes)}
    found = {item['image_id']: item['gt_votes'] for item in items(dataset)}
    assert found.keys() == kept.keys()
    for path, votes in found.items():
        np.testing.assert_array_equal(votes, kept[path], err_msg=path)
        np.testing.assert_allclose(
            next(item['gt_score'] for item in items(dataset)
                 if item['image_id'] == path),
            np.array(kept[path]) / sum(kept[path]), rtol=1e-5, atol=1e-7)


def judge_probs(dataset, data):
    check_scores(dataset)
    columns = oracles.columns_of(data)
    expected = oracles.votes_of(
        {f'vote_{name}' if name != 'img_path' else name: cells
         for name, cells in columns.items()}, dataset.CLASSES)
    found = {item['image_id']: item['gt_score'] for item in items(dataset)}
    assert found.keys() == expected.keys()
    for path, score in found.items():
        # Slightly off, they are renormalised.
        np.testing.assert_allclose(
            score, np.array(expected[path]) / sum(expected[path]), rtol=1e-5,
            atol=1e-7, err_msg=path)


def judge_array(dataset, data):
    check_scores(dataset)
    array = np.load(io.BytesIO(data), allow_pickle=False)
    assert len(dataset) == len(array)
    for item, votes in zip(items(dataset), array):
        np.testing.assert_array_equal(item['gt_votes'], votes)


def judge_paths(dataset, data):
    check_scores(dataset)
    paths = [oracles.path_of(line) for line
             in oracles.text_of(data).splitlines() if line.strip()]
    assert [item['image_id'] for item in items(dataset)] == paths
    assert len(dataset) == len(VOTES)
    for item, votes in zip(items(dataset), VOTES):
        np.testing.assert_array_equal(item['gt_votes'], votes)


def judge_label_csv(dataset, data):
    """No header: the name, the box, then the votes in FER+'s order."""
    check_scores(dataset)
    first = {}
    for row in oracles.rows_of(data, ','):
        assert len(row) == 12
        if row[0].strip():
            first.setdefault(oracles.path_of(row[0], 'FER2013Train'),
                             [float(cell) for cell in row[2:10]])
    compare_ferplus(dataset, first)


def judge_whole_file(dataset, data):
    columns = oracles.columns_of(data, ',')
    first = {}
    for row, usage in enumerate(columns['Usage']):
        assert usage in ('Training', 'PublicTest', 'PrivateTest')
        name = columns['Image name'][row]
        if usage == 'Training' and name:
            first.setdefault(oracles.path_of(name, 'FER2013Train'),
                             [float(columns[cls][row]) for cls in FERPLUS])
    compare_ferplus(dataset, first)


def compare_ferplus(dataset, expected):
    check_scores(dataset)
    order = [FERPLUS.index(name) for name in dataset.CLASSES]
    found = {item['image_id']: item['gt_votes'] for item in items(dataset)}
    assert found.keys() == {path for path, votes in expected.items()
                            if any(votes)}
    for path, votes in found.items():
        np.testing.assert_array_equal(
            votes, np.array(expected[path])[order], err_msg=path)


def lines_of(data):
    text = oracles.text_of(data).replace('\r\n', '\n').replace('\r', '\n')
    return [line.split() for line in text.split('\n') if line.strip()]


def aligned(name):
    stem, dot, suffix = name.rpartition('.')
    if not dot:
        stem, suffix = name, ''
    if not stem.endswith('_aligned'):
        stem += '_aligned'
    return oracles.path_of(f'{stem}{dot}{suffix}', 'Image/aligned')


def judge_list(dataset, data):
    check_scores(dataset)
    expected = {}
    for fields in lines_of(data):
        path = aligned(fields[0])
        name = RAFDB_ORDER[int(float(fields[1])) - 1]
        assert expected.setdefault(path, name) == name
    found = {item['image_id']: dataset.CLASSES[item['gt_label']]
             for item in items(dataset)}
    assert found == {path: name for path, name in expected.items()
                     if Path(path).name.startswith('train_')}


def judge_distributions(dataset, data):
    check_scores(dataset)
    expected = {aligned(fields[0]): [float(x) for x in fields[1:]]
                for fields in lines_of(data)}
    order = [RAFDB_ORDER.index(name) for name in dataset.CLASSES]
    assert len(dataset) == 7
    for item in items(dataset):
        probs = np.array(expected[item['image_id']])[order]
        np.testing.assert_allclose(item['gt_score'], probs / probs.sum(),
                                   rtol=1e-5, atol=1e-7)


def judge_affectnet_csv(dataset, data):
    check_scores(dataset)
    columns = oracles.columns_of(data, ',')
    expected = {}
    for row, cell in enumerate(columns['subDirectory_filePath']):
        label = float(columns['expression'][row])
        if label < 8:
            path = oracles.path_of(cell, 'Manually_Annotated_Images')
            assert expected.setdefault(path, label) == label
    found = {item['image_id']: item['gt_label'] for item in items(dataset)}
    assert found == expected, (found, expected)
    for item in items(dataset):
        assert all(0 <= value < 2**24 for value in item.get('box', ()))


def judge_affectnet_npy(dataset, data):
    check_scores(dataset)
    value = np.load(io.BytesIO(data), allow_pickle=False)
    found = {item['image_id']: item['gt_label'] for item in items(dataset)}
    label = int(value.item())
    assert found.get('train_set/images/1.jpg', 8) == min(label, 8)
    assert found['train_set/images/2.jpg'] == 4


def judge_action_units(transform, data):
    columns = oracles.columns_of(data)
    for row, path in enumerate(columns['img_path']):
        found = transform.transform({'image_id': path.replace('\\', '/')})
        for number, value in zip(ACTION_UNITS, found['aus']):
            names = [name for name in columns if name.lower().removesuffix(
                '_r') in (f'au{number}', f'au{number:02d}')]
            assert len(names) < 2
            cell = columns[names[0]][row] if names else ''
            if (cell in ('', 'None')
                    or float(columns.get('success', ['1'] * 99)[row]) == 0):
                assert np.isnan(value)
            else:
                most = 5 if names[0].lower().endswith('_r') else 1
                assert 0 <= float(cell) <= most
                expected = min(1, float(cell) / 3) if most == 5 else float(
                    cell)
                np.testing.assert_allclose(value, expected, rtol=1e-6)


def judge_noisy(dataset, data):
    check_scores(dataset)
    columns = oracles.columns_of(data)
    expected = oracles.votes_of(columns, dataset.CLASSES)
    assert len(dataset) == len(PATHS)
    for item, path, votes in zip(items(dataset), PATHS, VOTES):
        np.testing.assert_array_equal(item['gt_votes'],
                                      expected.get(path, votes))
