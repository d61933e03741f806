"""The report: what a kiosk tells of itself, and what it keeps to itself."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

import pytest

from broker.wire.messages import MAX_REPORT
from hardware.machine import Machine
from hardware.open import NoPanelSettings
from kiosk.clock import settle
from kiosk.configuration import ConfigurationFile
from kiosk.database import Counts
from kiosk.facts import Inner
from kiosk.health import Health
from kiosk.log_ring import MAX_LINE, LogRing, masked
from kiosk.outbox import Outbox
from kiosk.pin import hash_pin
from kiosk.report import report
from kiosk.settings import MaintenanceSettings, Settings
from tests.kiosk.builders import HandClock

PIN = hash_pin("2468")

SECRETS = {
    "a PIN": ('settings: pin = "2468"', "2468"),
    "what is kept of a PIN": (f"read {PIN}", PIN),
    "a password in JSON": ('{"password": "otkrij me"}', "otkrij"),
    "an option's value": ("ran: kiosk enrol --code ABCD-EFGH-1234 --server x", "ABCD"),
    "an option's value, joined": ("ran: kiosk enrol --enrolment-code=ABCD-EFGH", "ABCD"),
    "a name in an address": ("smtp://kmet:tajna@mail.example:25 refused", "tajna"),
    "a key": ("-----BEGIN PRIVATE KEY-----\nMIGH\nAgEA\n-----END PRIVATE KEY-----", "MIGH"),
    "half a key": ("-----BEGIN PRIVATE KEY-----\nMIGHAgEA", "MIGH"),
    "a key without its frame": ("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg12", "MIGH"),
    "a value that was chosen": ("can't be sent: Invalid enum value 'attitude' - at $", "attitude"),
    "a rating": ("can't be sent: value=1", "=1"),
    "an e-mail address": ("no such user ivan.petrov@troyan.example", "ivan"),
    "a telephone": ("call +359 88 812 3456 now", "812"),
    "a personal number": ("person 7501020018 asked", "7501020018"),
}

TOLD = [
    "the outbox (/var/lib/otziv-kiosk/outbox.db) failed: disk I/O error",
    "connection lost (closed by the broker)",
    "face-1: stuck, present: True",
    "ignored a message at otziv/v1/troyan/hall-3/commands: bad-json",
    "event 019a7c1e-7b1c-7d5e-8000-0123456789ab is in quarantine: unknown-touchpoint",
    "the screen has no letters for a language: ka; look at /opt/otziv/share/fonts",
]


@pytest.mark.parametrize(("line", "secret"), SECRETS.values(), ids=SECRETS.keys())
def test_secrets_answers_and_people_are_masked(line: str, secret: str) -> None:
    """What leaves the kiosk tells that something was there, and not what."""
    assert secret in line
    assert secret not in masked(line)
    assert "***" in masked(line)


@pytest.mark.parametrize("line", TOLD)
def test_what_helps_to_mend_a_kiosk_is_not_masked(line: str) -> None:
    """Paths, ids, faults and reasons stay legible."""
    assert masked(line) == line


def test_the_ring_keeps_the_last_lines() -> None:
    """So many, so long; while it listens, and no longer."""
    ring, log = LogRing(lines=3), logging.getLogger("test.ring")
    with ring.listening():
        for number in range(5):
            log.warning("line %d", number)
        log.warning("x" * 1000)
    log.warning("too late")
    lines = ring.lines()
    assert [line.rpartition(" ")[2] for line in lines[:2]] == ["3", "4"]
    assert len(lines) == 3
    assert len(lines[2]) == MAX_LINE


def _inner(folder: Path, outbox: Outbox) -> Inner:
    return Inner(
        settings=Settings(
            site="troyan",
            device="hall-1",
            touchpoint="desk-1",
            data=folder,
            panel=NoPanelSettings(),
            maintenance=MaintenanceSettings(pin=PIN),
        ),
        configuration=ConfigurationFile(folder / "configuration.json", "desk-1"),
        health=Health(),
        clock=HandClock(),
        counts=outbox.counts,
        is_connected=lambda: True,
        received=lambda: None,
    )


def test_a_report_tells_how_the_kiosk_is(tmp_path: Path) -> None:
    """Who it is, its machine, its network, its latest heartbeat and its log; no secret."""
    with closing(Outbox(tmp_path / "outbox.db")) as outbox:
        inner = _inner(tmp_path, outbox)
        inner.health.set_fault("face-1", "stuck", is_present=True)
        now = HandClock().read()
        inner.health.beat(now, settle(now, None), "f" * 32, Counts(12, 3, 0), 90)
        told = report(inner, ["one line", "another"], Machine(tmp_path))
    lines = told.splitlines()
    expected = {
        "device: troyan/hall-1",
        "touchpoint: desk-1",
        "machine: unknown",
        "broker: 127.0.0.1:1883, connected",
        "last receipt: none since the start",
        "last_seq: 12",
        "waiting: 3",
        "oldest_waiting_s: 90",
        "faults: face-1:stuck",
        "up: 1000 s",
    }
    assert expected <= set(lines)
    assert lines[-3:] == ["log:", "one line", "another"]
    assert PIN not in told


def test_a_report_before_the_first_heartbeat(tmp_path: Path) -> None:
    """What is known is told."""
    with closing(Outbox(tmp_path / "outbox.db")) as outbox:
        told = report(_inner(tmp_path, outbox), [], Machine(tmp_path))
    assert "heartbeat" not in told
    assert told.endswith("log:")


def test_the_oldest_lines_are_left_out_of_a_long_report(tmp_path: Path) -> None:
    """The newest tell most, and it says how many are missing."""
    log = [f"{number:04} {'x' * 495}" for number in range(400)]
    with closing(Outbox(tmp_path / "outbox.db")) as outbox:
        lines = report(_inner(tmp_path, outbox), log, Machine(tmp_path)).splitlines()
    assert sum(len(line) + 1 for line in lines) <= MAX_REPORT
    assert lines[-1] == log[-1]
    kept = sum(line in log for line in lines)
    assert kept > 180
    assert lines[-kept - 1] == f"({400 - kept} earlier lines left out)"
