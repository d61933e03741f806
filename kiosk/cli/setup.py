"""``setup``: make this machine a kiosk, or an image of one; again changes only what is not so."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from hardware.board import Board
from hardware.open import GpioSettings
from kiosk.cli.answers import OPTIONS, Enquiry, board_below
from kiosk.cli.machine import Machine, look_at
from kiosk.cli.missing import missing_packages
from kiosk.cli.parts import Choices, names_without_screen, parts_of, render
from kiosk.cli.places import SETTINGS
from kiosk.cli.placing import Placer
from kiosk.cli.power import power_gpio
from kiosk.cli.settings_file import is_as_written, write_toml
from kiosk.cli.system import System
from kiosk.cli.terminal import CommandError, say
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import IdentityFileError
from kiosk.settings import Settings, load_settings

IMAGE_PYTHON: Final = "/opt/otziv/bin/python"
"""Where docs/kiosk.md installs the program; taken for an image, whose interpreter isn't ours."""

_HIDDEN_FROM_SERVICES: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 not used as such


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--site", help="the municipality's short name, for --broker")
    parser.add_argument("--device", help="this kiosk's name (the host's), for --broker")
    parser.add_argument("--touchpoint", help="where it stands, until the server says otherwise")
    parser.add_argument(
        "--broker",
        metavar="HOST:PORT",
        help="a broker that asks for no certificate; without it this kiosk is to be enrolled",
    )
    parser.add_argument("--board", help="pin map of the buttons: a name, a .toml file, or none")
    parser.add_argument(
        "--screen", metavar="auto|none|INCHES", help="touchscreen; auto looks for it, and its size"
    )
    parser.add_argument(
        "--sound", metavar="auto|none|DEVICE", help="loudspeaker, as ALSA calls it; auto looks"
    )
    parser.add_argument(
        "--pin-from-stdin",
        action="store_true",
        help="read the maintenance PIN: a line, or typed unseen and twice",
    )
    parser.add_argument(
        "--power-button",
        metavar="auto|none|GPIO",
        default="auto",
        help="pin of the button that switches off; auto is 3, or the Pi's own button",
    )
    parser.add_argument("--python", help="the interpreter that runs the services (this one)")
    parser.add_argument(
        "--root", type=Path, default=Path("/"), help="write below this folder: for an image"
    )


def main(options: argparse.Namespace) -> int:
    """Set up; returns 0.

    Raises:
        CommandError: something is missing, wrong, or not allowed.
        SettingsError: the settings that are there can't be used.
        PanelError: there is no such board, or it can't be right.
        PinError: that is no PIN.
    """
    root = options.root.absolute()
    refuse_without_rights(root)
    python = _python(options.python, root)
    machine, placer, system = look_at(root), Placer(root), System(root)
    text, settings = _plan(options, machine, placer)
    _refuse_without_kivy(settings, root)
    pin = power_gpio(options.power_button, machine, placer, _board(settings, root))
    choices = Choices(python, has_screen=settings.screen is not None)
    if text:
        _write_settings(text, placer)
    for part in parts_of(machine, choices):
        placer.put(part)
    if not choices.has_screen:
        placer.remove(names_without_screen())
    placer.block("" if pin is None else render("config.txt", {"pin": str(pin)}))
    system.add_user()
    say(*placer.done or ["nothing was to be changed"])
    system.start(has_screen=choices.has_screen)
    say(*_advice(settings, machine, system))
    return 0


def refuse_without_rights(root: Path) -> None:
    """Say how to get the right to change this system.

    Raises:
        CommandError: we have not got it.
    """
    if root == Path("/") and os.geteuid() != 0:
        raise CommandError(f"this changes the system: run it with sudo {sys.argv[0]} …")
    if not root.is_dir():
        raise CommandError(f"--root {root} is no folder")


