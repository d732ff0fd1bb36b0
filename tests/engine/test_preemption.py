"""SIGTERM and SIGUSR1: kept while a model is trained, else the end."""

import multiprocessing
import os
import signal
import threading
import time

import pytest

from uar_mmpretrain.engine.preemption import (
    EXIT_CODE,
    asked_to_stop,
    exit_when_asked,
    outlive_sigterm,
    stop_after_iteration,
)

SIGNALS = [signal.SIGTERM, signal.SIGUSR1]


def ask(number):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize('number', SIGNALS)
def test_kept_while_training(number):
    with exit_when_asked():
        assert asked_to_stop() == ''
        stop_after_iteration(True)
        ask(number)
        assert asked_to_stop() == number.name
    assert asked_to_stop() == ''


@pytest.mark.parametrize('number', SIGNALS)
def test_else_the_process_ends_with_the_code_that_says_try_again(number):
    with pytest.raises(SystemExit) as found, exit_when_asked():
        ask(number)
    assert found.value.code == EXIT_CODE == 75


def test_afterwards_signals_mean_what_they_meant():
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(ValueError), exit_when_asked():
        assert [signal.getsignal(number) for number in SIGNALS] != before
        raise ValueError
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_in_another_thread_nothing_happens():
    before, seen = signal.getsignal(signal.SIGTERM), []

    def work():
        with exit_when_asked():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def shielded(ready):
    outlive_sigterm()
    os.write(ready, b'x')
    time.sleep(60)


def test_a_data_worker_ends_by_its_parent_only():
    fork = multiprocessing.get_context('fork').Process
    ready, go = os.pipe()
    worker = fork(target=shielded, args=(go, ))
    worker.start()
    os.read(ready, 1)
    other = fork(target=os.kill, args=(worker.pid, signal.SIGTERM))
    other.start()
    other.join()
    worker.join(.2)
    assert worker.exitcode is None
    worker.terminate()
    worker.join(10)
    assert worker.exitcode == 0
