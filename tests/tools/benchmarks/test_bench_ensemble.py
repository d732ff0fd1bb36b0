"""Every way to run an ensemble beside one member, in one table."""

import pandas as pd
import pytest

from uar_mmpretrain.deploy import export


def fails(*args, **kwargs):
    raise RuntimeError('no such luck\nat all')


def test_the_table(run_tool, tiny_config_file, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(export, 'export_onnx', fails)
    run_tool('benchmarks/bench_ensemble.py', tiny_config_file,
             '--image-size', 24, '--members', 3, '--repeats', 2,
             '--batch-sizes', 1, 3, '--ways', 'onnx', 'batched', 'loop',
             '--out-dir', tmp_path)
    frame = pd.read_csv(tmp_path / 'bench_ensemble.csv')
    assert frame['batch_size'].tolist() == [1] * 3 + [3] * 3
    assert frame['way'].tolist() == ['one member', 'batched', 'loop'] * 2
    assert (frame.iloc[:, 2:] > 0).all(axis=None)
    one = frame[frame['way'] == 'one member'].set_index('batch_size')
    for kind, ratio in (('milliseconds', 'ratio'),
                        ('processor_milliseconds', 'processor_ratio')):
        expected = frame[kind] / frame['batch_size'].map(one[kind])
        assert frame[ratio].tolist() == pytest.approx(expected.tolist())
    shown = capsys.readouterr().out
    assert '3 members on cpu' in shown
    assert 'left out: onnx: no such luck\n' in shown
    assert "batched='auto' at a batch of 3: member by member" in shown


@pytest.mark.parametrize('flag', ['--members', '--batch-sizes', '--repeats'])
def test_numbers_are_checked(run_tool, tiny_config_file, capsys, flag):
    with pytest.raises(SystemExit):
        run_tool('benchmarks/bench_ensemble.py', tiny_config_file,
                 '--image-size', 24, flag, 0)
    assert f'{flag} must be at least 1' in capsys.readouterr().err


def test_a_config_of_one_network_is_refused(run_tool, tmp_path):
    config = tmp_path / 'one.py'
    config.write_text('model = dict()')
    with pytest.raises(ValueError, match='one.py is no ensemble'):
        run_tool('benchmarks/bench_ensemble.py', config, '--image-size', 24)
