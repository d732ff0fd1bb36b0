import json

import pytest

from uar_mmpretrain.engine.comparison.costs import (
    inference_cost,
    training_cost,
)


def log(folder, *entries, tail=''):
    file = folder / 'vis_data' / 'scalars.json'
    file.parent.mkdir(parents=True)
    file.write_text('\n'.join(map(json.dumps, entries)) + '\n' + tail)


def entry(step, time, epoch):
    return dict(step=step, iter=step, time=time, epoch=epoch, loss=1.)


def test_members_are_added(tmp_path):
    for member, time in ((0, 0.1), (1, 0.3)):
        log(tmp_path / f'member_{member}' / '2026_01', entry(10, time, 1),
            dict(step=1, time=99., accuracy=0.5), entry(30, 2 * time, 2))
    # 10 iterations, then 20 of twice the time.
    found = training_cost(tmp_path)
    assert found == dict(train_seconds=pytest.approx(50 * 0.4),
                         train_epochs=4)
    alone = training_cost(tmp_path / 'member_0')
    assert alone == dict(train_seconds=pytest.approx(5), train_epochs=2)


def test_iterations_repeated_after_an_interruption_count_once(tmp_path):
    log(tmp_path / '2026_01', entry(10, 1., 1), entry(20, 1., 2),
        tail='{"step": 30, "ti')
    log(tmp_path / '2026_02', entry(20, 3., 2), entry(30, 3., 3))
    assert training_cost(tmp_path) == dict(train_seconds=10 + 30 + 30,
                                           train_epochs=3)


def test_without_logs_nothing_is_known(tmp_path):
    assert training_cost(tmp_path) == {}
    assert inference_cost(tmp_path, 10, 5) == {}


def test_time_per_image_is_that_of_the_last_test(tmp_path):
    for name, time in (('2026_01', 9.), ('2026_02', 0.5)):
        file = tmp_path / name / f'{name}.json'
        file.parent.mkdir()
        file.write_text(json.dumps(dict(time=time, data_time=0.1)))
    (tmp_path / 'test').mkdir()
    (tmp_path / 'test' / 'metrics.json').write_text('{}')
    # 3 batches of 0.4 s without waiting, for 10 images.
    assert inference_cost(tmp_path, 10, 4) == dict(
        milliseconds=pytest.approx(120))
