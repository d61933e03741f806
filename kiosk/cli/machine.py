"""What a machine tells about itself, so that nobody has to be asked.

Everything is read below a root folder: that of the running system, or of an image that is being
built, which knows little yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker.wire.topics import NAME_PATTERN
from hardware.displays import Display, find_displays

_CARD: Final = re.compile(r"^ *(\d+) \[(\S+) *\]: (\S+)", re.MULTILINE)
_PLAYBACK: Final = re.compile(r"^(\d+)-(\d+):.*: playback \d+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SoundCard:
    """A sound card that can play.

    Attributes:
        name: its id in ALSA.
        device: the number of its first device that plays.
        driver: ``USB-Audio``, ``bcm2835_headpho``, ``vc4-hdmi`` …
    """

    name: str
    device: int
    driver: str

    @property
    def alsa_name(self) -> str:
        """What ALSA calls it; ``plughw``, so that any rate and number of channels will do."""
        return f"plughw:CARD={self.name},DEV={self.device}"

    @property
    def is_of_display(self) -> bool:
        """Whether it sounds through a display, which may have no loudspeaker."""
        return "hdmi" in self.driver.casefold()


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer, as far as it can be seen below ``root``.

    Attributes:
        root: where we look.
        model: ``Raspberry Pi 4 Model B Rev 1.5``; empty where it isn't told.
        hostname: as set; may be no name for a device.
        displays: those that are plugged in.
        cards: sound cards that play, the best for us first.
        backlights: names of the lights that can be dimmed.
        groups: names of its groups of users.
    """

    root: Path
    model: str
    hostname: str
    displays: tuple[Display, ...]
    cards: tuple[SoundCard, ...]
    backlights: tuple[str, ...]
    groups: frozenset[str]

    @property
    def device(self) -> str:
        """The hostname, if it can name a device; else empty."""
        name = self.hostname.partition(".")[0].casefold()
        return name if re.fullmatch(NAME_PATTERN, name) else ""

    @property
    def has_power_button(self) -> bool:
        """Whether it brings its own: every Raspberry Pi from 5 on does."""
        generation = re.search(r"Raspberry Pi (?:Compute Module )?(\d+)", self.model)
        return generation is not None and int(generation[1]) >= 5


def look_at(root: Path) -> Machine:
    """See what there is below ``root``."""
    backlights = root / "sys/class/backlight"
    lines = _read(root / "etc/group").splitlines()
    return Machine(
        root=root,
        model=_read(root / "proc/device-tree/model").rstrip("\0\n"),
        hostname=_read(root / "etc/hostname").strip(),
        displays=tuple(find_displays(root / "sys/class/drm")),
        cards=tuple(_sound_cards(root / "proc/asound")),
        backlights=tuple(sorted(each.name for each in backlights.glob("*"))),
        groups=frozenset(line.partition(":")[0] for line in lines),
    )


def _sound_cards(asound: Path) -> list[SoundCard]:
    """The cards that play: USB before the Pi's own socket, displays last."""
    devices: dict[str, int] = {}
    for number, device in _PLAYBACK.findall(_read(asound / "pcm")):
        devices.setdefault(str(int(number)), int(device))
    cards = [
        SoundCard(name, devices[number], driver)
        for number, name, driver in _CARD.findall(_read(asound / "cards"))
        if number in devices
    ]
    return sorted(cards, key=lambda card: (card.is_of_display, card.driver != "USB-Audio"))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
