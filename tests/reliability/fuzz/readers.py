"""Every reader of labels: a small valid file, and who judges what it gives."""

import csv
import io
import json
from functools import partial

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from uar_mmpretrain.datasets.affectnet import AffectNet
from uar_mmpretrain.datasets.ferplus import FERPlus
from uar_mmpretrain.datasets.noisy_labels import NoisyLabels
from uar_mmpretrain.datasets.rafdb import RAFDB
from uar_mmpretrain.datasets.soft_label import SoftLabelDataset
from uar_mmpretrain.datasets.transforms import LoadActionUnits

from . import judges, oracles
from .binary_mutations import damaged_array, damaged_columns
from .judges import CLASSES, FERPLUS, PATHS, VOTES
from .mutations import (
    damaged_bytes,
    damaged_lines,
    damaged_table,
    damaged_tokens,
)
from .reader import Reader


def as_csv(rows, delimiter=','):
    out = io.StringIO(newline='')
    csv.writer(out, delimiter=delimiter, lineterminator='\n').writerows(rows)
    return out.getvalue().encode()


def build(kind, folder, **options):
    return kind(data_root=str(folder), pipeline=[], serialize_data=False,
                **options)


def load_action_units(folder):
    return LoadActionUnits(folder / 'aus.csv')


def load_noisy(folder):
    plain = build(SoftLabelDataset, folder, classes=CLASSES,
                  ann_file='votes.csv')
    return NoisyLabels(plain, labels=folder / 'noisy.csv')


HEADER = ['img_path', *(f'vote_{name}' for name in CLASSES), 'vote_unknown',
          'comment']
TABLE = as_csv([HEADER, *([path, *votes, 0, 'ok'] for path, votes
                          in zip(PATHS, VOTES.tolist()))])
BARE = as_csv([['img_path', *CLASSES], *([path, *(votes / votes.sum())]
                                         for path, votes
                                         in zip(PATHS, VOTES))])
LINES = '\n'.join(
    json.dumps({'img_path': path, 'votes': dict(zip(CLASSES, votes))})
    for path, votes in zip(PATHS, VOTES.tolist())).encode()


def as_parquet(spread):
    columns = {'img_path': PATHS}
    if spread:
        columns.update({f'vote_{name}': VOTES[:, i]
                        for i, name in enumerate(CLASSES)})
    else:
        columns['votes'] = VOTES.tolist()
    table = pa.table(columns).replace_schema_metadata(
        {'classes': json.dumps(CLASSES)})
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()


def as_npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


FER_ROWS = [[f'fer{i}.png', '(0, 0, 48, 48)', *votes, 0, 0] for i, votes
            in enumerate(np.random.default_rng(1).integers(
                1, 9, (6, 8)).tolist())]
FER_IMAGES = {f'FER2013Train/fer{i}.png': b'' for i in range(6)}
WHOLE = [['Usage', 'Image name', *FERPLUS, 'unknown', 'NF'],
         *(['Training', row[0], *row[2:]] for row in FER_ROWS),
         ['PublicTest', 'fer9.png', *[1] * 10]]
LIST = '\n'.join(
    [f'train_{i:05d}.jpg {i}' for i in range(1, 8)]
    + ['test_0001.jpg 3']).encode()
DISTRIBUTIONS = '\n'.join(
    f'train_{i:05d}.jpg ' + ' '.join(
        '0.7' if place == i - 1 else '0.05' for place in range(7))
    for i in range(1, 8)).encode()
RAF_IMAGES = {f'Image/aligned/train_{i:05d}_aligned.jpg': b''
              for i in range(1, 8)}
AFFECT = [['subDirectory_filePath', 'face_x', 'face_y', 'face_width',
           'face_height', 'facial_landmarks', 'expression', 'valence',
           'arousal'],
          *([f'1/{i}.jpg', 4, 5, 90, 91, '1;2;3', i, 0.5, -0.25]
            for i in (0, 1, 2, 3, 7, 8))]
AFFECT_IMAGES = {f'Manually_Annotated_Images/1/{i}.jpg': b''
                 for i in range(10)}
AUS = [['frame', 'img_path', 'success', 'AU04', 'AU06_r', 'AU12_r'],
       *([i, path, 1, 0.5, i / 2, 3] for i, path in enumerate(PATHS))]
A_IMAGES = dict.fromkeys(PATHS, b'')

