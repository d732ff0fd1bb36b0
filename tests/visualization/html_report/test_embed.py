"""Data inside a page."""

import json

import numpy as np
import pytest

from uar_mmpretrain.visualization.html_report.embed import (
    pack,
    plain,
    safe_json,
    script_hash,
)


def test_json_cannot_leave_its_element():
    value = {'</script><script>alert(1)</script>': ['<!--', '&lt;', '\u2028']}
    text = safe_json(value)
    assert not set('<>&\u2028') & set(text)
    assert json.loads(text) == value


def test_json_refuses_what_json_has_not():
    with pytest.raises(ValueError, match='JSON compliant'):
        safe_json([float('nan')])


@pytest.mark.parametrize('dtype', ['<f8', 'u1'])
def test_numbers_survive(unpack, dtype):
    values = np.array([0, 1, 2, 200])
    np.testing.assert_array_equal(unpack(pack(values, dtype), dtype), values)


def test_hash_of_the_standard():
    # W3C, Content Security Policy Level 3, section 8.4 (hash usage).
    assert script_hash("alert('Hello, world.');") == (
        "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='")


def test_plotly_sees_no_tags():
    assert plain('<a href="x">&</a>') == '&lt;a href="x"&gt;&amp;&lt;/a&gt;'
