"""The actions' numbers are written into result files."""

from uar_mmpretrain.routing import Action


def test_numbers_and_order_of_severity():
    assert {action.name: action.value
            for action in Action} == dict(ACCEPT=0, REPORT=1, REJECT=2)
    assert Action.ACCEPT < Action.REPORT < Action.REJECT
    assert Action(2) is Action.REJECT
