"""What is joined to what: the wires of a board, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from hardware.board import Board

Kind: TypeAlias = Literal["ground", "supply", "input", "lamp", "buzzer"]

# fmt: off
PLACES: Final = {
    2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21,
    25: 22, 11: 23, 8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36,
    26: 37, 20: 38, 21: 40,
}
"""Place of each GPIO on the 40-pin header, the same on every Raspberry Pi since 2014."""
# fmt: on

GROUNDS: Final = (6, 9, 14, 20, 25, 30, 34, 39)
FIVE_VOLTS: Final = (2, 4)
THREE_VOLTS: Final = (1, 17)

CONTACT_GROUND: Final = 39
"""Place from which the common ground of all contacts starts."""

DRIVER_GROUND: Final = 34
"""Place of the driver's own ground: lamps draw a hundred times the current of contacts."""

LAMP_SUPPLY: Final = 2
"""Place from which lamps and buzzer get 5 V."""

CHANNELS: Final = 8
"""Channels of a ULN2803A: inputs are its pins 1 to 8, outputs its pins 18 to 11."""

DRIVER_GROUND_PIN: Final = 9
DRIVER_COMMON_PIN: Final = 10


class WiringError(ValueError):
    """A board that can't be wired as this folder describes; the text tells why."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire from the header to a part.

    Attributes:
        number: as on the flag at both of its ends: ``1``, ``2`` … signals, ``G`` and ``P`` power.
        kind: what it carries.
        part: ``face-1``, ``lamp-2``, ``buzzer`` …; ``contacts``, ``driver``, ``lamps`` for power.
        place: on the 40-pin header.
        gpio: number of the pin, ``None`` for power.
        channel: of the driver, 1 to 8; ``None`` where none is between.
    """

    number: str
    kind: Kind
    part: str
    place: int
    gpio: int | None = None
    channel: int | None = None


def inputs_of(board: Board) -> dict[str, int]:
    """Return the pins that a contact closes to ground, by part."""
    headphones = {} if board.headphones is None else {"headphones": board.headphones}
    return board.buttons | headphones


def wires_of(board: Board) -> list[Wire]:
    """Return all wires of ``board``: contacts, lamps, buzzer, then power.

    Lamp N sits on channel N of the driver and the buzzer on the last, whatever the board.

    Raises:
        WiringError: there are more lamps than the driver has channels.
    """
    lamps = board.lamps
    room = CHANNELS - (board.buzzer is not None)
    if len(lamps) > room:
        raise WiringError(f"{len(lamps)} lamps, but the driver has {room} channels for them")
    signals: list[tuple[Kind, str, int, int | None]] = [
        ("input", part, gpio, None) for part, gpio in inputs_of(board).items()
    ]
    signals += [("lamp", part, gpio, int(part[5:])) for part, gpio in lamps.items()]
    if board.buzzer is not None:
        signals.append(("buzzer", "buzzer", board.buzzer, CHANNELS))
    wires = [
        Wire(str(n), kind, part, PLACES[gpio], gpio, channel)
        for n, (kind, part, gpio, channel) in enumerate(signals, 1)
    ]
    return wires + _power(board)


def _power(board: Board) -> list[Wire]:
    power = [Wire("G1", "ground", "contacts", CONTACT_GROUND)]
    if is_driven(board):
        power.append(Wire("G2", "ground", "driver", DRIVER_GROUND))
        power.append(Wire("P1", "supply", "lamps", LAMP_SUPPLY))
    return power


def is_driven(board: Board) -> bool:
    """Tell whether ``board`` has lamps or a buzzer, so that it needs a driver and 5 V."""
    return bool(board.lamps) or board.buzzer is not None


def pins_of(channel: int) -> tuple[int, int]:
    """Return the input pin and the output pin of a driver's channel."""
    return channel, 19 - channel


def role_of(place: int) -> str:
    """Return what a place of the header is, whatever the board, such as ``GPIO 5`` or ``GND``."""
    if place in GROUNDS:
        return "GND"
    if place in FIVE_VOLTS:
        return "5 V"
    if place in THREE_VOLTS:
        return "3.3 V"
    return f"GPIO {next(gpio for gpio, at in PLACES.items() if at == place)}"
