"""Threads that read a class for the first time, all at once: the process survives."""

from __future__ import annotations

import subprocess
import sys

READ = """
import sys, threading
sys.setswitchinterval(1e-6)
import msgspec
from broker.fleet.surveys import Survey

content = msgspec.json.encode({
    "code": "a",
    "version": 1,
    "questions": [{"code": "b", "texts": {"bg": "c"}, "scale": "faces-5"}],
})
gate = threading.Barrier(16)

def read():
    gate.wait()
    msgspec.json.decode(content, type=Survey)

threads = [threading.Thread(target=read) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_first_readers_at_once() -> None:
    """A portal whose first two visitors came together died of it; so did 4 of 10 of these."""
    for _ in range(8):
        ended = subprocess.run([sys.executable, "-c", READ], capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr
