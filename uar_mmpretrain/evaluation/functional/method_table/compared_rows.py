"""Whether two methods were tested on the same images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import PredictionTable


@dataclass(frozen=True, eq=False)
class ComparedRows:
    """What a test stood on, without what the method answered.

    Args:
        name (str): The method.
        keys (np.ndarray): ``(R,)`` str, image, corruption and severity.
        eval_label (np.ndarray): ``(R,)`` int.
        votes (np.ndarray): ``(R, C)`` counts, zeros without votes.
        classes (tuple[str, ...]): C names.
    """

    name: str
    keys: np.ndarray
    eval_label: np.ndarray
    votes: np.ndarray
    classes: tuple[str, ...]

    @classmethod
    def of(cls, name: str, table: PredictionTable) -> ComparedRows:
        """Take them from a table, whose rows are in a fixed order."""
        keys = np.array([
            f'{image} ({corruption}, severity {severity})'
            for image, corruption, severity in zip(
                table.image_id, table.corruption, table.severity)
        ])
        votes = (np.zeros((len(table), len(table.classes)))
                 if table.votes is None else table.votes)
        return cls(name, keys, table.eval_label, votes, table.classes)

    def check_same(self, other: ComparedRows) -> None:
        """Refuse another method's test on anything else.

        Args:
            other (ComparedRows): The other one.

        Raises:
            ValueError: If classes, images, corruptions, severities, labels
                or votes differ; the message names the first difference.
        """
        both = f'{other.name} and {self.name}'
        again = (f'Test {other.name} again with the data set, corruptions '
                 f'and label rules of {self.name}')
        if other.classes != self.classes:
            raise ValueError(
                f'{both} have other classes: {", ".join(other.classes)} and '
                f'{", ".join(self.classes)}. {again}.')
        if not np.array_equal(other.keys, self.keys):
            first = sorted({*other.keys.tolist()} ^ {*self.keys.tolist()})[0]
            raise ValueError(
                f'{both} were tested on different images: {len(other.keys)} '
                f'and {len(self.keys)} rows, first only in one: {first}. '
                f'{again}.')
        for what, mine, theirs in (
                ('evaluation label', self.eval_label, other.eval_label),
                ('votes', self.votes, other.votes)):
            differs = (mine != theirs).reshape(len(mine), -1).any(1)
            if differs.any():
                row = int(differs.argmax())
                raise ValueError(
                    f'{both} have other {what} for {self.keys[row]}: '
                    f'{theirs[row].tolist()} and {mine[row].tolist()} '
                    f'({int(differs.sum())} rows). {again}.')
