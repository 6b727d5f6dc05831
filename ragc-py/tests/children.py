"""Children of a fork, and what they tell."""

import os
import select
import signal

import pytest

DEADLINE = 60


def answer_of_child(work):
    """What `work` tells in the child of a fork, as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, work().encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], DEADLINE)
    if not ready:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the child of the fork hangs")
    answer = b""
    while piece := os.read(reader, 1 << 16):
        answer += piece
    os.close(reader)
    assert os.waitpid(child, 0)[1] == 0, answer
    return answer.decode()