_soft = partial(build, SoftLabelDataset, classes=CLASSES)
_rows = (damaged_bytes, damaged_table, damaged_table, damaged_lines)
_text = (damaged_bytes, damaged_lines,
         partial(damaged_table, delimiter=' '))
LABEL_FILES = {
    'table.csv': Reader(
        'votes.csv', TABLE, _rows, partial(_soft, ann_file='votes.csv'),
        partial(judges.judge_votes, oracles.columns_of), A_IMAGES),
    'table.tsv, probabilities': Reader(
        'probs.tsv', BARE.replace(b',', b'\t'),
        (damaged_bytes, partial(damaged_table, delimiter='\t'),
         damaged_lines),
        partial(_soft, ann_file='probs.tsv', values='probs'),
        judges.judge_probs, A_IMAGES),
    'JSON lines': Reader(
        'votes.jsonl', LINES, (damaged_bytes, damaged_tokens, damaged_tokens,
                               damaged_lines),
        partial(_soft, ann_file='votes.jsonl'),
        partial(judges.judge_votes, oracles.objects_of), A_IMAGES),
    'Parquet': Reader(
        'votes.parquet', as_parquet(True), (damaged_bytes, damaged_columns),
        partial(_soft, ann_file='votes.parquet'),
        partial(judges.judge_votes, oracles.parquet_of), A_IMAGES),
    'Parquet, lists': Reader(
        'lists.parquet', as_parquet(False), (damaged_bytes, damaged_columns),
        partial(_soft, ann_file='lists.parquet'),
        partial(judges.judge_votes, oracles.parquet_of), A_IMAGES),
    'npy': Reader(
        'votes.npy', as_npy(VOTES), (damaged_bytes, damaged_array),
        partial(_soft, ann_file='votes.npy', values='votes',
                paths_file='paths.txt'), judges.judge_array,
        {**A_IMAGES, 'paths.txt': '\n'.join(PATHS).encode()}),
    'npy, paths': Reader(
        'paths.txt', '\n'.join(PATHS).encode(),
        (damaged_bytes, damaged_lines, damaged_table),
        partial(_soft, ann_file='votes.npy', values='votes',
                paths_file='paths.txt'), judges.judge_paths,
        {**A_IMAGES, 'votes.npy': as_npy(VOTES)}, names=('votes.npy', )),
    'FER+ label.csv': Reader(
        'FER2013Train/label.csv', as_csv(FER_ROWS), _rows,
        partial(build, FERPlus), judges.judge_label_csv, FER_IMAGES,
        names=('label.csv', )),
    'FER+ fer2013new.csv': Reader(
        'fer2013new.csv', as_csv(WHOLE), _rows, partial(build, FERPlus),
        judges.judge_whole_file, FER_IMAGES),
    'RAF-DB list': Reader(
        'EmoLabel/list_patition_label.txt', LIST, _text,
        partial(build, RAFDB, split='trainval'), judges.judge_list, RAF_IMAGES,
        names=('list_patition_label.txt', )),
    'RAF-DB distributions': Reader(
        'distribution.txt', DISTRIBUTIONS, _text,
        partial(build, RAFDB, split='trainval',
                distribution_file='distribution.txt'),
        judges.judge_distributions,
        {**RAF_IMAGES, 'EmoLabel/list_patition_label.txt': LIST}),
    'AffectNet csv': Reader(
        'Manually_Annotated_file_lists/training.csv', as_csv(AFFECT), _rows,
        partial(build, AffectNet, split='trainval'),
        judges.judge_affectnet_csv, AFFECT_IMAGES,
        names=('training.csv', )),
    'AffectNet npy': Reader(
        'train_set/annotations/1_exp.npy', as_npy(np.array('3')),
        (damaged_bytes, damaged_array),
        partial(build, AffectNet, split='trainval'),
        judges.judge_affectnet_npy,
        {'train_set/images/1.jpg': b'', 'train_set/images/2.jpg': b'',
         'train_set/annotations/2_exp.npy': as_npy(np.array(4))},
        names=('1_exp.npy', )),
    'NoisyLabels table': Reader(
        'noisy.csv', TABLE, _rows, load_noisy, judges.judge_noisy,
        {**A_IMAGES, 'votes.csv': TABLE}),
    'action units': Reader(
        'aus.csv', as_csv(AUS), _rows, load_action_units,
        judges.judge_action_units),
}
