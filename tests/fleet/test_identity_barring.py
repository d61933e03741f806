"""Barring by command: it waits until it is so, says what is lost, and what is still let in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from typer.testing import CliRunner, Result

from broker.fleet.reach import https_url
from broker.fleet.revocation import mark_enforced, to_enforce
from broker.fleet.vault import new_key
from broker.link.code import Code
from broker.store.registry import add_touchpoint
from broker.store.status import Heard, StatusWriter, Who
from broker.wire.messages import VERSION, Heartbeat
from otziv.cli import device_identity
from otziv.installation import Running, open_installation
from otziv.protection import protection_of
from tests.fixtures.enrolling import issue_to_device

RUNNING = Running(1, "127.0.0.1", 1883, None, is_secure=True, fleet_url="https://[::1]:8443")
GONE = ("--why", "stolen")


def ask(data: Path, *command: str) -> Result:
    """What a command says, and how it ends."""
    return CliRunner().invoke(
        device_identity.app, [*command, "--data", str(data)], catch_exceptions=False
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation with an enrolled device, in which seven answers wait."""
    installation = open_installation(tmp_path / "data", site="troyan")
    with installation.store() as database:
        add_touchpoint(database, "desk-1", site="troyan")
        assert ask(installation.data, "enrol", "k1", "--touchpoint", "desk-1").exit_code == 0
        beat = Heartbeat(
            v=VERSION,
            sent_at=datetime.now(UTC),
            clock="synced",
            boot="b" * 8,
            uptime_ms=1,
            stream="a" * 32,
            last_seq=7,
            waiting=7,
            version="1",
        )
        who = Who("troyan", "k1")
        heard = Heard(heartbeats={who: (beat, beat.sent_at)}, seen={who: beat.sent_at})
        StatusWriter(database).write(heard)
    return installation.data


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_identity, "OUT_S", 0.3)


def issue(data: Path) -> str:
    """One more certificate of k1; its serial."""
    installation = open_installation(data)
    key, authority = new_key().public_key(), protection_of(installation).authority()
    with installation.store() as database:
        return issue_to_device(database, authority, "troyan", "k1", key, datetime.now(UTC)).serial


@contextmanager
def enforcing(data: Path) -> Iterator[None]:
    """Somebody keeps out what was revoked, as the guard does."""
    is_over = Event()

    def look() -> None:
        with open_installation(data).store() as database:
            while not is_over.wait(0.05):
                barred = [each.serial for each in to_enforce(database)]
                mark_enforced(database, barred, datetime.now(UTC))

    thread = Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_revoking_waits_until_the_device_is_out(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and how many answers are cut off; then the device shows since when."""
    monkeypatch.setattr(device_identity, "OUT_S", 20.0)
    issue(data)
    installation = open_installation(data)
    with installation.claim(), enforcing(data):
        installation.announce(RUNNING)
        done = ask(data, "revoke", "k1", *GONE)
    assert done.exit_code == 0, done.output
    assert "troyan/k1 is out" in done.output
    assert "7 answers wait in k1, last seen" in done.output
    assert "out since" in ask(data, "show", "k1").output


@pytest.mark.parametrize("is_running", [False, True])
def test_what_nobody_enforces_is_an_error_that_says_so(data: Path, *, is_running: bool) -> None:
    """Nothing runs, or it does and the broker is not seen to obey; the record stands."""
    issue(data)
    if is_running:
        installation = open_installation(data)
        with installation.claim():
            installation.announce(RUNNING)
            done = ask(data, "revoke", "k1", *GONE)
        assert "otziv broker check" in done.output
    else:
        done = ask(data, "revoke", "k1", *GONE)
        assert "otziv serve" in done.output
    assert done.exit_code == 1
    assert "revoked: device k1, 1 certificates" in done.output
    issue(data)
    assert ask(data, "revoke", "k1", *GONE, "--no-wait").exit_code == 0


def test_revoking_one_certificate_tells_of_the_others(data: Path) -> None:
    """It may have vouched for another before: the name bars them all."""
    first, second = issue(data), issue(data)
    done = ask(data, "revoke", "--serial", first, *GONE, "--no-wait")
    assert f"troyan/k1 is still let in by {second}" in done.output
    assert "otziv device revoke k1" in done.output
    assert "still" not in ask(data, "revoke", "--serial", second, *GONE, "--no-wait").output


@pytest.mark.parametrize("words", [(), ("--bar",)])
def test_a_takeover_tells_what_waits_in_the_old_one(data: Path, words: tuple[str, ...]) -> None:
    """It may empty itself for a week; barred at once it can't."""
    issue(data)
    done = ask(data, "replace", "k1", "k2", *words)
    assert done.exit_code == 0, done.output
    assert "7 answers wait in k1" in done.output
    assert ("another week" in done.output) == (not words)
    shown = json.loads(ask(data, "show", "k1", "--json").output)
    assert (shown["touchpoint"], shown["waiting"]) == (None, 7)
    assert shown["standing"] == ("revoked" if words else "good")


def test_a_code_is_shown_even_if_its_picture_cannot_be_written(data: Path, tmp_path: Path) -> None:
    """Older codes have ended by then: nobody would know the one that is good."""
    for command in (("enrol", "k1", "--touchpoint", "desk-1"), ("replace", "k1", "k2")):
        done = ask(data, *command, "--png", str(tmp_path / "none" / "x.png"))
        assert done.exit_code == 2
        assert "can't be written" in done.output
        assert "otziv kiosk enrol " in done.output


def test_a_picture_is_for_our_eyes_only_whatever_was_there(data: Path, tmp_path: Path) -> None:
    """An older file's mode is not kept."""
    png = tmp_path / "code.png"
    png.touch(mode=0o644)
    assert ask(data, "enrol", "k1", "--touchpoint", "desk-1", "--png", str(png)).exit_code == 0
    assert png.stat().st_mode & 0o077 == 0
    assert png.read_bytes().startswith(b"\x89PNG")


def test_no_code_without_an_address(data: Path) -> None:
    """A port that is free is known when it runs; until then nothing is changed."""
    (data / "otziv.toml").write_text('site = "troyan"\nfleet_port = 0\n')
    for command in (("enrol", "k1", "--touchpoint", "desk-1"), ("replace", "k1", "k2")):
        done = ask(data, *command)
        assert done.exit_code == 1
        assert "otziv serve" in done.output
    assert json.loads(ask(data, "show", "k1", "--json").output)["touchpoint"] == "desk-1"
    installation = open_installation(data)
    with installation.claim():
        installation.announce(RUNNING)
        done = ask(data, "enrol", "k1", "--touchpoint", "desk-1", "--json")
    assert Code.read(json.loads(done.output)["qr"]).server == "https://[::1]:8443"


def test_addresses_and_secrets_as_they_are_written() -> None:
    """IPv6 stands in brackets; no secret stands in what a log would show of a code."""
    assert https_url("2001:db8::7", 8443) == "https://[2001:db8::7]:8443"
    assert https_url("otziv.example", 443) == "https://otziv.example:443"
    code = Code.new()
    assert code.secret not in repr(code)
