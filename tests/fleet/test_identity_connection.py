"""Enrolled kiosks at a secure broker: the firmware's own process, over TLS, on both brokers."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from broker.fleet.certificates import revoke_device
from broker.fleet.revocation import write_lists
from hardware.virtual import VirtualPanelClient
from kiosk.__main__ import main
from kiosk.identity_file import IdentityFolder
from tests.fixtures.enrolment import Office, furnish
from tests.fleet.secure_hall import Guest, SecureHall, utc_now, wait_until
from tests.kiosk.builders import uuid

PATIENCE_S = 40.0
SETTINGS = """
site = "{site}"
device = "{device}"
touchpoint = "desk-1"
data = "data"
clock = "trusted"
broker.identity = "data/identity"
panel.kind = "virtual"
panel.path = "panel.sock"
relay.heartbeat_s = 0.5
"""


@pytest.fixture(
    params=["nats", pytest.param("mosquitto", marks=[pytest.mark.mosquitto, pytest.mark.slow])]
)
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SecureHall]:
    """A secure broker, once of each kind."""
    with SecureHall(request.param, tmp_path) as opened:
        furnish(opened.database)
        yield opened


@pytest.fixture
def office(hall: SecureHall) -> Iterator[Office]:
    """Who enrols kiosks for it."""
    made = Office(hall.folder, hall.database, hall.authority, hall.server.port)
    with made.endpoint():
        yield made


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[VirtualPanelClient]:
    """Somebody at the kiosk's panel, before it is there and after."""
    with closing(VirtualPanelClient(tmp_path / "panel.sock")) as client:
        yield client


def _write_settings(folder: Path, site: str, device: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(SETTINGS.format(site=site, device=device))
    return path


@contextmanager
def _running(settings: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A kiosk's process, ended as systemd does."""
    argv = [sys.executable, "-m", "kiosk", "run", "--settings", str(settings)]
    with (
        log.open("ab") as said,
        subprocess.Popen(argv, stderr=said, env=os.environ | {"PYTHONPATH": "."}) as kiosk,
    ):
        try:
            yield kiosk
            kiosk.send_signal(signal.SIGTERM)
            kiosk.wait(PATIENCE_S)
        finally:
            kiosk.kill()


def _press(visitor: VirtualPanelClient, press_id: str) -> None:
    """Press a button, and be thanked for it."""
    thanked: list[str] = []

    def is_thanked() -> bool:
        shown = visitor.wait(0.05)
        thanked.extend(str(each.press_id) for each in shown if each.signal == "thanks")
        return press_id in thanked

    wait_until(lambda: visitor.press("face-4", press_id), "the panel", PATIENCE_S)
    wait_until(is_thanked, "thanks", PATIENCE_S)


def _enrol(office: Office, settings: Path) -> None:
    code = office.offer("hall-3")
    server = f"https://127.0.0.1:{office.fleet_port}"
    assert main(["enrol", str(code), "--server", server, "--settings", str(settings)]) == 0


def _expiries(collector: Guest) -> set[datetime]:
    """When certificates end, as the heartbeats of the kiosk say."""
    beats = [p for topic, p, _ in collector.heard if topic == "otziv/v1/troyan/hall-3/health"]
    said = [msgspec.json.decode(beat)["certificate_expires_at"] for beat in beats]
    return {msgspec.convert(each, datetime) for each in said}


def test_a_kiosk_runs_before_it_is_enrolled_through_rotation_and_after_it_is_barred(
    hall: SecureHall, office: Office, visitor: VirtualPanelClient, tmp_path: Path
) -> None:
    """One process through all of it: every press is thanked for, and says what is wrong."""
    settings = _write_settings(tmp_path, "troyan", "hall-3")
    folder, log = IdentityFolder(tmp_path / "data/identity"), tmp_path / "log"
    collector = hall.guest("collector").hear("otziv/v1/+/+/health", "otziv/v1/+/+/events")
    with _running(settings, log):
        _press(visitor, uuid(1))
        assert "certificate: missing" in log.read_text()
        _enrol(office, settings)
        wait_until(lambda: bool(_expiries(collector)), "a heartbeat", PATIENCE_S)
        wait_until(
            lambda: any(uuid(1).encode() in each for each in collector.payloads()),
            "the press",
            PATIENCE_S,
        )
        assert main(["rotate", "--settings", str(settings)]) == 0
        fresh = folder.next() or folder.current()
        assert fresh is not None
        wait_until(lambda: fresh.expires_at in _expiries(collector), "the next one", PATIENCE_S)
        assert (folder.current(), folder.next()) == (fresh, None)
        revoke_device(hall.database, "hall-3", "stolen", utc_now())
        write_lists(hall.database, hall.authority, hall.papers / "revoked.pem", utc_now())
        hall.server.kill()
        hall.server.start()
        wait_until(lambda: "certificate: refused" in log.read_text(), "a refusal", PATIENCE_S)
        _press(visitor, uuid(2))


def test_a_virtual_kiosk_that_runs_takes_an_enrolment_up(
    hall: SecureHall, office: Office, tmp_path: Path
) -> None:
    """It met no broker until then; nobody starts it again, and it becomes the server's device."""
    data, collector = tmp_path / "data", hall.guest("collector").hear("otziv/v1/+/+/health")
    argv = [sys.executable, "-m", "kiosk", "run", "--virtual", "--headless", "--data", str(data)]
    code, server = office.offer("hall-3"), f"https://127.0.0.1:{office.fleet_port}"
    with subprocess.Popen([*argv, "--broker", "127.0.0.1:1"], stdout=subprocess.DEVNULL) as kiosk:
        try:
            wait_until((data / "panel.sock").exists, "the kiosk", PATIENCE_S)
            assert main(["enrol", str(code), "--server", server, "--data", str(data)]) == 0
            wait_until(lambda: bool(_expiries(collector)), "a heartbeat", PATIENCE_S)
        finally:
            kiosk.send_signal(signal.SIGTERM)
            kiosk.wait(PATIENCE_S)
    assert {stat.S_IMODE(each.stat().st_mode) & 0o077 for each in data.iterdir()} == {0}


def test_the_servers_name_for_a_kiosk_counts(
    hall: SecureHall, office: Office, visitor: VirtualPanelClient, tmp_path: Path
) -> None:
    """It ends, and is another device when it is started again; the press is that one's."""
    settings = _write_settings(tmp_path, "not-enrolled", "not-enrolled")
    collector = hall.guest("collector").hear("otziv/v1/+/+/events")
    log = tmp_path / "log"
    with _running(settings, log) as kiosk:
        _press(visitor, uuid(1))
        _enrol(office, settings)
        assert kiosk.wait(PATIENCE_S) == 0
    with _running(settings, log):
        wait_until(lambda: bool(collector.heard), "the press", PATIENCE_S)
    assert {topic for topic, _, _ in collector.heard} == {"otziv/v1/troyan/hall-3/events"}
