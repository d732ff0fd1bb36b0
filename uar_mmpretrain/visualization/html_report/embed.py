"""Data inside an HTML page: safe to embed, compact, and checked by hash."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import Any

import numpy as np

_ESCAPES = {'<': r'\u003c', '>': r'\u003e', '&': r'\u0026'}


def safe_json(value: Any) -> str:
    """Write JSON that cannot end the script element it stands in.

    Args:
        value (Any): JSON values.

    Returns:
        str: ASCII without ``<``, ``>`` and ``&``.

    Raises:
        ValueError: If a number is NaN or infinite, which JSON has not.
    """
    text = json.dumps(value, allow_nan=False, separators=(',', ':'))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def pack(values: np.ndarray, dtype: str) -> str:
    """Write numbers as base64, for a typed array of the page.

    Args:
        values (np.ndarray): Any shape.
        dtype (str): Little-endian type, as all browsers' machines have it.

    Returns:
        str: Base64 of the bytes.
    """
    data = np.ascontiguousarray(values, dtype=dtype).tobytes()
    return base64.b64encode(data).decode('ascii')


def script_hash(script: str) -> str:
    """Return the source expression by which a page allows one script.

    W3C, Content Security Policy Level 3, section 2.3.1 (hash-source).
    """
    digest = hashlib.sha256(script.encode('utf-8')).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def plain(text: object) -> str:
    """Escape text for Plotly, which reads tags such as links in labels."""
    return html.escape(str(text), quote=False)
