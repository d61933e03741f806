"""A whole kiosk on arm64 and Python 3.13, as on a Raspberry Pi, pressed from outside."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.machines.machine import BOOT_S, Machine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NO, YES, LAMP, BUZZER = 4, 5, 6, 7


def test_a_kiosk_keeps_every_press_and_answers_it(project: Path, tmp_path: Path) -> None:
    """Each press lights up, is kept, is thanked for; nothing is lost, and it ends in the dark."""
    answers = [1, 0, 1, 1, 0]
    with Machine(project, tmp_path, "tests.machines.guest.kiosk") as machine:
        for line in (NO, YES):
            machine.lines.drive(line, is_high=True)
        assert machine.hear(BOOT_S) == {"ready": True}
        for answer in answers:
            visit(machine, YES if answer else NO)
        machine.tell("report")
        kept = machine.hear()["outbox"]
        machine.tell("end")
        assert machine.hear() == {"ended": 0}
        machine.wait()
        assert [event["value"] for event in kept] == answers
        assert machine.lines.outputs()[LAMP] is False


def visit(machine: Machine, line: int) -> None:
    """Press a button until the kiosk has thanked, and let the next visitor come."""
    machine.lines.drive(line, is_high=False)
    machine.lines.wait_for({LAMP: True, BUZZER: True})
    time.sleep(0.1)
    machine.lines.drive(line, is_high=True)
    machine.lines.wait_for({LAMP: False, BUZZER: False}, timeout_s=60)
    time.sleep(1)
