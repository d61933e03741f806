"""A kiosk joins a secure installation by three commands, and is out within a minute when barred."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.server.process import popen_bound
from hardware.ids import mint_id
from hardware.virtual.client import VirtualPanelClient
from tests.system.serving import Served, environment, wait_for

SECURE = {
    "OTZIV_MQTT_TLS": "true",
    "OTZIV_LISTEN": "127.0.0.1",
    "OTZIV_PUBLIC_HOST": "127.0.0.1",
}


@pytest.fixture(
    params=["nats", pytest.param("mosquitto", marks=(pytest.mark.mosquitto, pytest.mark.slow))]
)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """A secure installation, on each broker."""
    with Served(tmp_path / "data", OTZIV_BROKER=request.param, **SECURE) as served:
        yield served


def kiosk(*words: str) -> list[str]:
    """A command of a kiosk."""
    return [sys.executable, "-m", "otziv", "kiosk", *words]


def offer(town: Served, device: str, touchpoint: str) -> dict[str, str]:
    """The first command: a code for a device."""
    offered: dict[str, str] = town.ask("device", "enrol", device, "--touchpoint", touchpoint)
    return offered


@contextmanager
def running(data: Path) -> Iterator[VirtualPanelClient]:
    """The third command: a virtual kiosk that runs, and somebody at its panel."""
    words = kiosk("run", "--virtual", "--headless", "--data", str(data))
    log_path = data.parent / f"{data.name}.log"
    with log_path.open("wb") as log:
        process = popen_bound(words, stdout=log, stderr=log, env=environment())
    panel = VirtualPanelClient(data / "panel.sock")
    try:
        wait_for(panel.connect, log_path.read_text)
        yield panel
    finally:
        panel.close()
        process.terminate()
        process.wait(20)


def stored(town: Served) -> int:
    """Ratings in the database."""
    return sum(row["stored"] for row in town.ask("feedback", "completeness"))


def is_in_use(town: Served, device: str) -> bool:
    """Whether it says that it uses the configuration that it should have."""
    shown = town.ask("device", "config", "show", device)
    return shown["latest"] is not None and shown["in_use"] == shown["latest"]["revision"]


def test_three_commands_from_code_to_first_rating(town: Served, tmp_path: Path) -> None:
    """In less than two minutes, and nobody is asked what is secure; barred, it is out in one."""
    town.run("touchpoint", "add", "hall-desk-1")
    began_s = time.monotonic()
    code = offer(town, "kiosk-1", "hall-desk-1")
    data = tmp_path / "kiosk"
    enrolled = subprocess.run(
        kiosk("enrol", code["code"], "--server", code["server"], "--data", str(data)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert enrolled.returncode == 0, enrolled.stderr
    with running(data) as panel:
        wait_for(lambda: is_in_use(town, "kiosk-1"))
        panel.press("face-4", mint_id())
        wait_for(lambda: stored(town) == 1)
        assert time.monotonic() - began_s < 120
        barred_s = time.monotonic()
        barred = town.run("device", "revoke", "kiosk-1", "--why", "stolen")
        assert (barred.returncode, "is out" in barred.stdout) == (0, True), barred
        assert time.monotonic() - barred_s < 60
        panel.press("face-1", mint_id())
        time.sleep(5)
        assert stored(town) == 1
