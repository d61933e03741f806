"""The files that make a machine a kiosk, as data: what setup writes and uninstall removes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.cli.machine import Machine
from kiosk.cli.places import FIRMWARE_UNIT, SCREEN_UNIT, SETTINGS

TEMPLATES: Final = Path(__file__).parent.parent / "units"
SYSTEMD: Final = Path("/etc/systemd")
SYSTEM: Final = SYSTEMD / "system"
CONFIG_TXT: Final = (Path("/boot/firmware/config.txt"), Path("/boot/config.txt"))
"""Where the Raspberry Pi's own settings are: since Bookworm, and before."""

NOWHERE: Final = "/dev/null"

_GAP: Final = re.compile(r"@([a-z_]+)@")


@dataclass(frozen=True, slots=True)
class Part:
    """One file, or link.

    Attributes:
        path: where it stands, as the kiosk sees it.
        text: what is in it.
        target: where it points to, for a link.
    """

    path: Path
    text: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What was found out or told that units depend on.

    Attributes:
        python: the interpreter that starts the services.
        has_screen: whether there is a screen to serve.
    """

    python: str
    has_screen: bool


ALWAYS: Final = {
    SYSTEM / FIRMWARE_UNIT: "otziv-kiosk.service",
    SYSTEMD / "system.conf.d/50-otziv-kiosk.conf": "system.conf",
    SYSTEMD / "journald.conf.d/50-otziv-kiosk.conf": "journald.conf",
    SYSTEMD / "logind.conf.d/50-otziv-kiosk.conf": "logind.conf",
    Path("/etc/sysusers.d/otziv-kiosk.conf"): "sysusers.conf",
    Path("/etc/tmpfiles.d/otziv-kiosk.conf"): "tmpfiles.conf",
}
WITH_SCREEN: Final = {
    SYSTEM / SCREEN_UNIT: "otziv-kiosk-screen.service",
    SYSTEMD / "logind.conf.d/50-otziv-kiosk-screen.conf": "logind-screen.conf",
    Path("/etc/sysctl.d/50-otziv-kiosk.conf"): "sysctl-screen.conf",
    Path("/etc/udev/rules.d/70-otziv-kiosk.rules"): "udev.rules",
}
LINKS: Final = {SYSTEM / "multi-user.target.wants" / FIRMWARE_UNIT: str(SYSTEM / FIRMWARE_UNIT)}
LINKS_WITH_SCREEN: Final = {
    SYSTEM / f"{FIRMWARE_UNIT}.wants" / SCREEN_UNIT: str(SYSTEM / SCREEN_UNIT),
    # No login on the screen, and no restart by three keys.
    SYSTEM / "getty@tty1.service": NOWHERE,
    SYSTEM / "ctrl-alt-del.target": NOWHERE,
}


def parts_of(machine: Machine, choices: Choices) -> Iterator[Part]:
    """All files and links of a kiosk, but for its settings."""
    backlights = " ".join(f"-/sys/class/backlight/{name}" for name in machine.backlights)
    values = {"python": choices.python, "settings": str(SETTINGS), "backlights": backlights}
    firmware = values | {"groups": _groups(machine, "gpio", "audio")}
    screen = values | {"groups": _groups(machine, "video", "render", "input")}
    for path, template in ALWAYS.items():
        yield Part(path, render(template, firmware))
    for path, target in LINKS.items():
        yield Part(path, target=target)
    if choices.has_screen:
        for path, template in WITH_SCREEN.items():
            yield Part(path, render(template, screen))
        for path, target in LINKS_WITH_SCREEN.items():
            yield Part(path, target=target)


def names_without_screen() -> list[Path]:
    """The files and links that a kiosk with a screen has more."""
    return [*WITH_SCREEN, *LINKS_WITH_SCREEN]


def all_names() -> list[Path]:
    """Every file and link that setup may have made, settings apart."""
    return [*ALWAYS, *LINKS, *names_without_screen()]


def render(template: str, values: Mapping[str, str]) -> str:
    """Fill the gaps (``@name@``) of a template; a line whose gap stays empty is left out."""
    lines = (TEMPLATES / template).read_text("utf-8").splitlines()
    return "".join(
        f"{_GAP.sub(lambda gap: values[gap[1]], line)}\n"
        for line in lines
        if all(values[name] for name in _GAP.findall(line))
    )


def _groups(machine: Machine, *wanted: str) -> str:
    """Those of ``wanted`` that exist: a service with another one would not start."""
    return " ".join(group for group in wanted if group in machine.groups)
