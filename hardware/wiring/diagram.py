"""The wiring diagram of a board: header, driver, contacts, lamps; printed on one A4 sheet."""

from __future__ import annotations

from typing import Final

from hardware.board import Board
from hardware.drawing import Point, Sheet, Word
from hardware.wiring.net import (
    CHANNELS,
    DRIVER_COMMON_PIN,
    DRIVER_GROUND_PIN,
    Wire,
    is_driven,
    pins_of,
    role_of,
    wires_of,
)
from hardware.wiring.routes import ROW_MM, TAG_MM, Way, between_rows, pin_at, ways_of
from hardware.wiring.tables import meaning_of

GROUND_MM: Final = 13.0
"""Where the common ground of the contacts stands."""

INPUTS_END_MM: Final = 63.0
"""Where the wires of contacts end, at their resistors."""

DRIVER_MM: Final = 205.0
DRIVER_WIDTH_MM: Final = 28.0
CHANNEL_MM: Final = 1.5 * ROW_MM
SUPPLY_MM: Final = 287.0


def diagram_of(name: str, board: Board, word: Word) -> Sheet:
    """Draw how ``board``, called ``name``, is wired."""
    sheet = Sheet(f"{word('Wiring')}: {name}")
    wires = wires_of(board)
    inputs = [wire for wire in wires if wire.kind == "input"]
    loads = [wire for wire in wires if wire.channel or wire.part == "driver"]
    heights = _heights(len(inputs))
    ends = {wire.number: (INPUTS_END_MM, heights[i]) for i, wire in enumerate(_by_place(inputs))}
    ends |= {wire.number: (DRIVER_MM, _pin_mm(wire)) for wire in loads}
    ways = ways_of(inputs, ends) + ways_of(loads, ends)
    _head(sheet, name, board, word)
    _contacts(sheet, board, inputs, ends, word)
    if is_driven(board):
        _driver(sheet, loads, word)
    for way in ways:
        _wire(sheet, way)
    _header(sheet, wires, word)
    _notes(sheet, board, word)
    return sheet


def _by_place(wires: list[Wire]) -> list[Wire]:
    return sorted(wires, key=lambda wire: wire.place)


def _heights(parts: int) -> list[float]:
    pitch = next(p for p in (2 * ROW_MM, 1.5 * ROW_MM, ROW_MM) if p == ROW_MM or parts * p < 130)
    return [between_rows(index, pitch) for index in range(parts)]


def _pin_mm(wire: Wire) -> float:
    pin = DRIVER_GROUND_PIN if wire.channel is None else pins_of(wire.channel)[0]
    return between_rows(pin - 1, CHANNEL_MM)


def _head(sheet: Sheet, name: str, board: Board, word: Word) -> None:
    sheet.text((10, 12), f"{word('Wiring')}: {word(board.title)}", "title")
    sheet.text((10, 18), f"hardware/boards/{name}.toml", "small")
    sheet.text((137, 23), word("Header of the Raspberry Pi, from above"), "head", "middle")


def _header(sheet: Sheet, wires: list[Wire], word: Word) -> None:
    used = {wire.place: wire for wire in wires}
    (left, top), (right, bottom) = pin_at(1), pin_at(40)
    sheet.box((left - 4, top - 4), (right - left + 8, bottom - top + 8), "thin")
    for place in range(1, 41):
        wire = used.get(place)
        _place(sheet, place, wire)
        _tag(sheet, place, wire, word)


def _place(sheet: Sheet, place: int, wire: Wire | None) -> None:
    x, y = pin_at(place)
    kind = f"tag-{wire.kind}" if wire else "paper"
    if place == 1:
        sheet.box((x - 2.4, y - 2.4), (4.8, 4.8), kind)
    else:
        sheet.circle((x, y), 2.4, kind)
    sheet.text((x, y + 0.9), str(place), "small bold" if wire else "small", "middle")


def _tag(sheet: Sheet, place: int, wire: Wire | None, word: Word) -> None:
    """Label a place: a box for one in use, a small word for one that is free."""
    x, y = pin_at(place)
    out = -1 if place % 2 else 1
    near = x + out * 5.2
    role = role_of(place).replace(".", word("."))
    if wire is None:
        sheet.text((near, y + 0.8), role, "tiny", "end" if out < 0 else "start")
        return
    corner = near if out > 0 else near - TAG_MM + 2
    sheet.box((corner, y - 2.5), (TAG_MM - 2, 5), f"tag-{wire.kind}")
    words = wire.part if wire.gpio is not None else word(wire.part)
    sheet.text((corner + 1, y + 0.95), words, "small bold")
    sheet.text((corner + TAG_MM - 3, y + 0.8), role, "tiny", "end")


def _wire(sheet: Sheet, way: Way) -> None:
    sheet.line(way.points, way.wire.kind)
    x, y = way.points[-1]
    _flag(sheet, (x + (4 if x < pin_at(1)[0] else -4), y), way.wire.number)


def _flag(sheet: Sheet, at: Point, number: str) -> None:
    sheet.circle(at, 2.1, "paper")
    sheet.text((at[0], at[1] + 0.8), number, "tiny bold", "middle")


def _contacts(
    sheet: Sheet, board: Board, wires: list[Wire], ends: dict[str, Point], word: Word
) -> None:
    for wire in wires:
        x, y = ends[wire.number]
        sheet.box((x - 8, y - 1.5), (8, 3), "paper")
        sheet.line([(x - 8, y), (40, y)], "input")
        _contact(sheet, y, is_open=wire.part != "headphones" or board.plugged == "closed")
        sheet.line([(28, y), (GROUND_MM, y)], "ground")
        sheet.circle((GROUND_MM, y), 0.8, "solid")
        sheet.text((GROUND_MM + 2, y - 2.6), wire.part, "small bold")
        meaning = word(meaning_of(wire.part, board))
        sheet.text((GROUND_MM + 2, y + 3.6), meaning, "tiny")
    # The ground comes from the header's last row, below all contacts.
    x, y = pin_at(39)
    top = min(ends[wire.number][1] for wire in wires)
    sheet.line([(x, y), (GROUND_MM, y), (GROUND_MM, top)], "ground")
    _flag(sheet, (GROUND_MM + 24, y), "G1")


