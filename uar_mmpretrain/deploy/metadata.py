"""What an exported file says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

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
        record = {}
        for key in (_FORMAT_KEY, *cls.__annotations__):
            # What is no JSON is not ours: as good as missing.
            with suppress(KeyError, json.JSONDecodeError):
                record[key] = json.loads(properties[key])
        found = record.pop(_FORMAT_KEY, None)
        again = 'Export the checkpoint with tools/export_onnx.py.'
        if found != FORMAT:
            raise ValueError(
                f'format {found!r} in its metadata, expected {FORMAT!r}: '
                f'another tool or version wrote it. {again}')
        try:
            record['preprocessing'] = Preprocessing(**record['preprocessing'])
            return cls(**record)
        except (KeyError, TypeError) as error:
            raise ValueError(f'its metadata is incomplete ({error}). '
                             f'{again}') from error
