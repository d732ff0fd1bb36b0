"""A made-up comparison: what a training and a test leave is stubbed."""

from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config

from uar_mmpretrain.engine.comparison import (
    StepFailed,
    collect_figures,
    collect_runs,
    read_methods,
    run_methods,
)
from uar_mmpretrain.engine.runners.member_config import (
    fingerprint,
    member_config,
)
from uar_mmpretrain.evaluation.functional import PredictionTable, write_table
from uar_mmpretrain.evaluation.functional.method_table import compare_methods
from uar_mmpretrain.visualization import Results

CONFIG = '''
model = dict(members={members})
train_dataloader = dict(dataset=dict(type='Faces'), batch_size=4)
test_dataloader = dict(dataset=dict(type='Faces', size={size}), batch_size=4)
work_dir = None
'''


def predictions(num_members, num_images):
    rng = np.random.default_rng(num_members)
    images = np.repeat([f'{i:03}.png' for i in range(num_images)], 2)
    votes = np.repeat(np.random.default_rng(0).multinomial(
        10, [0.5, 0.3, 0.2], num_images), 2, axis=0)
    corrupted = np.tile([False, True], num_images)
    noise = rng.normal(size=(len(images), num_members, 3))
    scores = np.exp(np.log(votes + 1.)[:, None] +
                    np.where(corrupted, 2., 0.3)[:, None, None] * noise)
    return PredictionTable(
        image_id=images, corruption=np.where(corrupted, 'fog', 'clean'),
        severity=5 * corrupted, label=votes.argmax(1),
        eval_label=votes.argmax(1), votes=votes, classes=('a', 'b', 'c'),
        member_scores=scores / scores.sum(-1, keepdims=True))


class Tools:
    """Writes what the tools would; counts, and fails when told to."""

    def __init__(self):
        self.calls = []
        self.broken = set()

    def __call__(self, name, command, log, tell):
        tell(f'{name}: started')
        step, config = Path(command[1]).stem, Config.fromfile(command[2])
        folder = Path(command[command.index('--work-dir') + 1])
        name = Path(command[2]).parent.name
        self.calls.append((name, step))
        if (name, step) in self.broken:
            raise StepFailed('ended with code 1: no luck')
        folder.mkdir(parents=True, exist_ok=True)
        if step == 'train':
            assert '--resume' in command
            (folder / 'epoch_1.pth').write_text(str(config.model))
            (folder / 'last_checkpoint').write_text('epoch_1.pth')
            return
        assert Path(command[3]).is_file()
        write_table(predictions(config.model.members,
                                config.test_dataloader.dataset.size),
                    folder / 'test' / 'predictions.csv')
        Results(metrics={}).save(folder / 'test' / 'metrics.json')


@pytest.fixture
def tools():
    return Tools()


@pytest.fixture
def make_methods(tmp_path):

    def make(**sizes):
        entries = []
        for name, (members, size) in sizes.items():
            file = tmp_path / f'{name}_{members}_{size}.py'
            file.write_text(CONFIG.format(members=members, size=size))
            entries.append(dict(name=name, config=str(file)))
        entries.append(dict(
            name='reused', config=entries[0]['config'],
            cfg_options={'model.members': 1},
            weights=dict(method=entries[0]['name'], file='epoch_1.pth')))
        return read_methods(dict(methods=entries))

    return make


def run(methods, root, tools, selected=None):
    return list(run_methods(methods, root, selected, tools, lambda text: 0))


def collect(outcomes):
    return collect_figures(outcomes, 20, tell=lambda text: 0)


def test_all_are_trained_and_tested_once(tmp_path, tools, make_methods):
    methods, root = make_methods(a=(3, 40), b=(2, 40)), tmp_path / 'out'
    outcomes = run(methods, root, tools)
    assert tools.calls == [('a', 'train'), ('a', 'test'), ('b', 'train'),
                           ('b', 'test'), ('reused', 'test')]
    assert outcomes[2].trained_in == root / 'a' / 'train'
    figures, failures = collect(outcomes)
    assert not failures
    table = compare_methods(figures)
    assert [row.name for row in table.rows] == ['a', 'b', 'reused']
    cells = {row.name: row.cells['auroc_ambiguous'] for row in table.rows}
    assert cells['a'].value > 0.5
    assert 'one member' in cells['reused'].reason
    runs = collect_runs(outcomes, ['a', 'reused'])
    assert [(one.name, one.table.num_members) for one in runs] == [
        ('a', 3), ('reused', 1)]
    # The same command again has nothing to do.
    tools.calls.clear()
    assert run(methods, root, tools) == outcomes
    assert tools.calls == []


def test_a_failure_loses_no_other_method(tmp_path, tools, make_methods):
    methods, root = make_methods(a=(3, 40), b=(2, 40), c=(2, 40)), tmp_path
    tools.broken = {('b', 'train'), ('c', 'test')}
    figures, failures = collect(run(methods, root, tools))
    assert [one.name for one in figures] == ['a', 'reused']
    assert failures == dict.fromkeys('bc', 'ended with code 1: no luck')
    # Repaired, only what is missing runs.
    tools.broken.clear()
    tools.calls.clear()
    figures, failures = collect(run(methods, root, tools))
    assert len(figures) == 4 and not failures
    assert tools.calls == [('b', 'train'), ('b', 'test'), ('c', 'test')]


