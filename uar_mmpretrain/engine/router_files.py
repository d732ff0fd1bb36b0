"""Router files that belong to what is tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mmengine.logging import print_log
from mmengine.runner import Runner

from ..routing import Router, fingerprint_weights
from .checkpoints import read_checkpoint

FILE_NAME = 'router.json'


def load_router(path: Path, classes: Sequence[str] | None, kind: str | None,
                weights: Callable[[], Mapping] | None) -> Router:
    """Load a router, refused if it was calibrated for something else.

    Args:
        path (Path): Its file.
        classes (Sequence[str] | None): Class order in use.
        kind (str | None): Decomposition in use.
        weights (Callable | None): Gives the ``state_dict`` in use; asked
            only if the router knows its weights.

    Returns:
        Router: The router.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no router, or one for other weights, classes or
            another decomposition.
    """
    router = Router.load(path)
    found = (fingerprint_weights(weights())
             if router.checkpoint and weights is not None else None)
    try:
        router.check(classes=classes, kind=kind, checkpoint=found)
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from error
    return router


def find_router(runner: Runner) -> Router | None:
    """Find the router beside the tested checkpoint, or else in ``work_dir``.

    Args:
        runner (Runner): With a test set.

    Returns:
        Router | None: None if there is none, which the log says.

    Raises:
        ValueError: See :func:`load_router`.
    """
    folders = [Path(runner.work_dir)]
    checkpoint = runner._load_from
    if checkpoint is not None:
        folders.insert(0, Path(checkpoint).parent)
    model = runner.model
    while hasattr(model, 'module'):
        model = model.module
    for folder in folders:
        path = folder / FILE_NAME
        if path.is_file():
            print_log(f'router: {path}', 'current')
            # From the file: hooks may have changed what is in memory.
            weights = None if checkpoint is None else (
                lambda: read_checkpoint(checkpoint)['state_dict'])
            return load_router(
                path, runner.test_dataloader.dataset.metainfo.get('classes'),
                getattr(model, 'kind', None), weights)
    searched = ', '.join(dict.fromkeys(str(folder) for folder in folders))
    print_log(f'no {FILE_NAME} in {searched}: the predictions get no '
              'actions', 'current')
    return None
