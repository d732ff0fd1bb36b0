"""Several commands at a time, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .log_lines import LogProgress, last_lines

_TAIL = 3


class CommandsFailed(RuntimeError):
    """Some commands ended with an error; the others are finished."""


def places(number: int, gpus: Sequence[str],
           cores: int) -> list[dict[str, str]]:
    """Divide a machine.

    Args:
        number (int): Processes at a time.
        gpus (Sequence[str]): GPUs as in ``CUDA_VISIBLE_DEVICES``; with more
            processes than GPUs several share one.
        cores (int): Processor cores.

    Returns:
        list[dict[str, str]]: Environment variables of each process: its GPU,
        and its share of the cores. Threads that are set already stay.

    Raises:
        ValueError: If the number is below 1.
    """
    if number < 1:
        raise ValueError(f'{number} members at a time; expected at least 1.')
    threads = str(max(1, cores // number))
    places = [dict(OMP_NUM_THREADS=os.environ.get('OMP_NUM_THREADS', threads))
              for _ in range(number)]
    for i, place in enumerate(places):
        if gpus:
            place['CUDA_VISIBLE_DEVICES'] = gpus[i % len(gpus)]
    return places


def run_side_by_side(commands: Mapping[str, Sequence[str]],
                     logs: Mapping[str, Path],
                     places: Sequence[Mapping[str, str]],
                     tell: Callable[[str], None] = print) -> None:
    """Run commands, as many at a time as there are places.

    One that fails takes no other with it. However this call ends, none is
    left running: they are told to stop (SIGTERM) and waited for.

    Args:
        commands (Mapping[str, Sequence[str]]): Command by name.
        logs (Mapping[str, Path]): File each appends its output to.
        places (Sequence[Mapping[str, str]]): Environment variables of each
            place.
        tell (Callable): Gets a line whenever one starts or ends, and now and
            then the newest line of each log.

    Raises:
        CommandsFailed: When all have ended: which failed, how, where to read.
    """
    waiting, free = list(commands), list(range(len(places)))
    running: dict[str, tuple[subprocess.Popen, int]] = {}
    failed = []
    progress = LogProgress(tell)
    try:
        while waiting or running:
            while waiting and free:
                name, place = waiting.pop(0), free.pop(0)
                running[name] = _start(commands[name], logs[name],
                                       places[place]), place
                tell(f'{name}: started, log in {logs[name]}')
            time.sleep(0.1)
            progress.look({name: logs[name] for name in running})
            ended = [name for name, (process, _) in running.items()
                     if process.poll() is not None]
            for name in ended:
                process, place = running.pop(name)
                free.append(place)
                code = process.returncode
                tell(f'{name}: ' + (f'ended with code {code}' if code else
                                    'finished'))
                if code:
                    end = ' | '.join(last_lines(logs[name], _TAIL))
                    failed.append(f'{name} ended with code {code}: {end} '
                                  f'(all of it: {logs[name]})')
    finally:
        for process, _ in running.values():
            process.terminate()
        for process, _ in running.values():
            process.wait()
    if failed:
        raise CommandsFailed('\n'.join(failed))


def _start(command: Sequence[str], log: Path,
           place: Mapping[str, str]) -> subprocess.Popen:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open('a', encoding='utf-8') as stream:
        return subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, env={**os.environ, **place})
