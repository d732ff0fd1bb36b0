from uar_mmpretrain.datasets.checks import copies_across, copies_within


def test_groups_within():
    assert copies_within(dict(c=b'1', a=b'1', d=b'2', b=b'3', e=b'3')) == [
        ['a', 'c'], ['b', 'e']]
    assert copies_within(dict(a=b'1', b=b'2')) == []


def test_across_names_the_copies_there():
    train = {'t1': b'1', 't2': b'1', 't3': b'2'}
    val = {'v1': b'1', 'v2': b'3', 'v3': b'1'}
    assert copies_across(val, train) == {'v1': ['t1', 't2'],
                                         'v3': ['t1', 't2']}
    # The other way round the copies are counted where they stand.
    assert copies_across(train, val) == {'t1': ['v1', 'v3'],
                                         't2': ['v1', 'v3']}
    assert copies_across({}, train) == copies_across(val, {}) == {}
