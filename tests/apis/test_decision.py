"""Decisions as rows, lines and batches."""

import json

import numpy as np
import pytest

from uar_mmpretrain.apis import (
    Decision,
    Decisions,
    Item,
    Thresholds,
    decide_all,
    make_decision,
)

SCORES = np.array([[0.7, 0.3], [0.1, 0.9]])
CLASSES = ('anger', 'fear')


def decision(source='a.png'):
    return make_decision(Item(source, None, (1, 2, 3, 4)), CLASSES, SCORES,
                         (0.67, 0.47, 0.2), 0.2, 'REJECT',
                         Thresholds(0.1, 0.5))


def test_label_and_distribution_are_those_of_the_mean():
    one = decision()
    assert one.label == 'fear'
    assert one.distribution == pytest.approx(dict(anger=0.4, fear=0.6))
    assert one.reason.startswith('unlike the training images')


def test_a_line_per_decision_that_reads_back(tmp_path):
    path = tmp_path / 'new' / 'out.jsonl'
    rows = Decisions([decision(), Decision('b.png', error='0 bytes')])
    rows.write_jsonl(path)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines == [json.loads(json.dumps(one.to_dict())) for one in rows]
    np.testing.assert_allclose(lines[0]['member_scores'], SCORES)
    assert lines[1]['error'] == '0 bytes'
    assert lines[1]['label'] is None
    assert [p.name for p in path.parent.iterdir()] == ['out.jsonl']


def test_a_frame_has_the_columns_of_predictions():
    frame = Decisions([decision(), Decision('b.png', error='x')]).to_pandas()
    assert len(frame) == 2
    row = frame.iloc[0]
    assert row['prob_fear'] == pytest.approx(0.6)
    assert row['member1_anger'] == pytest.approx(0.1)
    assert row['face_w'] == 3
    assert frame['error'].tolist()[1] == 'x'
    assert np.isnan(frame['prob_fear'][1])


def test_failed_rows_keep_their_place_in_any_batch_size():
    items = [Item(str(n), ValueError('broken') if n in (0, 3) else n)
             for n in range(7)]

    def prepare(image):
        if image == 5:
            raise KeyError('odd')
        return image * 10

    def decide(batch):
        assert len(batch) <= size
        return [Decision(item.source, total=item.image) for item in batch]

    for size in (1, 2, 3, 7, 50):
        out = decide_all(items, prepare, decide, size, progress=False)
        assert [one.source for one in out] == list('0123456')
        assert [one.total for one in out] == [None, 10, 20, None, 40, None,
                                              60]
        assert [one.source for one in out.failed] == ['0', '3', '5']
        assert out[0].error == 'broken'
        assert 'odd' in out[5].error


def test_an_image_that_cannot_be_decided_does_not_end_its_batch():
    def decide(batch):
        if any(item.image == 2 for item in batch):
            raise ValueError('a score is NaN')
        return [Decision(item.source, total=item.image) for item in batch]

    items = [Item(str(n), n) for n in range(5)]
    out = decide_all(items, lambda image: image, decide, 4, progress=False)
    assert [one.total for one in out] == [0, 1, None, 3, 4]
    assert out[2].error == 'a score is NaN'


def test_other_errors_are_not_hidden():
    def decide(batch):
        raise RuntimeError('out of memory')

    with pytest.raises(RuntimeError, match='out of memory'):
        decide_all([Item('0', 0)], lambda image: image, decide,
                   progress=False)


def test_no_images_are_no_decisions():
    assert decide_all([], None, None) == []


def test_a_batch_size_below_one_is_refused():
    with pytest.raises(ValueError, match='batch_size is 0'):
        decide_all([], None, None, 0)
