"""What action units say about an expression."""

import pytest
import torch
import yaml

from uar_mmpretrain.datasets.synthetic import ACTION_UNITS
from uar_mmpretrain.models.poi import AUPrior
from uar_mmpretrain.models.poi.au_prior import _TABLE

SEVEN = ('neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust',
         'anger')


def shown(*numbers):
    return torch.tensor([[float(au in numbers) for au in ACTION_UNITS]])


@pytest.mark.parametrize('numbers, name', [
    ((), 'neutral'), ((6, 12, 25), 'happiness'), ((4, 15, 17), 'sadness'),
    ((1, 2, 25, 26), 'surprise'), ((1, 4, 5, 20, 25), 'fear'),
    ((9, 10, 17), 'disgust'), ((4, 7, 24), 'anger'),
    ((12, 14), 'contempt')])
def test_the_expression_of_a_set(numbers, name):
    prior = AUPrior()(shown(*numbers))
    assert prior.argmax() == (*SEVEN, 'contempt').index(name)


# Computed apart from this code, with seventeen AUs: AU14 speaks for contempt
# only.
@pytest.mark.parametrize('numbers, temperature, expected', [
    ((6, 12, 25), 1, dict(happiness=.9996)),
    ((1, 2, 5, 25, 26), 1, dict(surprise=.9938)),
    ((), 1, dict(neutral=.9823)),
    ((6, 12, 25), 5, dict(happiness=.630)),
    ((1, 2, 5, 25, 26), 5, dict(surprise=.642)),
    ((), 5, dict(neutral=.387)),
    ((1, 4), 5, dict(sadness=.254, neutral=.187, fear=.183, anger=.124))])
def test_known_numbers(numbers, temperature, expected):
    prior = AUPrior(7, temperature=temperature, floor=0)(shown(*numbers))[0]
    digits = 1e-4 if temperature == 1 else 1e-3
    for name, value in expected.items():
        assert prior[SEVEN.index(name)] == pytest.approx(value,
                                                         abs=digits / 2)


def write_table(folder, content):
    path = folder / 'prior.yaml'
    path.write_text(yaml.safe_dump(content))
    return path


def test_an_unknown_action_unit_is_left_out(tmp_path):
    """The same as a table in which no class differs in it."""
    content = yaml.safe_load(_TABLE.read_text())
    for row in content['classes'].values():
        row.pop(4, None)
    without = AUPrior(7, write_table(tmp_path, content))
    aus = torch.rand(20, len(ACTION_UNITS))
    expected = without(aus)
    assert not torch.allclose(AUPrior(7)(aus), expected, atol=1e-3)
    aus[:, ACTION_UNITS.index(4)] = torch.nan
    assert torch.allclose(AUPrior(7)(aus), expected)


def test_nothing_known_is_uniform():
    prior = AUPrior(7)(torch.full((2, len(ACTION_UNITS)), torch.nan))
    assert torch.allclose(prior, torch.full((2, 7), 1 / 7))


def test_temperature_and_floor():
    aus = torch.rand(50, len(ACTION_UNITS)).round()
    assert torch.allclose(AUPrior(temperature=1e9, floor=0)(aus),
                          torch.full((50, 8), 1 / 8), atol=1e-6)
    prior = AUPrior(temperature=.1, floor=.08)(aus)
    assert prior.min() == pytest.approx(.01, abs=1e-6)
    assert torch.allclose(prior.sum(1), torch.ones(50))


def test_classes_in_another_order():
    order = ('anger', 'happiness', 'neutral')
    aus = torch.rand(5, len(ACTION_UNITS))
    scores = AUPrior(7, floor=0)(aus)[:, [6, 1, 0]]
    assert torch.allclose(AUPrior(order, floor=0)(aus),
                          scores / scores.sum(1, keepdim=True))


@pytest.mark.parametrize('content, message', [
    ({}, "keys 'unnamed'"),
    (dict(unnamed=.1, classes=dict(neutral={})), 'no row for happiness'),
    (dict(unnamed=.1, classes={name: {45: .5} for name in SEVEN}), 'AU45'),
    (dict(unnamed=.1, classes={name: {4: 1.} for name in SEVEN}),
     'above 0 and below 1')])
def test_a_bad_table_is_refused(tmp_path, content, message):
    with pytest.raises(ValueError, match=message):
        AUPrior(7, write_table(tmp_path, content))


@pytest.mark.parametrize('wrong', [
    dict(temperature=0), dict(temperature=float('nan')), dict(floor=1.5)])
def test_bad_arguments(wrong):
    with pytest.raises(ValueError, match='temperature'):
        AUPrior(**wrong)


def test_it_adds_nothing_to_a_checkpoint():
    assert not AUPrior().state_dict()
