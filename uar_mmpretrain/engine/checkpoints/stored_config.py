"""The config a checkpoint was made with, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from .stored_types import check_types


def find_config(checkpoint: str | Path, meta: Mapping[str, Any]) -> Config:
    """Find the config that belongs to a checkpoint.

    It is in the checkpoint (``meta['cfg']``, as mmengine stores it), or else
    the one config file beside it (mmengine writes one into the work dir).

    Args:
        checkpoint (str | Path): Path of the checkpoint.
        meta (Mapping): Its ``meta``.

    Returns:
        Config: The config.

    Raises:
        ValueError: If there is none, more than one, or the text holds more
            than values, or would build what is no registered class.
    """
    checkpoint = Path(checkpoint)
    give = 'Give the config of the training.'
    text = meta.get('cfg')
    if text:
        name = f'the config stored in {checkpoint}'
        return _checked(parse_config(str(text), name), name)
    files = sorted(checkpoint.parent.glob('*.py'))
    if len(files) != 1:
        names = ', '.join(file.name for file in files) or 'none'
        raise ValueError(f'{checkpoint} holds no config, and there is not '
                         f'exactly one beside it (found {names}). {give}')
    name = str(files[0])
    return _checked(
        parse_config(files[0].read_text(encoding='utf-8'), name), name)


def _checked(config: Config, name: str) -> Config:
    if (config.get('ensemble') or {}).get('configs'):
        raise ValueError(f'{name} names further config files '
                         '(ensemble.configs), which are programs. Give the '
                         'config of the training, if you trust them.')
    check_types(config, name)
    return config


def parse_config(text: str, name: str) -> Config:
    """Read a config as mmengine dumps it: values, nothing to run.

    Args:
        text (str): ``key = value`` statements of literals and ``dict()``.
        name (str): What the text is, for errors.

    Returns:
        Config: The values.

    Raises:
        ValueError: If the text holds anything else.
    """
    values = {}
    try:
        for statement in ast.parse(text).body:
            if not (isinstance(statement, ast.Assign)
                    and len(statement.targets) == 1
                    and isinstance(statement.targets[0], ast.Name)):
                raise ValueError(
                    f'line {statement.lineno} is no plain assignment')
            values[statement.targets[0].id] = ast.literal_eval(
                _DictCalls().visit(statement.value))
        return Config(values)
    # Such as brackets nested too deeply, a list as a key, or a name that
    # Config keeps for itself.
    except (SyntaxError, ValueError, TypeError, KeyError, AttributeError,
            RecursionError, MemoryError) as error:
        raise ValueError(
            f'{name} is not read, because it is more than plain values '
            f'({error}). Give the config file of the training.') from error


class _DictCalls(ast.NodeTransformer):
    """Turn ``dict(a=1)`` and ``dict({'a': 1})`` into ``{'a': 1}``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Rewrite one call; others are left, and refused."""
        self.generic_visit(node)
        keys = [word.arg for word in node.keywords]
        if not isinstance(node.func, ast.Name) or node.func.id != 'dict':
            return node
        if not node.args and None not in keys:
            return ast.Dict(keys=[ast.Constant(key) for key in keys],
                            values=[word.value for word in node.keywords])
        if len(node.args) == 1 and not keys and isinstance(
                node.args[0], ast.Dict):
            return node.args[0]
        return node
