"""The device at the end of docs/wire.md does what the page says: it is taken from there and run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.wire import page
from tests.wire.samples import PROJECT

pytestmark = pytest.mark.mosquitto  # for its clients


@dataclass(frozen=True)
class Town:
    """A folder with the page's script in it, and a server that runs."""

    folder: Path
    environment: dict[str, str]

    def run(self, command: str, **more: str) -> str:
        """Run a line of the page's shell; what it printed."""
        ran = subprocess.run(
            ["sh", "-euc", command],
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def summary(self) -> dict[str, dict[str, int]]:
        """Touchpoint → value → ratings."""
        tables: list[dict[str, Any]] = json.loads(
            self.run("otziv feedback summary --by touchpoint --json")
        )
        return {figure["key"]: figure["counts"] for t in tables for figure in t["figures"]}


def last_receipt(printed: str) -> dict[str, Any]:
    """The receipt that ended a sending; the first batches may come before the collector."""
    receipt: dict[str, Any] = json.loads(printed.splitlines()[-1].removeprefix("receipt: "))
    return receipt


def registering() -> str:
    """The page's lines that register touchpoint and device."""
    return next(block for block in page.blocks("sh") if "otziv device add" in block)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The page's script beside a fresh installation that is served."""
    (script,) = page.blocks("sh device.sh")
    (tmp_path / "device.sh").write_text(script, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "otziv"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m otziv "$@"\n')
    command.chmod(0o755)
    environment = {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "OTZIV_DATA": str(tmp_path / "data"),
        "OTZIV_MQTT_PORT": "0",
        "OTZIV_MQTT_TLS": "false",
        "LC_ALL": "C.UTF-8",
        "HOME": str(tmp_path),
    }
    with subprocess.Popen(
        [command, "serve", "--no-dashboard", "--no-portal"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            line = next(line for line in server.stdout if line.startswith("broker"))
            host, port = line.split()[1].split(":")
            yield Town(tmp_path, {**environment, "BROKER_HOST": host, "BROKER_PORT": port})
        finally:
            server.terminate()
            server.stdout.read()


def test_page_can_be_followed_to_the_word(town: Town) -> None:
    """Registered and run as the page shows, its presses are in the summary once each."""
    town.run(registering())
    (session,) = page.blocks("console")
    commands = re.findall(r"^\$ (.*)$", session, re.MULTILINE)
    assert commands[:3] == ["sh device.sh press 4", "sh device.sh press 2", "sh device.sh send"]
    printed = [town.run(command) for command in commands]
    assert "Thank you" in printed[0]
    assert len(last_receipt(printed[2])["accepted"]) == 2
    assert "hall-desk-1" in printed[3]
    assert {key: n for key, n in town.summary()["hall-desk-1"].items() if n} == {"4": 1, "2": 1}
    assert not list((town.folder / "outbox" / "events").iterdir())


@pytest.mark.slow
def test_stranger_loses_nothing(town: Town) -> None:
    """What is sent before anybody registered it is let go of, and readmitted afterwards."""
    town.run("sh device.sh press 1")
    receipt = last_receipt(town.run("sh device.sh send"))
    assert [entry["reason"] for entry in receipt["quarantined"]] == ["unknown-device"]
    assert receipt["accepted"] == []
    town.run(registering())
    town.run("sh device.sh press 3; sh device.sh send")
    town.run("otziv feedback quarantine readmit --all")
    assert {key: n for key, n in town.summary()["hall-desk-1"].items() if n} == {"1": 1, "3": 1}


@pytest.mark.slow
def test_numbers_go_on_after_delivery(town: Town) -> None:
    """The outbox counts on from what was delivered: no number is used twice, none is left out."""
    town.run(registering())
    town.run("for value in 4 3 2; do sh device.sh press $value; done; sh device.sh send")
    town.run("sh device.sh press 1")
    (waiting,) = (town.folder / "outbox" / "events").iterdir()
    assert waiting.name == "4"
