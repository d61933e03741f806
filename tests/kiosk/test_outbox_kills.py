"""SIGKILL in the middle of commits: what was acknowledged is there, and nothing by halves."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

from tests.kiosk.builders import uuid

KILLS = 12


def _run_and_kill(path: Path, first: int, after_lines: int, project: Path) -> dict[int, list[int]]:
    """Let a process add events and kill it; the numbers it told, by first event."""
    command = [sys.executable, "-m", "tests.kiosk.adding_process", str(path), str(first)]
    environment = os.environ | {"PYTHONPATH": str(project)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after_lines)]
        process.kill()
        lines += process.stdout.readlines()
    told = [line.split() for line in lines if line.endswith("\n")]
    return {int(number): [int(seq) for seq in seqs] for number, *seqs in told}


def test_commits_survive_kills_whole_and_without_gaps(tmp_path: Path, project: Path) -> None:
    """Each acknowledged transaction is there with its numbers, and these run without gaps."""
    path = tmp_path / "outbox.db"
    chance = Random(7)
    told: dict[int, list[int]] = {}
    for kill in range(KILLS):
        told |= _run_and_kill(path, kill * 1_000_000 + 1, chance.randint(1, 40), project)
        with closing(sqlite3.connect(path)) as connection:
            rows = dict(connection.execute("SELECT id, seq FROM event ORDER BY seq"))
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert list(rows.values()) == list(range(1, len(rows) + 1))
        assert len(rows) % 3 == 0
        for number, seqs in told.items():
            assert [rows[uuid(number + n)] for n in range(3)] == seqs