def _python(told: str | None, root: Path) -> str:
    """The interpreter for the services, where they can reach it."""
    python = told or (sys.executable if root == Path("/") else IMAGE_PYTHON)
    if not python.startswith("/") or python.startswith(
        tuple(f"{f}/" for f in _HIDDEN_FROM_SERVICES)
    ):
        raise CommandError(
            f"services can't see {python}: install Otziv to /opt/otziv (docs/kiosk.md), or name "
            "an interpreter there with --python"
        )
    if (told or root == Path("/")) and not _is_program(python, root):
        raise CommandError(
            f"there is no program {python}: install Otziv first (docs/kiosk.md), or name its "
            "interpreter with --python"
        )
    return python


def _is_program(python: str, root: Path) -> bool:
    """Whether it can be run; in an image, where links lead into the image, a link is enough."""
    path = root / python.lstrip("/")
    is_link = path.is_symlink() and root != Path("/")
    return is_link or (path.is_file() and os.access(path, os.X_OK))


def _plan(options: argparse.Namespace, machine: Machine, placer: Placer) -> tuple[str, Settings]:
    """The settings to write, empty for none, and those that will be in force."""
    place = placer.at(SETTINGS)
    before = load_settings(place) if place.exists() else None
    if before is not None and not any(getattr(options, name) for name in OPTIONS):
        return "", before
    text = write_toml(Enquiry(options, machine, before).answers())
    if before is not None and not is_as_written(place.read_text("utf-8")):
        return text, before
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder, SETTINGS.name)
        trial.write_text(text, encoding="utf-8")
        return text, load_settings(trial)


def _write_settings(text: str, placer: Placer) -> None:
    """Write the settings; beside those that somebody has changed."""
    place = placer.at(SETTINGS)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and not is_as_written(place.read_text("utf-8")):
        beside = SETTINGS.with_name(f"{SETTINGS.name}.new")
        told = f"left {SETTINGS} as somebody changed it; the new ones are in {beside}"
        placer.write(placer.at(beside), text, told, 0o640)
        return
    placer.write(place, text, f"wrote {SETTINGS}", 0o640)


def _refuse_without_kivy(settings: Settings, root: Path) -> None:
    if settings.screen is not None and root == Path("/") and find_spec("kivy") is None:
        raise CommandError(
            "there is a screen, but what draws on it is not installed: install otziv[touch] "
            "(docs/kiosk.md), or say --screen none"
        )


def _is_enrolled(settings: Settings, root: Path) -> bool:
    folder = settings.broker.identity
    if folder is None:
        return False
    try:
        return IdentityFolder(root / folder.relative_to("/")).current() is not None
    except IdentityFileError:  # damaged: enrolling mends it
        return False


def _board(settings: Settings, root: Path) -> Board | None:
    panel = settings.panel
    return board_below(root, panel.board) if isinstance(panel, GpioSettings) else None


def _advice(settings: Settings, machine: Machine, system: System) -> Iterator[str]:
    """What is left to people."""
    screen = settings.screen
    seen = ", ".join(f"{d.connector} {d.mode}".strip() for d in machine.displays) or "none found"
    yield f"screen: {'none' if screen is None else f'{screen.diagonal_in} inches'} ({seen})"
    sound = settings.sound
    yield f"sound: {sound.device if sound.kind == 'alsa' else 'none'}"
    if packages := missing_packages(settings, machine.root):
        yield f"to be installed: sudo apt install {' '.join(packages)}"
    if (machine.root / "etc/systemd/system/display-manager.service").exists() and screen:
        yield "a desktop is in the way of the screen: sudo systemctl set-default multi-user.target"
    if settings.broker.identity is not None and not _is_enrolled(settings, machine.root):
        yield "then let 'otziv device enrol' make a code, and: sudo otziv kiosk enrol CODE"
    elif settings.touchpoint is None and settings.broker.identity is None:
        yield f"device {settings.device} is not set up until the server says where it stands"
    if system.is_running:
        yield "the kiosk runs; restart the machine once: sudo reboot"
    yield "then test it: sudo systemctl stop otziv-kiosk; sudo otziv kiosk selftest"
