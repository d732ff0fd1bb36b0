"""Processes that agree on what only one of them looks up."""

import pytest
from mmengine.config import Config
from mmengine.dist import get_rank

from uar_mmpretrain.engine.processes import from_main, start_processes


def look_up(path):
    """What another machine would not see yet."""
    if get_rank():
        raise AssertionError('only the main process may look')
    return path.read_text()


def agree(path, out):
    (out / f'value_{get_rank()}').write_text(from_main(look_up, path))
    try:
        from_main(look_up, path.with_name('missing'))
    except FileNotFoundError as error:
        (out / f'error_{get_rank()}').write_text(str(error))


def test_value_and_error_of_the_main_process_are_those_of_all(
        in_processes, tmp_path):
    file = tmp_path / 'file'
    file.write_text('here')
    in_processes(agree, file, tmp_path, number=3)
    for rank in range(3):
        assert (tmp_path / f'value_{rank}').read_text() == 'here'
        assert 'missing' in (tmp_path / f'error_{rank}').read_text()


def test_one_process_just_calls():
    assert from_main(max, 1, 2) == 2
    with pytest.raises(ZeroDivisionError):
        from_main(divmod, 1, 0)


@pytest.fixture
def without_gpu(monkeypatch):
    monkeypatch.setattr('torch.cuda.is_available', lambda: False)


def test_nothing_to_start(without_gpu):
    cfg = Config(dict(launcher='none'))
    start_processes(cfg)
    assert cfg.to_dict() == dict(launcher='none')


def start_on_cpu():
    cfg = Config(dict(launcher='pytorch', find_unused_parameters=True,
                      custom_hooks=[dict(type='Mine')]))
    start_processes(cfg)
    start_processes(cfg)
    assert cfg.custom_hooks == [
        dict(type='Mine'), dict(type='mmpretrain.BroadcastBuffersHook')]
    # mmengine's own choice for GPUs, or CPUs would train something else.
    assert cfg.model_wrapper_cfg.broadcast_buffers is False
    assert cfg.model_wrapper_cfg.find_unused_parameters is True
    cfg = Config(dict(launcher='pytorch', model_wrapper_cfg=dict(type='Mine')))
    start_processes(cfg)
    assert cfg.model_wrapper_cfg == dict(type='Mine')


def test_wrapper_on_cpus(without_gpu, in_processes):
    in_processes(start_on_cpu)


def test_cluster_launchers_need_gpus(without_gpu):
    with pytest.raises(ValueError, match="'slurm': no GPU.*dist_train.sh"):
        start_processes(Config(dict(launcher='slurm')))


def test_gpus_are_started_as_mmengine_would(monkeypatch):
    calls = []
    module = 'uar_mmpretrain.engine.processes'
    monkeypatch.setattr('torch.cuda.is_available', lambda: True)
    monkeypatch.setattr(f'{module}.set_multi_processing',
                        lambda **kwargs: calls.append(kwargs))
    monkeypatch.setattr(f'{module}.init_dist',
                        lambda *args, **kwargs: calls.append((args, kwargs)))
    start_processes(Config(dict(
        launcher='slurm', env_cfg=dict(
            mp_cfg=dict(mp_start_method='fork'),
            dist_cfg=dict(backend='nccl', timeout=60)))))
    assert calls == [dict(mp_start_method='fork', distributed=True),
                     (('slurm', ), dict(backend='nccl', timeout=60))]
