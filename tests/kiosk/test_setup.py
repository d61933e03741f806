"""Making a machine a kiosk and taking that away again, in a folder that stands for its disk."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.cli.machine import look_at
from kiosk.cli.places import DATA, FIRMWARE_UNIT, SCREEN_UNIT, SETTINGS
from kiosk.cli.uninstall import waiting_in
from kiosk.outbox import Entry, Outbox
from kiosk.settings import load_settings
from tests.kiosk.builders import HandClock, draft
from tests.kiosk.disk import CONFIG_TXT, TOLD, make_disk

BACKED_UP_BY_SYSTEM = {".pwd.lock", "passwd-", "group-", "shadow-", "gshadow-"}
"""What the system's own programs leave when they change its users."""

CARDS = """ 0 [vc4hdmi        ]: vc4-hdmi - vc4-hdmi
                      vc4-hdmi
 1 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones
                      bcm2835 Headphones
 2 [Mic            ]: USB-Audio - USB microphone
                      somewhere
 3 [Device         ]: USB-Audio - USB Audio Device
                      somewhere
"""
PCM = """00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
01-00: bcm2835 Headphones : bcm2835 Headphones : playback 8
02-00: USB Audio : USB Audio : capture 1
03-00: USB Audio : USB Audio : playback 1 : capture 1
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The disk of a Raspberry Pi."""
    return make_disk(tmp_path)


def _plug_in_display(root: Path, edid: bytes = b"", connector: str = "DSI-1") -> None:
    folder = root / f"sys/class/drm/card1-{connector}"
    folder.mkdir(parents=True)
    (folder / "status").write_text("connected\n")
    (folder / "modes").write_text("1280x800\n800x600\n")
    (folder / "edid").write_bytes(edid)


