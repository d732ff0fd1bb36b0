"""Asked to stop: a training saves what it has and ends, to be resumed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from mmengine.logging import print_log

# EX_TEMPFAIL of sysexits.h: nothing is wrong, try again.
EXIT_CODE = 75
# SLURM sends SIGTERM before it kills a job, and with --signal=USR1@300 this
# one earlier.
_SIGNALS = ('SIGTERM', 'SIGUSR1')


@dataclass
class _State:
    """What this process was asked, and whether it is asked too early."""

    asked: str = ''
    training: bool = False


_state = _State()


@contextmanager
def exit_when_asked() -> Iterator[None]:
    """End the process resumably on SIGTERM and SIGUSR1.

    While a model is trained the signal is kept for :class:`PreemptionHook`,
    which saves and ends the process after the iteration. At any other time
    it ends at once: all files are whole at any time. The exit code is 75.
    """
    numbers = [getattr(signal, name) for name in _SIGNALS
               if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # Only the main thread may ask for signals.
    before = {number: signal.signal(number, _on_signal)
              for number in numbers}
    try:
        yield
    finally:
        _state.asked, _state.training = '', False
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


def asked_to_stop() -> str:
    """Return the name of the signal that came, '' if none did."""
    return _state.asked


def stop_after_iteration(training: bool) -> None:
    """Say whether a signal is to be kept until an iteration ends."""
    _state.training = training


def leave(what: str) -> NoReturn:
    """End the process.

    Args:
        what (str): What was saved.

    Raises:
        SystemExit: Always, with code 75.
    """
    asked = _state.asked or 'another process was asked to stop'
    print_log(f'{asked}: {what}. The same command with --resume goes on. '
              f'(exit code {EXIT_CODE})', 'current')
    raise SystemExit(EXIT_CODE)


def _on_signal(number: int, frame: FrameType | None) -> None:
    _state.asked = signal.Signals(number).name
    if not _state.training:
        leave('stopped; what is finished is saved')


def outlive_sigterm() -> None:
    """Let a data worker live until its training is saved.

    SLURM sends SIGTERM to every process of a job, and a training whose
    worker ends fails. From now on this process ends by a SIGTERM of its
    parent only, which is how one that hangs is ended.
    """
    if not hasattr(signal, 'sigwaitinfo'):
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    while signal.sigwaitinfo({signal.SIGTERM}).si_pid != os.getppid():
        pass
    os._exit(0)