def _contact(sheet: Sheet, y: float, *, is_open: bool) -> None:
    """Draw a contact at rest, between 28 and 40 mm."""
    sheet.circle((29, y), 0.8, "paper")
    sheet.circle((39, y), 0.8, "paper")
    sheet.line([(29.7, y - 0.4), (38.5, y - (2.6 if is_open else 0.4))], "input")


def _driver(sheet: Sheet, loads: list[Wire], word: Word) -> None:
    top = between_rows(0, CHANNEL_MM) - 6
    height = 8 * CHANNEL_MM + 12
    right = DRIVER_MM + DRIVER_WIDTH_MM
    middle = DRIVER_MM + DRIVER_WIDTH_MM / 2
    sheet.text((middle, top + height + 5), "ULN2803A", "head", "middle")
    sheet.text((middle, top + height + 9), word("from above"), "small", "middle")
    sheet.box((DRIVER_MM, top), (DRIVER_WIDTH_MM, height), "shade")
    sheet.circle((middle, top + 3), 1.6, "paper")
    for channel in range(1, CHANNELS + 1):
        _channel(sheet, channel)
    for wire in loads:
        if wire.channel is not None:
            _load(sheet, wire, wire.channel)
    y = between_rows(8, CHANNEL_MM)
    _leg(sheet, (DRIVER_MM, y), f"{DRIVER_GROUND_PIN} GND", is_left=True)
    _leg(sheet, (right, y), f"COM {DRIVER_COMMON_PIN}", is_left=False)
    x, place = pin_at(2)
    sheet.line([(x, place), (SUPPLY_MM, place), (SUPPLY_MM, y), (right, y)], "supply")
    sheet.circle((SUPPLY_MM, y), 0.8, "solid")
    _flag(sheet, (DRIVER_MM - 4, place), "P1")
    sheet.text((SUPPLY_MM - 2, place - 1.6), "+5 V", "small bold", "end")


def _channel(sheet: Sheet, channel: int) -> None:
    y = between_rows(channel - 1, CHANNEL_MM)
    into, out = pins_of(channel)
    right = DRIVER_MM + DRIVER_WIDTH_MM
    _leg(sheet, (DRIVER_MM, y), f"{into} IN{channel}", is_left=True)
    _leg(sheet, (right, y), f"OUT{channel} {out}", is_left=False)


def _leg(sheet: Sheet, at: Point, words: str, *, is_left: bool) -> None:
    x, y = at
    sheet.box((x - 0.8, y - 0.8), (1.6, 1.6), "paper")
    sheet.text((x + (2 if is_left else -2), y + 0.8), words, "tiny", "start" if is_left else "end")


def _load(sheet: Sheet, wire: Wire, channel: int) -> None:
    """Draw a lamp or the buzzer, between its output and 5 V."""
    y = between_rows(channel - 1, CHANNEL_MM)
    x = 264.0
    sheet.line([(DRIVER_MM + DRIVER_WIDTH_MM, y), (x - 3, y)], wire.kind)
    if wire.kind == "lamp":
        sheet.circle((x, y), 3, "tag-lamp")
        sheet.line([(x - 2.1, y - 2.1), (x + 2.1, y + 2.1)])
        sheet.line([(x - 2.1, y + 2.1), (x + 2.1, y - 2.1)])
    else:
        sheet.shape(
            [(x - 3, y - 2.4), (x, y - 2.4), (x + 3, y), (x, y + 2.4), (x - 3, y + 2.4)],
            "tag-buzzer",
        )
    sheet.line([(x + 3, y), (SUPPLY_MM, y)], "supply")
    sheet.circle((SUPPLY_MM, y), 0.8, "solid")
    sheet.text((x - 5, y - 1.4), wire.part, "small bold", "end")
    sheet.text((x - 4.4, y + 3.4), "−", "small", "end")
    sheet.text((x + 4.4, y + 3.4), "+", "small")


def _notes(sheet: Sheet, board: Board, word: Word) -> None:
    notes = [
        "Crossing lines are not joined; a dot joins. A number in a circle is the flag of a wire.",
        "Each contact has a resistor of 1 kΩ against static discharge, soldered into its wire.",
        "Place 1, the square one, is at that end of the header where the memory card is.",
    ]
    if is_driven(board):
        notes.append("The dot on the driver marks its pin 1. Inputs without a wire stay free.")
    if len(board.lamps) == 1 < len(board.buttons):
        notes.append(
            "The lamps in all buttons are joined in parallel: plus to plus, minus to minus."
        )
    for index, note in enumerate(notes):
        sheet.text((10, 184 + index * 5), f"{index + 1}. {word(note)}", "small")
    for index, (kind, meaning) in enumerate(_legend(board)):
        y = 184 + index * 5
        sheet.line([(228, y - 1), (242, y - 1)], kind)
        sheet.text((245, y), word(meaning), "small")


def _legend(board: Board) -> list[tuple[str, str]]:
    legend = [("input", "contact, 3.3 V"), ("ground", "ground (GND)")]
    if board.lamps:
        legend.append(("lamp", "lamp"))
    if board.buzzer is not None:
        legend.append(("buzzer", "buzzer"))
    return legend + ([("supply", "+5 V")] if is_driven(board) else [])
