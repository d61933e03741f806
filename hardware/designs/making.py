"""All generated files of the hardware folder, made from boards, designs and hand-written pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardware.board import Board, find_board, shipped_boards
from hardware.designs.design import (
    DESIGNS,
    LANGUAGES,
    Design,
    DesignError,
    Language,
    find_design,
    parts_of,
    shipped_designs,
)
from hardware.designs.printing import printed
from hardware.designs.tables import (
    drawings_list,
    heights_table,
    measures_table,
    options_table,
    parts_table,
    wiring_section,
)
from hardware.designs.words import words_in
from hardware.enclosure.cutting import front_drawing, plates_drawing
from hardware.enclosure.dxf import dxf_of
from hardware.enclosure.plates import front_of, plates_of
from hardware.enclosure.reach import reach_drawing
from hardware.wiring.diagram import diagram_of
from hardware.wiring.tables import pin_table

SHEETS: Final = DESIGNS / "sheets"
INDEX: Final = DESIGNS.parent / "README.md"

_SECTION: Final = re.compile(
    r"<!-- (?P<name>[a-z]+): made by .*? -->\n.*?<!-- /(?P=name) -->", re.DOTALL
)


def made() -> dict[Path, str]:
    """Return every generated file with its text; pages are made from themselves."""
    files: dict[Path, str] = {}
    boards = {name: find_board(name) for name in shipped_boards()}
    files[INDEX] = filled(INDEX, {"pins": pin_table(boards)})
    for name in shipped_designs():
        files.update(_design(name))
    for language in LANGUAGES:
        sections = {"measures": measures_table(language)}
        files.update(_sheets(SHEETS, language, sections))
    return files


def filled(path: Path, sections: dict[str, str]) -> str:
    """Return the page at ``path`` with the text between its markers made anew.

    Raises:
        DesignError: it has a marker that nobody fills, or lacks one.
    """
    page = path.read_text("utf-8")
    there = [match["name"] for match in _SECTION.finditer(page)]
    if sorted(there) != sorted(sections):
        raise DesignError(f"{path}: has the sections {there}, not {sorted(sections)}")
    return _SECTION.sub(lambda match: _section(match["name"], sections[match["name"]]), page)


def _section(name: str, text: str) -> str:
    return f"<!-- {name}: made by python -m hardware.wiring -->\n\n{text}\n\n<!-- /{name} -->"


def _design(name: str) -> Iterator[tuple[Path, str]]:
    design = find_design(name)
    folder = DESIGNS / name
    boards = {board: find_board(board) for board in design.boards}
    parts = parts_of(name)
    yield folder / "drawings" / "box.dxf", dxf_of(plates_of(design.box))
    for board_name, board in boards.items():
        yield folder / "drawings" / f"front-{board_name}.dxf", dxf_of([front_of(design.box, board)])
    for language in LANGUAGES:
        yield from _drawings(folder / "drawings", design, boards, language)
        heights = heights_table(design, language)
        sections = {
            "parts": parts_table(parts, boards, language),
            "options": options_table(parts, language),
            "drawings": drawings_list(design, language, words_in(language)),
            "wiring": wiring_section(boards, language),
            "heights": heights,
        }
        page = folder / ("README.md" if language == "en" else f"README.{language}.md")
        yield page, filled(page, sections)
        yield from _sheets(folder, language, {"heights": heights}).items()


def _drawings(
    folder: Path, design: Design, boards: dict[str, Board], language: Language
) -> Iterator[tuple[Path, str]]:
    word, title = words_in(language), design.title.in_language(language)
    fullest = max(boards.values(), key=lambda board: len(board.buttons))
    reach = reach_drawing(title, design.box, fullest, word)
    yield folder / f"reach.{language}.svg", reach.svg()
    yield folder / f"box.{language}.svg", plates_drawing(title, design.box, word).svg()
    for name, board in boards.items():
        yield folder / f"wiring-{name}.{language}.svg", diagram_of(name, board, word).svg()
        front = front_drawing(name, design.box, board, word)
        yield folder / f"front-{name}.{language}.svg", front.svg()


def _sheets(folder: Path, language: Language, sections: dict[str, str]) -> dict[Path, str]:
    """Pages to hang up or hand over: those in Markdown that have a language in their name."""
    files: dict[Path, str] = {}
    for path in sorted(folder.glob(f"*.{language}.md")):
        if path.name.startswith("README."):
            continue
        wanted = {
            name: text
            for name, text in sections.items()
            if f"<!-- {name}: " in path.read_text("utf-8")
        }
        files[path] = filled(path, wanted)
        kind = path.name.partition(".")[0]
        files[path.with_suffix(".html")] = printed(files[path], language, kind)
    return files
