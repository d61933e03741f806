"""What a process costs, as the kernel counts it (proc(5))."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

KIB_PER_MIB: Final = 1024
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


def pss_mib(pid: int) -> float:
    """Memory of a process: what is its own, and its share of what it shares."""
    return _kib(pid, "smaps_rollup", "Pss") / KIB_PER_MIB


def rss_mib(pid: int) -> float:
    """Memory of a process that is resident, all that it shares included."""
    return _kib(pid, "status", "VmRSS") / KIB_PER_MIB


def open_files(pid: int) -> int:
    """How many files, sockets and pipes it has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 nothing but their number is wanted


def threads(pid: int) -> int:
    """How many threads it has."""
    return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 the same


def busy_percent(pids: Mapping[str, int], seconds: float) -> dict[str, float]:
    """Watch processes for ``seconds``; how much of a core each of them took, in percent."""
    before = {name: processor_s(pid) for name, pid in pids.items()}
    began_s = time.monotonic()
    time.sleep(seconds)
    taken_s = time.monotonic() - began_s
    return {
        name: round(100 * (processor_s(pid) - before[name]) / taken_s, 2)
        for name, pid in pids.items()
    }


def processor_s(pid: int) -> float:
    """Processor time that all its threads took so far, in the kernel as well."""
    # The name, in brackets, may hold anything; fields 14 and 15 are utime and stime.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _kib(pid: int, file: str, key: str) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1])
    raise RuntimeError(f"the kernel does not tell {key} of process {pid}")