def test_weights_of_a_failed_training_are_missing(tmp_path, tools,
                                                  make_methods):
    methods = make_methods(a=(3, 40), b=(2, 40))
    tools.broken = {('a', 'train')}
    errors = [one.error for one in run(methods, tmp_path, tools)]
    assert errors[1] == ''
    assert 'needs the weights of a' in errors[2]
    assert ('reused', 'test') not in tools.calls


def test_a_missing_config_is_a_failure(tmp_path, tools, make_methods):
    methods = make_methods(a=(3, 40), b=(2, 40))
    Path(methods[1].config).unlink()
    errors = [one.error for one in run(methods, tmp_path / 'o', tools)]
    assert errors[0] == errors[2] == ''
    assert 'no config at' in errors[1]


def test_an_interruption_is_not_a_failure(tmp_path, tools, make_methods):
    def interrupted(*args):
        raise KeyboardInterrupt

    methods = make_methods(a=(3, 40))
    with pytest.raises(KeyboardInterrupt):
        run(methods, tmp_path / 'o', interrupted)
    assert not any(one.error for one in run(methods, tmp_path / 'o', tools))


def test_only_selected_methods_run(tmp_path, tools, make_methods):
    methods, root = make_methods(a=(3, 40), b=(2, 40)), tmp_path / 'out'
    outcomes = run(methods, root, tools, selected=['a'])
    assert tools.calls == [('a', 'train'), ('a', 'test')]
    assert ['not asked for' in one.error for one in outcomes] == [
        False, True, True]
    # What is finished stays in the table.
    outcomes = run(methods, root, tools, selected=['b'])
    assert [bool(one.error) for one in outcomes] == [False, False, True]


def test_another_score_needs_no_other_test(tmp_path, tools, make_methods):
    methods, root = make_methods(a=(3, 40)), tmp_path / 'out'
    run(methods, root, tools)
    tools.calls.clear()
    config = Path(methods[0].config)
    config.write_text(config.read_text() + '''
test_evaluator = [dict(type='RoutingMetric', score='total')]
''')
    figures, failures = collect(run(methods, root, tools))
    assert tools.calls == [] and not failures
    assert [one.score for one in figures] == ['total', 'total']
    found = figures[0].estimates
    assert found['retention'].value == found['retention_total'].value


def test_weights_of_another_config_are_refused(tmp_path, tools,
                                               make_methods):
    root = tmp_path / 'out'
    run(make_methods(a=(3, 40), b=(2, 40)), root, tools)
    outcomes = run(make_methods(a=(3, 40), b=(4, 40)), root, tools)
    assert 'trained with another config' in outcomes[1].error
    assert not outcomes[0].error and not outcomes[2].error


def test_a_changed_test_is_run_again(tmp_path, tools, make_methods):
    root = tmp_path / 'out'
    run(make_methods(a=(3, 40)), root, tools)
    tools.calls.clear()
    run(make_methods(a=(3, 44)), root, tools)
    assert tools.calls == [('a', 'test'), ('reused', 'test')]


def test_so_is_one_whose_predictions_or_weights_are_gone(
        tmp_path, tools, make_methods):
    methods, root = make_methods(a=(3, 40)), tmp_path / 'out'
    run(methods, root, tools)
    tools.calls.clear()
    (root / 'reused' / 'test' / 'predictions.csv').unlink()
    run(methods, root, tools)
    assert tools.calls == [('reused', 'test')]
    tools.calls.clear()
    (root / 'a' / 'train' / 'epoch_1.pth').unlink()
    run(methods, root, tools)
    # Trained again to the same weights: the tests still hold.
    assert tools.calls == [('a', 'train')]


def test_other_images_are_refused(tmp_path, tools, make_methods):
    outcomes = run(make_methods(a=(3, 40), b=(2, 44)), tmp_path, tools)
    figures, failures = collect(outcomes)
    assert [one.name for one in figures] == ['a', 'reused']
    assert 'different images: 88 and 80 rows' in failures['b']
    assert '040.png' in failures['b']


def test_an_ensemble_trained_before_is_used(tmp_path, tools):
    file, trained = tmp_path / 'e.py', tmp_path / 'earlier'
    file.write_text(CONFIG.format(members=2, size=40) +
                    'ensemble = dict(num_members=2)')
    for member in range(2):
        place = trained / f'member_{member}'
        place.mkdir(parents=True)
        cfg = Config.fromfile(str(file))
        cfg.work_dir = str(trained)
        (place / 'fingerprint.txt').write_text(
            fingerprint(member_config(cfg, member, member)) + '\n')
    (trained / 'ensemble.pth').write_text('weights')
    entry = dict(name='e', config=str(file), train_dir=str(trained))
    outcome, = run(read_methods(dict(methods=[entry])), tmp_path / 'out',
                   tools)
    assert tools.calls == [('e', 'test')]
    assert outcome.trained_in == trained
    # Of another config: the training is asked, and refuses it.
    (trained / 'member_1' / 'fingerprint.txt').write_text('else\n')
    run(read_methods(dict(methods=[dict(entry, name='f')])),
        tmp_path / 'out', tools)
    assert ('f', 'train') in tools.calls
