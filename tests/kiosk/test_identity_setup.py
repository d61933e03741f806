"""Setting up a kiosk that is to be enrolled, and the command line around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.cli.places import IDENTITY
from kiosk.cli.virtual import write_settings
from kiosk.connecting import as_enrolled, open_link
from kiosk.identity_file import IdentityFolder
from kiosk.renewer import start_rotation
from kiosk.settings import load_settings
from tests.kiosk.disk import TOLD, make_disk
from tests.kiosk.papers import kept

BOARD = ("--board", "otziv-panel-4")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The disk of a Raspberry Pi."""
    return make_disk(tmp_path)


def _set_up(root: Path, *options: str) -> int:
    return main(["setup", "--root", str(root), *options])


def _enrol(folder: Path) -> None:
    there = IdentityFolder(folder)
    with there.alone():
        there.keep(kept())


def test_setup_asks_for_nothing_that_the_server_says(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No site, no name, no broker: an identity, and what to do next."""
    (root / "etc/hostname").write_text("raspberrypi\n")
    assert _set_up(root, *BOARD) == 0
    assert load_settings(root / "etc/otziv/kiosk.toml").broker.identity == IDENTITY
    assert "sudo otziv kiosk enrol CODE" in capsys.readouterr().out


def test_setup_again_keeps_the_identity(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And says no more that it has to be enrolled, once it is."""
    _set_up(root, *BOARD)
    _enrol(root / IDENTITY.relative_to("/"))
    capsys.readouterr()
    assert _set_up(root, "--sound", "none") == 0
    assert load_settings(root / "etc/otziv/kiosk.toml").broker.identity == IDENTITY
    assert "enrol" not in capsys.readouterr().out


def test_a_broker_named_is_one_without_certificates(root: Path) -> None:
    """For trials, and as before."""
    _set_up(root, *BOARD)
    _set_up(root, *TOLD)
    broker = load_settings(root / "etc/otziv/kiosk.toml").broker
    assert (broker.identity, broker.host, broker.port) == (None, "10.0.0.5", 8883)


def test_the_servers_word_counts_before_the_settings(tmp_path: Path) -> None:
    """Name and broker are what the kiosk was enrolled with; until then the settings' names."""
    path = write_settings(tmp_path, "10.0.0.5", 1883, has_screen=False, is_enrolled=True)
    before = load_settings(path)
    assert as_enrolled(before) == before
    _enrol(tmp_path / "identity")
    settings = as_enrolled(before)
    assert settings.identity == ("troyan", "hall-3")
    assert (settings.broker.host, settings.broker.port) == ("127.0.0.1", 8883)
    open_link(settings).close()


def test_settings_without_an_identity_say_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, and the line to write."""
    path = write_settings(tmp_path, "10.0.0.5", 1883, has_screen=False)
    assert main(["enrol", "K7QM-2PXD-9VJT-4RNE", "--settings", str(path)]) == 2
    assert f'identity = "{IDENTITY}"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("K7QM", "--server", "127.0.0.1"), "a code has 4 groups"),
        ((), "give CODE"),
        (("K7QM-2PXD-9VJT-4RNE",), "give --server"),
        (("K7QM-2PXD-9VJT-4RNE", "--server", "ftp://10.0.0.5"), "give https://HOST:PORT"),
    ],
)
def test_what_is_typed_wrong_is_told(
    tmp_path: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1, one line, and nothing is written."""
    data = tmp_path / "data"
    assert main(["enrol", *words, "--data", str(data)]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (data / "identity/identity.json").exists()


def test_the_firmwares_rotation_is_a_process(tmp_path: Path) -> None:
    """It ends by itself; without an identity there is nothing to rotate."""
    assert start_rotation(tmp_path).wait() == 1
