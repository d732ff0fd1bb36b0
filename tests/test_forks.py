"""What keeps a forked process of a test from waiting forever."""

import multiprocessing
import signal

import cv2
import torch


def remaining_seconds(answer):
    answer.send(signal.alarm(0))


def test_no_thread_pools_that_a_fork_would_lose():
    assert cv2.getNumThreads() == torch.get_num_threads() == 1


def test_a_forked_process_ends_before_the_test_that_waits_for_it(
        pytestconfig):
    answer, child_end = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context('fork').Process(
        target=remaining_seconds, args=(child_end, ))
    process.start()
    seconds = answer.recv()
    process.join()
    assert 0 < seconds < float(pytestconfig.getini('faulthandler_timeout'))
    assert pytestconfig.getini('faulthandler_exit_on_timeout')
