import pytest
from mmengine.config import Config

from uar_mmpretrain.engine.comparison import (
    Method,
    Weights,
    method_config,
    read_methods,
)
from uar_mmpretrain.engine.comparison.methods import forward_passes

A = dict(name='Deep ensemble (4)', config='a.py')


def test_a_list_of_methods():
    first, second = read_methods(dict(
        shared_options={'train_cfg.max_epochs': 2},
        methods=[A, dict(name='LDL', config='b.py',
                         cfg_options={'model.p': 1},
                         weights=dict(method='Deep ensemble (4)',
                                      file='member_0/member.pth'))]))
    assert first.folder == 'deep-ensemble-4'
    assert first.weights is None
    assert second.weights == Weights('Deep ensemble (4)',
                                     'member_0/member.pth')
    assert second.overrides == ({'train_cfg.max_epochs': 2}, {'model.p': 1})


@pytest.mark.parametrize('methods, message', [
    ([], 'lists no `methods`'),
    ([dict(name='x')], "'x': missing .'config'"),
    ([dict(A, chekpoint='x')], "unknown .'chekpoint'"),
    ([A, dict(A, name='deep ensemble 4')], "'deep-ensemble-4'.*differs"),
    ([dict(A, name='+')], "name that differs"),
    ([dict(A, weights=dict(method='later', file='x')),
      dict(A, name='later')], "'later'.*trains before.*there is none"),
    ([A, dict(name='b', config='b', train_dir='d',
              weights=dict(method=A['name'], file='x'))], 'train_dir'),
])
def test_mistakes_are_named(methods, message):
    with pytest.raises(ValueError, match=message):
        read_methods(dict(methods=methods))


def test_own_options_win_over_shared_ones(tmp_path):
    file = tmp_path / 'a.py'
    file.write_text('model = dict(p=1, q=1, r=1)')
    cfg = method_config(Method('a', str(file), (
        {'model.p': 2, 'model.q': 2}, {'model.q': 3})))
    assert cfg.model == dict(p=2, q=3, r=1)
    with pytest.raises(FileNotFoundError, match='no config at .*b.py'):
        method_config(Method('b', str(tmp_path / 'b.py')))


@pytest.mark.parametrize('cfg, expected', [
    (dict(model=dict()), 1),
    (dict(model=dict(num_passes=50)), 50),
    (dict(model=dict(), ensemble=dict(num_members=4)), 4),
    (dict(model=dict(), ensemble=dict(checkpoints=['a', 'b'])), 2),
])
def test_forward_passes(cfg, expected):
    assert forward_passes(Config(cfg)) == expected
