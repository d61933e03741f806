"""Setting up a kiosk that is to be enrolled, and the command line around it."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.__main__ import main
from kiosk.changing_link import ChangingLink
from kiosk.cli.places import IDENTITY
from kiosk.cli.virtual import write_settings
from kiosk.connecting import as_enrolled, open_link
from kiosk.destination import broker_addresses
from kiosk.identity_file import IdentityFolder
from kiosk.renewer import start_rotation
from kiosk.settings import Settings, load_settings
from tests.kiosk.disk import TOLD, make_disk
from tests.kiosk.papers import kept

BOARD = ("--board", "otziv-panel-4")
NOBODY = ("--server", "https://127.0.0.1:1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The disk of a Raspberry Pi."""
    return make_disk(tmp_path)


def _set_up(root: Path, *options: str) -> int:
    return main(["setup", "--root", str(root), *options])


def _enrol(folder: Path) -> IdentityFolder:
    there = IdentityFolder(folder)
    with there.alone():
        there.keep(kept())
    return there


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
    before = load_settings(write_settings(tmp_path, "10.0.0.5", 1883, has_screen=False))
    assert as_enrolled(before) == before
    assert broker_addresses(before) == "10.0.0.5:1883"
    _enrol(tmp_path / "identity")
    settings = as_enrolled(before)
    assert settings.identity == ("troyan", "hall-3")
    assert settings.touchpoint is None
    assert (settings.broker.host, settings.broker.port) == ("127.0.0.1", 8883)
    open_link(settings).close()


def test_only_who_need_not_wait_goes_somewhere_without_an_identity(tmp_path: Path) -> None:
    """A virtual kiosk does; one in a hall has nowhere to go, nor has one that is damaged."""
    trial = load_settings(write_settings(tmp_path, "127.0.0.1", 1, has_screen=False))
    in_hall = replace(trial, broker=replace(trial.broker, waits_for_identity=True))
    assert (_has_way(trial), _has_way(in_hall)) == (True, False)
    assert broker_addresses(in_hall) == ""
    (tmp_path / "identity").mkdir()
    (tmp_path / "identity/identity.json").write_text("{")
    assert (_has_way(trial), broker_addresses(trial)) == (False, "")


def _has_way(settings: Settings) -> bool:
    with closing(open_link(settings)) as link:
        return isinstance(link, ChangingLink) and link.has_way


def test_both_addresses_are_told_while_the_new_one_is_tried(tmp_path: Path) -> None:
    """The server gave another port with the next certificate."""
    settings = load_settings(write_settings(tmp_path, "10.0.0.5", 1883, has_screen=False))
    folder = _enrol(tmp_path / "identity")
    with folder.alone():
        folder.keep_next(replace(kept(), mqtt_port=9999))
    assert broker_addresses(settings) == "127.0.0.1:8883, 127.0.0.1:9999"


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Every folder that enrolling makes, whatever the umask; and it is as it was afterwards."""
    before = os.umask(0o022)
    try:
        main(["enrol", "K7QM", "2PXD", "9VJT", "4RNE", *NOBODY, "--data", str(tmp_path / "a/b")])
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a/b", tmp_path / "a/b/identity"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700] * 3
    assert stat.S_IMODE((made[-1] / "lock").stat().st_mode) == 0o600


def test_settings_without_an_identity_say_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, and the line to write."""
    path = write_settings(tmp_path, "10.0.0.5", 1883, has_screen=False)
    path.write_text(path.read_text().replace('broker.identity = "identity"', ""))
    assert main(["enrol", "K7QM-2PXD-9VJT-4RNE", "--settings", str(path)]) == 2
    assert f'identity = "{IDENTITY}"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("K7QM", "--server", "127.0.0.1"), "a code has 4 groups"),
        ((), "give CODE"),
        (("K7QM-2PXD-9VJT-4RNE",), "give --server"),
        (("k7qm", "2pxd", "9vjt", "4rne"), "give --server"),
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
