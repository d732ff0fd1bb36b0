"""What the fuzzing knows of a reader, and what may come of one file."""

import signal
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

# Seconds of computing for one file of less than a kilobyte.
PATIENCE = 5


@dataclass
class Reader:
    """One reader and one file that it reads.

    Attributes:
        file: The file that is damaged.
        seed: Its valid content.
        mutations: What may happen to it.
        load: Gives what the folder holds.
        judge: Compares that with the damaged bytes.
        others: Further files, whole, by name.
        names: What every refusal names, one of these.
    """

    file: str
    seed: bytes
    mutations: tuple
    load: Callable[[Path], Any]
    judge: Callable[[Any, bytes], None]
    others: dict = field(default_factory=dict)
    names: tuple = ()

    def lay_out(self, folder: Path) -> None:
        """Write the whole files."""
        for name, data in {**self.others, self.file: self.seed}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def outcome(self, folder: Path, data: bytes) -> str:
        """Load one damaged file; anything but the two ends is a failure."""
        (folder / self.file).write_bytes(data)
        try:
            with patience():
                found = self.load(folder)
        except (ValueError, KeyError, FileNotFoundError) as error:
            # Its subclasses, such as UnicodeDecodeError, are not ours.
            assert type(error) in (ValueError, KeyError, FileNotFoundError)
            message = str(error)
            assert any(name in message for name in
                       (Path(self.file).name, *self.names)), repr(error)
            assert len(message) < 2000
            return 'refused'
        self.judge(found, data)
        return 'loaded'


@contextmanager
def patience():
    """Interrupt what computes for too long."""
    def stop(*args):
        raise AssertionError(f'no end after {PATIENCE} s')

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
