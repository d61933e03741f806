"""The administrator's commands: a code as text, QR and picture; list, show, revoke, replace."""

from __future__ import annotations

import json
import shutil
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from broker.fleet.errors import FleetError
from broker.fleet.vault import new_key
from broker.link.code import Code
from broker.store.registry import add_touchpoint
from otziv.cli import authority, device_identity, device_places
from otziv.installation import open_installation
from otziv.protection import protection_of
from tests.fixtures.enrolling import issue_to_device


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation with a touchpoint."""
    folder = tmp_path / "data"
    with open_installation(folder, site="troyan").store() as database:
        add_touchpoint(database, "desk-1", site="troyan")
    (folder / "otziv.toml").write_text('site = "troyan"\npublic_host = "otziv.example"\n')
    return folder


def run(data: Path, *command: str, app: Any = device_identity.app) -> str:  # noqa: ANN401  a Typer
    """What a command prints."""
    done = CliRunner().invoke(app, [*command, "--data", str(data)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def issue(data: Path) -> str:
    """A certificate for k1, as its enrolment would give; its serial."""
    installation = open_installation(data)
    with installation.store() as database:
        return issue_to_device(
            database,
            protection_of(installation).authority(),
            "troyan",
            "k1",
            new_key().public_key(),
            datetime.now(UTC),
        ).serial


def test_a_code_comes_as_text_as_qr_and_as_a_picture(data: Path, tmp_path: Path) -> None:
    """One code: typed in four groups, photographed with the server and the root's fingerprint."""
    png = tmp_path / "code.png"
    command = ("enrol", "k1", "--touchpoint", "desk-1", "--png", str(png))
    said = json.loads(run(data, *command, "--json"))
    code = Code.read(said["qr"])
    assert str(code) == said["code"]
    assert code.server == said["server"] == "https://otziv.example:8443"
    shown = json.loads(run(data, "show", "--json", app=authority.app))
    assert code.trust == shown["fingerprint"]
    assert png.stat().st_mode & 0o077 == 0
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    assert width == height > 200
    text = run(data, *command)
    assert "otziv kiosk enrol" in text
    assert "█" in text
    assert said["code"] not in text  # the next code ended that one


def test_the_administrator_sees_enrols_bars_and_replaces(data: Path) -> None:
    """Each step is seen in the list; a takeover prints the new device's code."""
    gone = ("--why", "stolen", "--no-wait")
    run(data, "enrol", "k1", "--touchpoint", "desk-1")
    assert "not enrolled, code until" in run(data, "list")
    serial = issue(data)
    assert "enrolled until" in run(data, "list")
    assert serial in run(data, "show", "k1")
    assert "of troyan/k1" in run(data, "revoke", "--serial", serial.upper(), *gone)
    assert "stolen  not in force yet" in run(data, "show", "k1")
    issue(data)
    said = json.loads(run(data, "replace", "k1", "k2", "--bar", "--json"))
    assert (said["device"], said["touchpoint"], len(said["revoked"])) == ("k2", "desk-1", 1)
    (old, new) = json.loads(run(data, "list", "--json"))
    assert (old["touchpoint"], old["standing"]) == (None, "revoked")
    assert (new["touchpoint"], new["standing"]) == ("desk-1", "none")
    moved = run(data, "move", "k1", "desk-1", app=device_places.app)
    assert "its certificate is revoked, so it is kept out" in moved
    assert "0 certificates" in run(data, "revoke", "k2", *gone)
    assert json.loads(run(data, "attempts", "--json")) == []


def test_revoke_wants_a_device_or_a_serial(data: Path) -> None:
    """Neither and both are errors."""
    for words in ([], ["k1", "--serial", "ab"]):
        command = ["revoke", *words, "--why", "x", "--data", str(data)]
        done = CliRunner().invoke(device_identity.app, command)
        assert done.exit_code == 2


def test_keys_are_changed_while_the_root_is_here(data: Path, tmp_path: Path) -> None:
    """New keys with the root's; without it an error that says where it belongs."""
    first = json.loads(run(data, "show", "--json", app=authority.app))
    assert "new key" in run(data, "change-issuing", app=authority.app)
    assert "fingerprint" in run(data, "change-root", app=authority.app)
    second = json.loads(run(data, "show", "--json", app=authority.app))
    assert second["fingerprint"] != first["fingerprint"]
    shutil.move(data / "fleet" / "root", tmp_path / "stick")
    assert "carried away" in run(data, "show", app=authority.app)
    with pytest.raises(FleetError, match="put the folder back"):
        run(data, "change-root", app=authority.app)