def _edid(width_mm: int, height_mm: int) -> bytes:
    edid = bytearray(128)
    edid[:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    edid[54:56] = b"\x01\x1d"
    edid[66], edid[67] = width_mm & 0xFF, height_mm & 0xFF
    edid[68] = (width_mm >> 8) << 4 | height_mm >> 8
    return bytes(edid)


def _plug_in_cards(root: Path) -> None:
    folder = root / "proc/asound"
    folder.mkdir(parents=True)
    (folder / "cards").write_text(CARDS)
    (folder / "pcm").write_text(PCM)


def _set_up(root: Path, *more: str) -> int:
    return main(["setup", "--root", str(root), *more])


def _tree(root: Path) -> dict[str, str]:
    """Every file, link and folder with its mode and content."""
    found = {}
    for path in root.rglob("*"):
        if path.name in BACKED_UP_BY_SYSTEM:
            continue
        content = ""
        if path.is_symlink():
            content = str(path.readlink())
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        mode = stat.filemode(path.lstat().st_mode)
        found[str(path.relative_to(root))] = f"{mode} {content}"
    return found


def test_setup_writes_a_kiosk(root: Path) -> None:
    """The settings load, the user is there, the service is started at each boot."""
    assert _set_up(root, *TOLD) == 0
    settings = load_settings(root / "etc/otziv/kiosk.toml")
    assert (settings.site, settings.device, settings.touchpoint) == ("troyan", "hall-desk-3", None)
    assert (settings.broker.host, settings.broker.port) == ("10.0.0.5", 8883)
    assert settings.data == DATA
    assert (settings.screen, settings.sound.kind) == (None, "none")
    assert "otziv-kiosk:" in (root / "etc/passwd").read_text()
    wanted = root / "etc/systemd/system/multi-user.target.wants" / FIRMWARE_UNIT
    assert str(wanted.readlink()) == f"/etc/systemd/system/{FIRMWARE_UNIT}"
    assert not (root / "etc/systemd/system" / SCREEN_UNIT).exists()


def test_settings_are_not_for_everyone(root: Path) -> None:
    """They hold what was made of the maintenance PIN."""
    _set_up(root, *TOLD)
    assert stat.S_IMODE((root / "etc/otziv/kiosk.toml").stat().st_mode) == 0o640


@pytest.mark.parametrize("more", [(), ("--screen", "10.1", "--sound", "default")])
def test_uninstall_leaves_nothing(root: Path, more: tuple[str, ...]) -> None:
    """The disk is what it was, down to modes, users and the Raspberry Pi's own settings."""
    before = _tree(root)
    _set_up(root, *TOLD, *more)
    (root / "var/lib/otziv-kiosk").mkdir()
    Outbox(root / "var/lib/otziv-kiosk/outbox.db").close()
    assert _tree(root) != before
    assert main(["uninstall", "--root", str(root)]) == 0
    assert _tree(root) == before


def test_setup_again_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the same options or without any: what is so stays so, and that is said."""
    _set_up(root, *TOLD, "--screen", "7")
    before = _tree(root)
    capsys.readouterr()
    for options in ((), TOLD):
        assert _set_up(root, *options) == 0
        assert capsys.readouterr().out.startswith("nothing was to be changed\n")
    assert _tree(root) == before


def test_one_option_changes_one_thing(root: Path) -> None:
    """What was told before need not be told again."""
    _set_up(root, *TOLD, "--touchpoint", "desk-3", "--screen", "10.1")
    _set_up(root, "--broker", "10.0.0.6")
    settings = load_settings(root / "etc/otziv/kiosk.toml")
    assert (settings.broker.host, settings.broker.port) == ("10.0.0.6", 1883)
    assert (settings.site, settings.touchpoint) == ("troyan", "desk-3")
    assert settings.screen is not None
    assert settings.screen.diagonal_in == 10.1


def test_settings_that_somebody_changed_are_left_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """New ones are put beside them, and that is said."""
    _set_up(root, *TOLD)
    path = root / "etc/otziv/kiosk.toml"
    changed = path.read_text() + "\n[maintenance]\n"
    path.write_text(changed)
    assert _set_up(root, "--broker", "10.0.0.6") == 0
    assert path.read_text() == changed
    assert load_settings(path.with_name("kiosk.toml.new")).broker.host == "10.0.0.6"
    assert f"left {SETTINGS} as somebody changed it" in capsys.readouterr().out


def test_a_screen_is_found_with_its_size(root: Path) -> None:
    """Its own description tells 217 by 136 mm: 10.1 inches; the services of a screen join."""
    _plug_in_display(root, _edid(217, 136), "HDMI-A-1")
    _set_up(root, *TOLD)
    screen = load_settings(root / "etc/otziv/kiosk.toml").screen
    assert screen is not None
    assert screen.diagonal_in == 10.1
    assert (root / "etc/systemd/system" / SCREEN_UNIT).exists()


def test_a_screen_that_tells_no_size_has_seven_inches(root: Path) -> None:
    """The displays on a ribbon cable say nothing of themselves."""
    _plug_in_display(root)
    _set_up(root, *TOLD)
    screen = load_settings(root / "etc/otziv/kiosk.toml").screen
    assert screen is not None
    assert screen.diagonal_in == 7.0


def test_a_television_has_the_size_that_settings_know(root: Path) -> None:
    """55 inches are more than any kiosk has: the largest is taken, and the kiosk starts."""
    _plug_in_display(root, _edid(1218, 685), "HDMI-A-1")
    _set_up(root, *TOLD)
    screen = load_settings(root / "etc/otziv/kiosk.toml").screen
    assert screen is not None
    assert screen.diagonal_in == 32.0


def test_a_screen_that_goes_takes_its_services_along(root: Path) -> None:
    """``--screen none`` gives the console back."""
    _set_up(root, *TOLD)
    without = _tree(root)
    _set_up(root, "--screen", "7")
    assert _tree(root) != without
    _set_up(root, "--screen", "none")
    assert _tree(root) == without


def test_the_best_loudspeaker_is_found(root: Path) -> None:
    """USB before the Pi's own socket; what only records, or sounds through a display, is none."""
    _plug_in_cards(root)
    _set_up(root, *TOLD)
    sound = load_settings(root / "etc/otziv/kiosk.toml").sound
    assert (sound.kind, sound.device) == ("alsa", "plughw:CARD=Device,DEV=0")
    names = [card.name for card in look_at(root).cards]
    assert names == ["Device", "Headphones", "vc4hdmi"]


def test_a_button_switches_off(root: Path) -> None:
    """Pin 3 by default, another one if told; once in the file, however often setup runs."""
    path = root / "boot/firmware/config.txt"
    _set_up(root, *TOLD)
    _set_up(root)
    assert path.read_text().startswith(CONFIG_TXT)
    assert path.read_text().count("dtoverlay=gpio-shutdown,gpio_pin=3\n") == 1
    _set_up(root, "--power-button", "26")
    assert path.read_text().count("dtoverlay=") == 1
    assert "gpio_pin=26" in path.read_text()
    _set_up(root, "--power-button", "none")
    assert path.read_text() == CONFIG_TXT


def test_a_button_is_not_put_where_a_clock_sits(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pin 3 switches off as well as any, but not while I2C uses it."""
    path = root / "boot/firmware/config.txt"
    path.write_text("dtparam=i2c_arm=on\n")
    assert _set_up(root, *TOLD, "--power-button", "3") == 2
    assert "I2C is switched on" in capsys.readouterr().err
    assert path.read_text() == "dtparam=i2c_arm=on\n"


def test_a_button_is_not_put_where_the_sound_goes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A board that sounds by I2S has its four pins, though no button or lamp names them."""
    (root / "srv").mkdir()
    (root / "srv/own.toml").write_text(
        'title = "Own"\nsound = "i2s"\n[buttons]\nface-1 = 5\nface-2 = 6\n[lamps]\nlamp-1 = 16\n'
    )
    told = (*TOLD, "--board", "/srv/own.toml")
    assert _set_up(root, *told, "--power-button", "19") == 2
    assert "carries the sound" in capsys.readouterr().err
    assert _set_up(root, *told, "--power-button", "26") == 0


def test_an_image_may_have_an_interpreter_of_its_own(root: Path) -> None:
    """It is looked for in the image, where a link of a virtual environment leads nowhere yet."""
    (root / "srv").mkdir()
    (root / "srv/python").symlink_to("/usr/bin/python3.99")
    assert _set_up(root, *TOLD, "--python", "/srv/python") == 0
    assert "/srv/python" in (root / "etc/systemd/system/otziv-kiosk.service").read_text()


def test_a_raspberry_pi_5_brings_its_button(root: Path) -> None:
    """It needs no line for it."""
    (root / "proc/device-tree").mkdir(parents=True)
    (root / "proc/device-tree/model").write_bytes(b"Raspberry Pi 5 Model B Rev 1.0\0")
    _set_up(root, *TOLD)
    assert (root / "boot/firmware/config.txt").read_text() == CONFIG_TXT


def test_pin_3_is_left_to_a_clock(root: Path) -> None:
    """Where I2C is on, a real-time clock sits there."""
    path = root / "boot/firmware/config.txt"
    path.write_text("dtparam=i2c_arm=on\n")
    _set_up(root, *TOLD)
    assert "gpio-shutdown" not in path.read_text()


def test_a_touchscreen_needs_no_board(root: Path) -> None:
    """``--board none``: everything is done on the glass."""
    _set_up(root, *TOLD[:4], "--board", "none", "--screen", "15")
    panel = load_settings(root / "etc/otziv/kiosk.toml").panel
    assert type(panel).__name__ == "NoPanelSettings"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (TOLD[2:], "give --site"),
        (TOLD[:4], "give --board"),
        ((*TOLD, "--site", "Троян"), "--site 'Троян' can't be used"),
        ((*TOLD, "--device", "Desk 3"), "--device 'Desk 3' can't be used"),
        ((*TOLD, "--broker", "10.0.0.5:99999"), "is no HOST:PORT"),
        ((*TOLD, "--board", "otziv-panel-9"), "there is no board 'otziv-panel-9'"),
        ((*TOLD, "--screen", "big"), "give auto, none, or 4 to 32 inches"),
        ((*TOLD, "--power-button", "5"), "the board"),
        ((*TOLD, "--power-button", "14"), "reserved (serial console)"),
        ((*TOLD, "--power-button", "2"), "reserved (I2C"),
        ((*TOLD, "--power-button", "green"), "give auto, none, or a GPIO"),
        ((*TOLD, "--python", "/root/venv/bin/python"), "services can't see"),
        ((*TOLD, "--python", "/nope"), "there is no program /nope"),
        ((*TOLD, "--python", "/etc"), "there is no program /etc"),
    ],
)
def test_what_cannot_be_is_refused(
    root: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, status 2, and nothing is written."""
    before = _tree(root)
    assert _set_up(root, *options) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert _tree(root) == before


def test_the_name_that_every_pi_has_is_no_name(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two kiosks called ``raspberrypi`` would be one to the server."""
    (root / "etc/hostname").write_text("raspberrypi\n")
    assert _set_up(root, *TOLD) == 2
    assert "give --device" in capsys.readouterr().err


def _press_once(root: Path) -> None:
    data = root / "var/lib/otziv-kiosk"
    data.mkdir()
    with closing(Outbox(data / "outbox.db")) as outbox:
        outbox.add([Entry(draft(1), HandClock().read())])


def test_answers_that_wait_are_not_thrown_away(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unless somebody says so: until then nothing is changed."""
    _set_up(root, *TOLD)
    before = _tree(root / "etc")
    _press_once(root)
    assert main(["uninstall", "--root", str(root)]) == 2
    assert "not received: 1" in capsys.readouterr().err
    assert _tree(root / "etc") == before
    assert waiting_in(root / "var/lib/otziv-kiosk") == 1
    assert main(["uninstall", "--root", str(root), "--discard"]) == 0
    assert not (root / "var/lib/otziv-kiosk").exists()


def test_answers_in_salvaged_outboxes_count(tmp_path: Path) -> None:
    """What was saved of a broken one waits, too; the broken one itself is no outbox."""
    for name in ("outbox.db", "outbox.db.salvaged-1"):
        with closing(Outbox(tmp_path / name)) as outbox:
            outbox.add([Entry(draft(1), HandClock().read())])
    (tmp_path / "outbox.db.broken-1").write_bytes(b"no database")
    assert waiting_in(tmp_path) == 2


def test_an_outbox_that_nobody_can_read_stops_uninstall(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What waits in it is not known."""
    data = root / "var/lib/otziv-kiosk"
    data.mkdir()
    (data / "outbox.db").write_bytes(b"x" * 4096)
    with pytest.raises(sqlite3.Error), closing(sqlite3.connect(data / "outbox.db")) as connection:
        connection.execute("SELECT count(*) FROM event")
    assert main(["uninstall", "--root", str(root)]) == 2
    assert "is not known" in capsys.readouterr().err
    assert main(["uninstall", "--root", str(root), "--discard"]) == 0


def test_data_that_somebody_put_elsewhere_is_left(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What else is in that folder we can't know."""
    _set_up(root, *TOLD)
    path = root / "etc/otziv/kiosk.toml"
    path.write_text(path.read_text().replace(str(DATA), "/srv/kiosk"))
    (root / "srv/kiosk").mkdir(parents=True)
    assert main(["uninstall", "--root", str(root)]) == 0
    assert (root / "srv/kiosk").is_dir()
    assert "left its data in /srv/kiosk" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["setup", "uninstall"])
def test_without_rights_it_says_how_to_get_them(command: str) -> None:
    """As somebody who is not root: one line, status 2, nothing tried."""
    nobody = (
        "import os, sys; os.geteuid = lambda: 65534\n"
        f"from kiosk.__main__ import main; sys.exit(main([{command!r}]))"
    )
    argv = [sys.executable, "-c", nobody]
    done = subprocess.run(
        argv, capture_output=True, text=True, check=False, env=os.environ, timeout=60
    )
    assert done.returncode == 2
    assert "sudo" in done.stderr
    assert done.stderr.count("\n") == 1
