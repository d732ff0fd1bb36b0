"""Configs read as values, never run."""

import pytest
from mmengine.config import Config

from uar_mmpretrain.engine.checkpoints import find_config
from uar_mmpretrain.engine.checkpoints.stored_config import parse_config


def test_what_mmengine_dumps_reads_back(tiny_config_file):
    cfg = Config.fromfile(tiny_config_file)
    cfg.odd = {'a key': (1, -2.5, None), 'b': [dict(), "it's", True, 1e-7]}
    again = parse_config(cfg.pretty_text, 'text')
    assert again.to_dict() == cfg.to_dict()
    assert isinstance(again.odd['a key'], tuple)


@pytest.mark.parametrize('text', [
    'a = open("canary", "w")',
    'import os',
    'a = dict(b=__import__("os"))',
    'a = [x for x in (1, 2)]',
    'a = dict(**dict(b=1))',
    'a = dict({1: 2}, b=3)',
    'a.b = 1',
    'a = b = 1',
    'print(1)',
    'a = ',
])
def test_what_is_more_than_values_is_refused(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match='the file of X is not read'):
        parse_config(text, 'the file of X')
    assert not list(tmp_path.iterdir())


def test_the_config_in_the_checkpoint_comes_first(tmp_path):
    path = tmp_path / 'ensemble.pth'
    (tmp_path / 'one.py').write_text('a = 1')
    assert find_config(path, dict(cfg='a = 2')).a == 2
    assert find_config(path, {}).a == 1


def test_without_exactly_one_config_it_must_be_given(tmp_path):
    path = tmp_path / 'ensemble.pth'
    with pytest.raises(ValueError, match='found none'):
        find_config(path, {})
    for name in ('one.py', 'two.py'):
        (tmp_path / name).write_text('a = 1')
    with pytest.raises(ValueError, match='found one.py, two.py'):
        find_config(path, {})
