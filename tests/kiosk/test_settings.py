"""The settings file: what it says, and errors that tell file, key and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.open import GpioSettings, VirtualSettings
from kiosk.settings import SettingsError, load_settings

WHOLE = """
site = "troyan"
device = "kiosk-1"
touchpoint = "hall-desk-1"
data = "data"
clock = "trusted"

[panel]
kind = "virtual"
path = "panel.sock"
buttons = ["face-1", "face-2"]

[broker]
host = "broker.example"
port = 8883
tls = true
ca = "ca.pem"

[relay]
resend_first_s = 1
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the settings are."""
    return tmp_path / "kiosk.toml"


def test_paths_are_relative_to_the_file(path: Path) -> None:
    """So a kiosk can be started from anywhere."""
    path.write_text(WHOLE)
    settings = load_settings(path)
    assert settings.data == path.parent / "data"
    assert settings.broker.ca == path.parent / "ca.pem"
    assert settings.panel == VirtualSettings(
        path=path.parent / "panel.sock", buttons=("face-1", "face-2")
    )
    assert (settings.broker.host, settings.broker.port) == ("broker.example", 8883)
    assert (settings.relay.resend_first_s, settings.relay.resend_most_s) == (1, 60)


def test_little_has_to_be_said(path: Path) -> None:
    """A kiosk on a Pi with the shipped board, beside its broker."""
    path.write_text('site="troyan"\ndevice="k1"\ntouchpoint="t"\ndata="/d"\n[panel]\nkind="gpio"')
    settings = load_settings(path)
    assert settings.panel == GpioSettings()
    assert settings.clock == "system"
    assert settings.data == Path("/d")


def test_what_is_heard_can_be_turned_down(path: Path) -> None:
    """The loudspeaker has a volume; a virtual one needs no device."""
    path.write_text(f'{WHOLE}\n[sound]\nkind = "virtual"\nvolume_percent = 40\n')
    sound = load_settings(path).sound
    assert (sound.kind, sound.volume_percent) == ("virtual", 40)


WRONG = {
    "louder than there is": (("[relay]", "[sound]\nvolume_percent = 101\n[relay]"), "sound.volume"),
    "a missing key": (('device = "kiosk-1"\n', ""), "device"),
    "a typing error in a key": (("clock =", "clok ="), "clok"),
    "a name that no topic can carry": (("troyan", "Троян"), "key site"),
    "a name with a line feed behind it": (('"troyan"', '"troyan\\n"'), "key site"),
    "a wrong type": (("8883", '"8883"'), "key broker.port"),
    "a port that there is not": (("8883", "88830"), "key broker.port"),
    "a pause of no length": (("resend_first_s = 1", "resend_first_s = 0"), "resend_first_s"),
    "a wrong word": (('"trusted"', '"swiss"'), "key clock"),
    "a path that is no text": (('data = "data"', "data = 1"), "key data"),
    "a panel of no kind": (('kind = "virtual"', 'kind = "paper"'), "panel"),
    "no TOML": (("[panel]", "[panel"), "no TOML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_settings_say_where(path: Path, case: str) -> None:
    """The error names the file and the key."""
    (old, new), expected = WRONG[case]
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new))
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert str(path) in str(error.value)
    assert expected in str(error.value)


def test_a_missing_file_says_what_to_do(path: Path) -> None:
    """The option that names it is in the text."""
    with pytest.raises(SettingsError, match="--settings"):
        load_settings(path)
