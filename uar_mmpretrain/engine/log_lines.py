"""The newest lines of logs that other processes write."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

# Enough for the last lines of a traceback; a log may have many megabytes.
_END = 2**14
_WIDTH = 110
# 'DATE - mmengine - INFO - '
_ORIGIN = re.compile(r'^\S+ \S+ - \w+ - [A-Z]+ - ')


def last_lines(log: Path, number: int) -> list[str]:
    """Return the last lines of a log that are not empty.

    Args:
        log (Path): Text file; none, and there are no lines.
        number (int): How many lines at most.

    Returns:
        list[str]: Oldest first. What a progress bar wrote over is gone.
    """
    if not log.is_file():
        return []
    with log.open('rb') as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _END))
        text = stream.read().decode('utf-8', errors='replace')
    lines = [line.rstrip('\r').rpartition('\r')[2].strip()
             for line in text.split('\n')]
    return [line for line in lines if line][-number:]


class LogProgress:
    """Tells, once in a while, how far processes are.

    Args:
        tell (Callable): Gets ``NAME: newest line of its log``, if that is
            another one than the last time.
        every (float): Seconds between two looks.
    """

    def __init__(self, tell: Callable[[str], None], every: float = 30) -> None:
        self.tell, self.every = tell, every
        self._next = time.monotonic() + every
        self._told: dict[str, str] = {}

    def look(self, logs: Mapping[str, Path]) -> None:
        """Look into the logs, if it is time to.

        Args:
            logs (Mapping[str, Path]): Log of each process by its name.
        """
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.every
        for name, log in logs.items():
            line = ''.join(last_lines(log, 1))
            if line != self._told.get(name, ''):
                self.tell(f'{name}: {_ORIGIN.sub("", line)[:_WIDTH]}')
                self._told[name] = line
