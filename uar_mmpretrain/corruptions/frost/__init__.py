"""Textures of the ``frost`` corruption, drawn instead of photographed."""

from .textures import covering, textures

__all__ = ['covering', 'textures']
