import pytest

from uar_mmpretrain.files.json_text import parse_json


def test_what_json_is():
    assert parse_json('{"a": [1, {"b": null}], "c": {"b": 2}}') == {
        'a': [1, {'b': None}], 'c': {'b': 2}}


@pytest.mark.parametrize('text, message', [
    ('{"a": 1, "b": 2, "a": 1}', "'a' stands twice"),
    ('[{"x": {"y": 1, "y": 2}}]', "'y' stands twice"),
    ('[' * 100_000, 'nested too deeply'),
    ('{"a":' * 100_000, 'nested too deeply'),
    ('9' * 5000, 'Exceeds the limit'),
    ('{"a": 1} x', 'Extra data'),
    ('', 'Expecting value'),
])
def test_what_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse_json(text)
