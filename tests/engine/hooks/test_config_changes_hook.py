"""Resuming with another config says so; starting from weights does not."""

import pytest
from mmengine.config import Config

from uar_mmpretrain.engine import ConfigChangesHook
from uar_mmpretrain.engine.hooks import config_changes_hook


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(config_changes_hook, 'print_log',
                        lambda text, *args: lines.append(text))
    return lines


@pytest.mark.parametrize('resume, epochs, told', [
    (True, 3, True), (True, 2, False), (False, 3, False)])
def test_a_changed_config(toy_runner, toy_set, said, resume, epochs, told):
    runner = toy_runner(2, [ConfigChangesHook()], train=toy_set(('a', 'b')),
                        resume=resume)
    runner.cfg = Config(dict(train_cfg=dict(max_epochs=epochs)))
    stored = Config(dict(train_cfg=dict(max_epochs=2))).pretty_text
    runner.call_hook('after_load_checkpoint',
                     checkpoint=dict(meta=dict(cfg=stored)))
    assert bool(said) == told
    if told:
        assert 'train_cfg.max_epochs: 2 -> 3' in said[0]
