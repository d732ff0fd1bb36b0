import pytest

from uar_mmpretrain.datasets.categories import (
    CANONICAL_CLASSES,
    OWN_ORDERS,
    canonical_name,
    is_non_class,
    resolve_classes,
    to_canonical,
)

# From the data sets' own papers and readers, position = own index.
EXPECTED = {
    'affectnet': '0 1 2 3 4 5 6 7',
    'ferplus': '0 1 3 2 6 5 4 7',
    'rafdb': '3 4 5 1 2 6 0',
    'rafml': '3 4 5 1 2 6',
    'fer2013': '6 5 4 1 2 3 0',
    'alphabetical7': '6 5 4 1 0 2 3',
    'alphabetical8': '6 7 5 4 1 0 2 3',
    'ckplus': '0 6 7 5 4 1 2 3',
    'affwild2': '0 6 5 4 1 2 3',
    'dfew': '1 2 0 6 3 5 4',
    'jaffe': '0 1 2 3 4 5 6',
    'kdef': '0 1 2 3 4 5 6',
}


@pytest.mark.parametrize('name', sorted(OWN_ORDERS))
def test_orders_map_as_published(name):
    assert to_canonical(name) == tuple(map(int, EXPECTED[name].split()))


def test_alphabetical_orders_are_alphabetical():
    for name in ('alphabetical7', 'alphabetical8'):
        assert list(OWN_ORDERS[name]) == sorted(OWN_ORDERS[name])


def test_own_names_can_be_mapped():
    assert to_canonical(['Angry', 'Happy', 'Neutral']) == (6, 1, 0)
    with pytest.raises(KeyError, match='no class order'):
        to_canonical('imagenet')


@pytest.mark.parametrize('spelling, name', [
    ('AF', 'fear'),
    ('AN', 'anger'),
    (' Happy ', 'happiness'),
    ('suprise', 'surprise'),
    ('normal', 'neutral'),
    ('Contemptuous', 'contempt'),
    ('sa', 'sadness'),
    ('di', 'disgust'),
])
def test_aliases(spelling, name):
    assert canonical_name(spelling) == name


def test_unknown_name_is_answered_with_a_suggestion():
    with pytest.raises(ValueError, match="did you mean 'happiness'"):
        canonical_name('hapiness')
    with pytest.raises(ValueError, match='is no class. The classes are'):
        canonical_name('zzz')
    with pytest.raises(ValueError, match='names no class'):
        canonical_name('unknown')


def test_non_classes():
    assert is_non_class('NF') and is_non_class('No_Face')
    assert not any(is_non_class(name) for name in CANONICAL_CLASSES)


def test_resolve_classes():
    assert resolve_classes(None) == CANONICAL_CLASSES == resolve_classes(8)
    assert resolve_classes(7) == CANONICAL_CLASSES[:7]
    assert resolve_classes(['sad', 'Happy']) == ('sadness', 'happiness')


@pytest.mark.parametrize('classes, message', [
    (6, 'it is 7'),
    ('happy', 'a list of names'),
    (['happy', 'joy'], 'happiness occurs twice'),
    (['happy'], 'at least two'),
    (['happy', 'angr'], "did you mean 'angry'"),
])
def test_bad_classes(classes, message):
    with pytest.raises(ValueError, match=message):
        resolve_classes(classes)
