"""The commands of a kiosk, as people type them."""

from __future__ import annotations

import codecs
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.__main__ import COMMANDS, EXIT_UNREAD, main
from kiosk.alone import alone_in
from kiosk.cli.address import read_address
from kiosk.cli.terminal import CommandError
from kiosk.pin import is_pin

WITHOUT_TYPER = """
import runpy, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"typer", "pydantic", "rich"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
sys.argv = ["otziv", *sys.argv[1:]]
runpy.run_module("otziv", run_name="__main__")
"""

SETTINGS = """
site = "troyan"
device = "kiosk-1"
data = "data"
clock = "trusted"
broker.port = 1
panel.kind = "none"
"""


def _run(*argv: str, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | more
    return subprocess.run(
        [sys.executable, *argv],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` tells what it is for, and carries the name by which it was called."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"], "otziv kiosk")
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"otziv kiosk {command}" in shown
    assert COMMANDS[command] in shown


def test_a_reader_who_has_enough_is_no_error() -> None:
    """``otziv kiosk … | head`` ends without a traceback."""
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "wb") as nobody:
        ran = subprocess.run(
            [sys.executable, "-m", "kiosk", "recordings"],
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert ran.returncode == EXIT_UNREAD
    assert ran.stderr == b""


def test_all_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` shows what there is."""
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(command in shown for command in COMMANDS)


def test_otziv_kiosk_needs_no_typer() -> None:
    """On a kiosk, where only its own extra is installed, it is the same command."""
    done = _run("-c", WITHOUT_TYPER, "kiosk", "run", "--help")
    assert done.returncode == 0, done.stderr
    same = _run("-m", "kiosk", "run", "--help").stdout
    assert done.stdout.split() == same.replace("python -m kiosk", "otziv kiosk").split()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "required: COMMAND"),
        (("fly",), "invalid choice: 'fly'"),
        (("run", "--wings"), "unrecognized arguments: --wings"),
        (("run", "--headless"), "--headless belongs to a virtual kiosk: add --virtual"),
        (("run", "--virtual", "--settings", "k.toml"), "leave out --settings"),
        (("run", "--virtual", "--headless", "--broker", "nowhere:"), "is no HOST:PORT"),
        (("run", "--virtual", "--headless", "--data", "/proc/kiosk"), "can't be made"),
        (("pictures",), "required: --to"),
        (("selftest", "--settings", "/nowhere/kiosk.toml"), "/nowhere/kiosk.toml can't be read"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, and what was wrong."""
    try:
        status: object = main(words)
    except SystemExit as ended:
        status = ended.code
    error = capsys.readouterr().err
    assert status == 2
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("words", [("pictures", "--to", "x"), ("run", "--virtual")])
def test_pictures_and_windows_need_kivy(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is not installed, it is said how to install it."""
    monkeypatch.setattr("kiosk.cli.pictures.find_spec", lambda _name: None)
    assert main(words) == 2
    assert "pip install 'otziv[touch]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.5", ("10.0.0.5", 1883)),
        ("broker.troyan.bg:8883", ("broker.troyan.bg", 8883)),
        ("[fd00::5]", ("fd00::5", 1883)),
        ("[fd00::5]:8883", ("fd00::5", 8883)),
    ],
)
def test_addresses_are_read_as_typed(text: str, address: tuple[str, int]) -> None:
    """With a port or without, of both kinds."""
    assert read_address(text) == address


@pytest.mark.parametrize("text", ["", ":1883", "host:", "host:0", "host:70000", "a b", "h:１"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """With an example of one."""
    with pytest.raises(CommandError, match=r"such as 10\.0\.0\.5:1883"):
        read_address(text)


def test_a_pin_becomes_two_lines_for_the_settings() -> None:
    """From a pipe: the hash is that of the PIN, and another one each time."""
    made = [_run("-m", "kiosk", "pin", said="20261122\n") for _ in range(2)]
    kept = [re.fullmatch(r'\[maintenance\]\npin = "(.+)"\n', each.stdout) for each in made]
    assert all(match is not None and is_pin("20261122", match[1]) for match in kept)
    assert made[0].stdout != made[1].stdout


@pytest.mark.parametrize("pin", ["123", "1234567890123", "12a4", ""])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    """It is 4 to 12 digits."""
    done = _run("-m", "kiosk", "pin", said=f"{pin}\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert "4 to 12 digits" in done.stderr


@contextmanager
def _at_terminal(*argv: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A process at a terminal of its own, and our end of it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *argv],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def _read_until(ours: int, end: str) -> str:
    """What is shown, up to ``end`` or to the end of the program."""
    shown = ""
    decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end within a letter
    while end not in shown:
        try:
            shown += decoder.decode(os.read(ours, 1024))
        except OSError:  # the program has ended
            break
    return shown


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("again", "status"), [("4711", 0), ("4712", 2)])
def test_a_pin_is_asked_for_twice_and_not_shown(again: str, status: int) -> None:
    """At a terminal; two that differ make nothing."""
    with _at_terminal("-m", "kiosk", "pin") as (process, ours):
        shown = _read_until(ours, "PIN: ")
        os.write(ours, b"4711\n")
        shown += _read_until(ours, "again: ")
        os.write(ours, f"{again}\n".encode())
        shown += _read_until(ours, "no such text")
        assert process.wait(30) == status
    assert "4711" not in re.sub(r"scrypt:\S+", "", shown)
    assert ("scrypt:" in shown) == (status == 0)


@pytest.mark.timeout(60)
def test_a_self_test_asks_who_is_there(tmp_path: Path) -> None:
    """At a terminal, it says what to press, and takes yes for an answer."""
    settings = tmp_path / "kiosk.toml"
    panel = f'panel.kind = "virtual"\npanel.path = "{tmp_path}/p.sock"\n'
    settings.write_text(SETTINGS.replace('panel.kind = "none"\n', panel))
    argv = ("-m", "kiosk", "selftest", "--language", "bg", "--settings", str(settings))
    with _at_terminal(*argv) as (process, ours):
        assert "Светят ли всички бутони? (y/n): " in _read_until(ours, "(y/n): ")
        os.write(ours, "да\n".encode())
        assert "[ok] Лампи: всички светят" in _read_until(ours, "Натиснете: лице 1")
        process.terminate()


def test_a_self_test_for_programs_is_json(tmp_path: Path) -> None:
    """One document, no question; status 1, since there is no server."""
    settings = tmp_path / "kiosk.toml"
    settings.write_text(SETTINGS)
    done = _run("-m", "kiosk", "selftest", "--json", "--settings", str(settings))
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert (told["site"], told["device"], told["is_good"]) == ("troyan", "kiosk-1", False)
    marks = {each["check"]: each["mark"] for each in told["results"]}
    assert marks == {"disk": "good", "clock": "good", "broker": "bad", "outbox": "unknown"}


def test_a_running_kiosk_is_not_tested(tmp_path: Path) -> None:
    """It is said how to stop it: two would take each other's pins and place at the broker."""
    settings = tmp_path / "kiosk.toml"
    settings.write_text(SETTINGS)
    with alone_in(tmp_path / "data"):
        done = _run("-m", "kiosk", "selftest", "--settings", str(settings))
    assert done.returncode == 2
    assert "sudo systemctl stop otziv-kiosk.service" in done.stderr
    assert done.stderr.count("\n") == 1
