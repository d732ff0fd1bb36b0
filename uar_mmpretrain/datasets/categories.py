"""The one class order of the project, and how every data set maps onto it.

Data sets number the same expressions differently, and public copies of one
data set disagree with each other. So everything here goes by *name*: a data
set is described by its class names in its own order, and indices onto the
canonical order are derived from them.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from .table_checks import shown

__all__ = [
    'CANONICAL_CLASSES', 'NON_CLASS_NAMES', 'OWN_ORDERS', 'canonical_name',
    'is_non_class', 'near_miss', 'resolve_classes', 'to_canonical'
]

CANONICAL_CLASSES = ('neutral', 'happiness', 'sadness', 'surprise', 'fear',
                     'disgust', 'anger', 'contempt')
"""AffectNet's order; contempt last, so 7 classes are a prefix of the 8."""

NON_CLASS_NAMES = ('unknown', 'uncertain', 'none', 'other', 'nf', 'no-face',
                   'non-face')
"""Answers that say "no class": kept apart, never added to a class."""

_ALIASES = {
    'neutral': ('ne', 'neu', 'normal', 'calm'),
    'happiness': ('happy', 'ha', 'joy', 'smile'),
    'sadness': ('sad', 'sa'),
    # 'suprise' is a misspelling that many copies carry as a folder name.
    'surprise': ('surprised', 'su', 'suprise'),
    'fear': ('fearful', 'afraid', 'af', 'fe', 'scared'),
    'disgust': ('disgusted', 'di'),
    'anger': ('angry', 'an', 'mad'),
    'contempt': ('contemptuous', 'co'),
}
_CANONICAL_OF = {
    alias: name
    for name, aliases in _ALIASES.items() for alias in (name, *aliases)
}

_ALPHABETICAL_7 = ('anger', 'disgust', 'fear', 'happiness', 'neutral',
                   'sadness', 'surprise')

OWN_ORDERS = {
    'affectnet':
    CANONICAL_CLASSES,
    'ferplus': ('neutral', 'happiness', 'surprise', 'sadness', 'anger',
                'disgust', 'fear', 'contempt'),
    # In the files RAF-DB counts from 1: subtract 1 first.
    'rafdb': ('surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger',
              'neutral'),
    # RAF-ML has no neutral column.
    'rafml': ('surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger'),
    'fer2013': ('anger', 'disgust', 'fear', 'happiness', 'sadness',
                'surprise', 'neutral'),
    'alphabetical7':
    _ALPHABETICAL_7,
    'alphabetical8': ('anger', 'contempt', *_ALPHABETICAL_7[1:]),
    'ckplus': ('neutral', 'anger', 'contempt', 'disgust', 'fear',
               'happiness', 'sadness', 'surprise'),
    'affwild2': ('neutral', 'anger', 'disgust', 'fear', 'happiness',
                 'sadness', 'surprise'),
    # DFEW counts from 1 too.
    'dfew': ('happiness', 'sadness', 'neutral', 'anger', 'surprise',
             'disgust', 'fear'),
    'jaffe': ('neutral', 'happiness', 'sadness', 'surprise', 'fear',
              'disgust', 'anger'),
    'kdef': ('neutral', 'happiness', 'sadness', 'surprise', 'fear',
             'disgust', 'anger'),
}
"""Class names of each data set in the order of its own indices."""


def canonical_name(name: str) -> str:
    """Return the canonical name of a class.

    Args:
        name: A class name or one of its usual spellings (``happy``, ``AF``);
            case and surrounding blanks do not matter.

    Returns:
        One of :data:`CANONICAL_CLASSES`.

    Raises:
        ValueError: If the name is no expression class; a near miss is
            answered with a suggestion.
    """
    key = _key(name)
    if key in _CANONICAL_OF:
        return _CANONICAL_OF[key]
    if is_non_class(key):
        raise ValueError(f'{name!r} is an answer that names no class. The '
                         f'classes are {", ".join(CANONICAL_CLASSES)}.')
    near = near_miss(key)
    hint = f'; did you mean {near!r}?' if near else '.'
    raise ValueError(f"'{shown(name)}' is no class{hint} The classes are "
                     f'{", ".join(CANONICAL_CLASSES)}.')


def near_miss(name: str, cutoff: float = 0.7) -> str | None:
    """The known class name or spelling closest to a name, None if far."""
    near = difflib.get_close_matches(_key(name), _CANONICAL_OF, 1, cutoff)
    return near[0] if near else None


def is_non_class(name: str) -> bool:
    """Whether the name is a known answer that is no class (``unknown``)."""
    return _key(name).replace('_', '-') in NON_CLASS_NAMES


def resolve_classes(classes: int | Sequence[str] | None) -> tuple[str, ...]:
    """Turn the ``classes`` of a config into canonical names.

    Args:
        classes: None for all eight, 7 (no contempt) or 8, or names in the
            order the head is to use.

    Raises:
        ValueError: On an unknown or doubled name, or another number.
    """
    if classes is None:
        return CANONICAL_CLASSES
    if isinstance(classes, int):
        if classes not in (7, 8):
            raise ValueError(f'classes={classes}; as a number it is 7 (no '
                             'contempt) or 8. Name the classes otherwise.')
        return CANONICAL_CLASSES[:classes]
    if isinstance(classes, str):
        raise ValueError(f'classes={classes!r}; expected a list of names.')
    names = tuple(canonical_name(name) for name in classes)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled or len(names) < 2:
        raise ValueError(f'classes={list(classes)} needs at least two '
                         'classes, each once' +
                         (f'; {", ".join(doubled)} occurs twice.'
                          if doubled else '.'))
    return names


def to_canonical(order: str | Sequence[str]) -> tuple[int, ...]:
    """Canonical index of each of a data set's own indices.

    Args:
        order: A key of :data:`OWN_ORDERS`, or class names in own order.

    Returns:
        ``to_canonical(order)[own_index]`` is the canonical index.

    Raises:
        KeyError: If the data set is not in :data:`OWN_ORDERS`.
        ValueError: If a name is no class.
    """
    if isinstance(order, str):
        if order not in OWN_ORDERS:
            raise KeyError(f'no class order for {order!r}; known: '
                           f'{", ".join(sorted(OWN_ORDERS))}.')
        order = OWN_ORDERS[order]
    return tuple(
        CANONICAL_CLASSES.index(canonical_name(name)) for name in order)


def _key(name: str) -> str:
    return str(name).strip().lower()
