"""The tables of a design's pages: what is bought, what is wired, how high everything is."""

from __future__ import annotations

from collections.abc import Iterable

from hardware.board import Board, find_board
from hardware.designs.design import Design, Language, Part
from hardware.designs.words import words_in
from hardware.drawing import Word
from hardware.enclosure.reach import heights_of
from hardware.enclosure.rules import FLOOR_MM, OPERABLE_MM, REACH_MM
from hardware.wiring.tables import table, wire_table


def parts_table(parts: Iterable[Part], boards: dict[str, Board], language: Language) -> str:
    """Return what every kiosk has, a column of pieces for each board."""
    word = words_in(language)
    rows = [
        [
            part.what.in_language(language),
            part.use.in_language(language),
            *(str(part.count(board) or "–") for board in boards.values()),
        ]
        for part in parts
        if part.option is None
    ]
    return table([word("Part"), word("What for"), *(f"`{name}`" for name in boards)], rows)


def options_table(parts: Iterable[Part], language: Language) -> str:
    """Return what may be bought besides, the same for every board."""
    word = words_in(language)
    rows = [
        [
            part.option.in_language(language),
            part.what.in_language(language),
            part.use.in_language(language),
            str(part.pieces),
        ]
        for part in parts
        if part.option is not None
    ]
    return table([word(head) for head in ("Option", "Part", "What for", "Pieces")], rows)


def wiring_section(boards: dict[str, Board], language: Language) -> str:
    """Return diagram and wires of each board."""
    word = words_in(language)
    blocks = []
    for name, board in boards.items():
        title = f"{word('Wiring')}: {word(board.title)}"
        picture = f"![{title}](drawings/wiring-{name}.{language}.svg)"
        blocks += [f"### `{name}`: {word(board.title)}", picture, wire_table(board, word)]
    return "\n\n".join(blocks)


def heights_table(design: Design, language: Language) -> str:
    """Return how high and how far all is that visitors operate, beside what is allowed."""
    word = words_in(language)
    low, high = OPERABLE_MM
    found: dict[str, list[str]] = {}
    for name in design.boards:
        for height in heights_of(design.box, find_board(name)):
            found[height.kind] = [
                word(height.kind),
                f"{height.low_mm} – {height.high_mm} mm",
                f"{low:g} – {high:g} mm",
                f"{height.reach_mm} mm (≤ {REACH_MM:g})",
            ]
    heads = ("What is operated", "Over the floor", "Allowed", "Behind the front edge")
    return table([word(head) for head in heads], found.values())


def measures_table(language: Language) -> str:
    """Return the measures by which any kiosk is put up, with where they come from."""
    word = words_in(language)
    rows = [
        (
            "Everything that is pressed, touched or plugged in, over the floor",
            f"{OPERABLE_MM[0]:g} – {OPERABLE_MM[1]:g} mm",
            "after the draft of EN 301 549 V4",
        ),
        (
            "The same, behind the foremost edge, from the front as from the side",
            f"≤ {REACH_MM:g} mm",
            "our choice, after the same draft, which allows 400 mm",
        ),
        (
            "Clear, level floor in front, width × depth",
            f"{FLOOR_MM[0]:g} × {FLOOR_MM[1]:g} mm",
            "our choice, after the wheelchair space of EN 301 549",
        ),
    ]
    head = [word(cell) for cell in ("Measure", "Value", "Where it comes from")]
    return table(head, [[word(what), value, word(source)] for what, value, source in rows])


def drawings_list(design: Design, language: Language, word: Word) -> str:
    """Return links to all drawings but the wiring, for reading, cutting and putting up."""
    box = f"[{word('Plates of the box')}](drawings/box.{language}.svg)"
    lines = [
        f"- [{word('Heights and reach')}](drawings/reach.{language}.svg)",
        f"- {box}, [DXF 1 : 1](drawings/box.dxf)",
    ]
    lines += [
        f"- [{word('Front plate')}: {word(find_board(name).title)}]"
        f"(drawings/front-{name}.{language}.svg), [DXF 1 : 1](drawings/front-{name}.dxf)"
        for name in design.boards
    ]
    return "\n".join(lines)
