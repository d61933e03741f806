"""The wiring as tables in Markdown: pins of all boards, and the wires of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hardware.board import Board
from hardware.drawing import Word
from hardware.wiring.net import (
    DRIVER_COMMON_PIN,
    DRIVER_GROUND_PIN,
    PLACES,
    Wire,
    pins_of,
    role_of,
    wires_of,
)

COLOURS: Final = {
    "ground": "black",
    "supply": "red",
    "input": "white",
    "lamp": "yellow",
    "buzzer": "blue",
}
"""Colour of the insulation. Our choice: red and black for power as everywhere, others apart."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def pin_table(boards: dict[str, Board]) -> str:
    """Return which part sits on which pin of each board; inputs first, by place."""
    parts = {
        name: {wire.gpio: wire.part for wire in wires_of(board) if wire.gpio is not None}
        for name, board in boards.items()
    }
    used = {gpio for pins in parts.values() for gpio in pins}
    rows = [
        [str(gpio), str(PLACES[gpio]), *(_code(pins.get(gpio)) for pins in parts.values())]
        for gpio in sorted(used, key=lambda gpio: PLACES[gpio])
    ]
    return table(["GPIO", "place on the header", *(f"`{name}`" for name in boards)], rows)


def _code(part: str | None) -> str:
    return f"`{part}`" if part else "–"


def wire_table(board: Board, word: Word) -> str:
    """Return the wires of ``board``, one a row, as they are cut, flagged and crimped."""
    head = ["Wire", "Colour", "From the header", "By way of", "To", "What it is"]
    rows = [
        [
            wire.number,
            word(COLOURS[wire.kind]),
            f"{wire.place} ({role_of(wire.place)})",
            word(_between(wire)),
            _end(wire, board, word),
            word(meaning_of(wire.part, board)),
        ]
        for wire in wires_of(board)
    ]
    return table([word(cell) for cell in head], rows)


def _between(wire: Wire) -> str:
    return "resistor 1 kΩ" if wire.kind == "input" else "–"


def _end(wire: Wire, board: Board, word: Word) -> str:
    if wire.channel is not None:
        into, out = pins_of(wire.channel)
        return f"ULN2803A {into} → {out} → `{wire.part}` (−)"
    if wire.part == "driver":
        return f"ULN2803A {DRIVER_GROUND_PIN}"
    if wire.part == "lamps":
        ends = [f"`{lamp}` (+)" for lamp in board.lamps]
        ends += ["`buzzer` (+)"] if board.buzzer is not None else []
        return f"{', '.join(ends)}, ULN2803A {DRIVER_COMMON_PIN}"
    if wire.part == "contacts":
        return word("second blade of every contact")
    return f"`{wire.part}`"


def meaning_of(part: str, board: Board) -> str:
    """Say in English what a part is; the words that drawings and tables translate."""
    kind, _, number = part.partition("-")
    if kind == "face":
        return _face(int(number), board)
    if kind == "lamp":
        return "lamp of the button" if len(board.lamps) > 1 else "lamps of all buttons, in parallel"
    if part == "lamps" and board.buzzer is None:
        return "5 V of the lamps"
    if part == "headphones":
        return f"switch in the socket, {board.plugged} with a plug"
    return _PLAIN[kind if kind == "option" else part]


def _face(number: int, board: Board) -> str:
    values = [int(name[5:]) for name in board.buttons if name.startswith("face-")]
    if min(values) == 0:
        return "button “yes”" if number else "button “no”"
    if number == min(values):
        return "button, worst value, on the left"
    return "button, best value, on the right" if number == max(values) else "button"


_PLAIN: Final = {
    "option": "button of an answer",
    "skip": "button that passes a question",
    "previous": "tactile key “back”",
    "next": "tactile key “forward”",
    "select": "tactile key “choose”",
    "help": "tactile key “help”",
    "buzzer": "active buzzer",
    "contacts": "common ground of all contacts",
    "driver": "ground of the driver",
    "lamps": "5 V of lamps and buzzer",
}
