"""What an exported file says of itself."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from ..files.json_text import parse_json
from .preprocessing import Preprocessing

FORMAT = 'uar_mmpretrain.onnx/1'
_FORMAT_KEY = 'format'


@dataclass(frozen=True)
class Metadata:
    """Metadata of an exported model, one JSON value per key in the file.

    Args:
        classes (Sequence[str]): Class order.
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        preprocessing (Preprocessing): What the graph expects.
        router (Mapping | None): Fields of the ``Router`` in the graph,
            without its calibration scores; None if there is no router.
        actions (Sequence[str]): Names of the values of the output ``action``.
        provenance (Mapping): Where the weights come from, and what exported
            them.
    """

    classes: Sequence[str]
    kind: str
    preprocessing: Preprocessing
    router: Mapping[str, Any] | None = None
    actions: Sequence[str] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def _check(self) -> None:
        """Refuse values of other types, as anybody can write them."""
        router = {} if self.router is None else self.router
        fits = {
            'classes': _are_texts(self.classes) and len(self.classes) > 1,
            'kind': isinstance(self.kind, str),
            'actions': _are_texts(self.actions),
            'provenance': isinstance(self.provenance, dict),
            'router': isinstance(router, dict) and all(
                isinstance(router[name], (int, float)) and isinstance(
                    router['score'], str)
                for name in ('tau_epistemic', 'tau_aleatoric') if router),
        }
        wrong = [name for name, right in fits.items() if not right]
        if wrong:
            raise TypeError(f'{wrong[0]} is '
                            f'{reprlib.repr(getattr(self, wrong[0]))}')

    def to_properties(self) -> dict[str, str]:
        """Return the ``metadata_props`` of an ONNX file."""
        record = {_FORMAT_KEY: FORMAT, **asdict(self)}
        return {key: json.dumps(value) for key, value in record.items()}

    @classmethod
    def from_properties(cls, properties: Mapping[str, str]) -> Metadata:
        """Read what :meth:`to_properties` returned.

        Raises:
            ValueError: If it was not written by this package, or by another
                version of the format.
        """
        found = None
        # What is no JSON is not ours: as good as missing.
        with suppress(KeyError, ValueError):
            found = parse_json(properties[_FORMAT_KEY])
        again = 'Export the checkpoint with tools/export_onnx.py.'
        if found != FORMAT:
            raise ValueError(
                f'format {found!r} in its metadata, expected {FORMAT!r}: '
                f'another tool or version wrote it. {again}')
        try:
            record = {key: parse_json(properties[key])
                      for key in cls.__annotations__ if key in properties}
            record['preprocessing'] = Preprocessing(**record['preprocessing'])
            metadata = cls(**record)
            metadata._check()
            return metadata
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ValueError(f'its metadata is incomplete or damaged '
                             f'({error}). '
                             f'{again}') from error


def _are_texts(values: Any) -> bool:
    return isinstance(values, (list, tuple)) and all(
        isinstance(value, str) for value in values)
