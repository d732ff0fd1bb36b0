"""Many damaged inputs, one after another, and the memory each one takes."""

import resource
from collections import Counter
from pathlib import Path
from typing import Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

STATUS = Path('/proc/self/status')
CLEAR = Path('/proc/self/clear_refs')


def _status(field: str) -> int:
    (line, ) = [line for line in STATUS.read_text().splitlines()
                if line.startswith(field + ':')]
    return int(line.split()[1]) * 1024


def peak_of(work: Callable):
    """What ``work`` returns, and by how many bytes memory rose within it.

    Linux can forget its peak so far; elsewhere a rise below the highest peak
    of the process is not seen.
    """
    if CLEAR.exists():
        CLEAR.write_text('5')
        before = _status('VmRSS')
        result = work()
        return result, _status('VmHWM') - before
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return result, (after - before) * 1024


def outcomes(judge: Callable, number: int, memory: int) -> Counter:
    """How often ``judge(rng)`` returned what, in ``number`` calls.

    Raises:
        AssertionError: If one call takes ``memory`` bytes or more.
    """
    counts: Counter = Counter()

    @settings(max_examples=number, deadline=None, database=None,
              derandomize=True, phases=(Phase.generate, ),
              suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def one(rng):
        outcome, taken = peak_of(lambda: judge(rng))
        assert taken < memory
        counts[outcome] += 1

    one()
    return counts
