"""Processes of a benchmark that speak over their standard input and output, a line at a time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from broker.server.process import popen_bound


@contextmanager
def child(argv: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that dies with us at the latest."""
    process = popen_bound(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def await_ready(process: subprocess.Popen[bytes]) -> None:
    """Wait until ``process`` says that it is ready.

    Raises:
        RuntimeError: it ended instead.
    """
    if process.stdout is None or process.stdout.readline() != b"ready\n":
        raise RuntimeError("a benchmark's process did not start")


def tell(process: subprocess.Popen[bytes], line: str) -> None:
    """Say ``line`` to ``process``."""
    if process.stdin is not None:
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()


def answer(process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401  whatever JSON it says
    """What ``process`` says next.

    Raises:
        RuntimeError: it ended instead.
    """
    line = b"" if process.stdout is None else process.stdout.readline()
    if not line:
        raise RuntimeError("a benchmark's process ended before it answered")
    return json.loads(line)
