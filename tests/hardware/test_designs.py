"""The reference designs: boxes, parts, pages and pin maps agree, in every language."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from hardware.board import Board, find_board, shipped_boards
from hardware.designs.design import (
    DESIGNS,
    LANGUAGES,
    DesignError,
    Language,
    counts_of,
    find_design,
    parts_of,
    shipped_designs,
)
from hardware.designs.making import SHEETS, filled, made
from hardware.designs.printing import PageError, printed
from hardware.designs.words import BULGARIAN, words_in
from hardware.enclosure.box import Box, holes_of
from hardware.enclosure.cutting import front_drawing, plates_drawing
from hardware.enclosure.dxf import dxf_of
from hardware.enclosure.plates import front_of, plates_of
from hardware.enclosure.reach import heights_of, reach_drawing
from hardware.enclosure.rules import FLOOR_MM, OPERABLE_MM, REACH_MM, BoxError, check
from hardware.wiring.diagram import diagram_of
from hardware.wiring.net import wires_of
from tests.hardware.test_wiring import assert_legible, texts_of

PAIRS = [(design, board) for design in shipped_designs() for board in find_design(design).boards]


def test_what_is_generated_is_up_to_date() -> None:
    """Every made file is as it would be made now; ``python -m hardware.wiring`` makes it so."""
    stale = [
        str(path.relative_to(DESIGNS.parent))
        for path, text in made().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert not stale, "run python -m hardware.wiring"


def test_no_made_file_is_left_over() -> None:
    """A board or page that went leaves no drawing behind.

    Legends come from elsewhere: ``otziv look`` draws them, and its tests hold them fresh.
    """
    files = {*made(), *SHEETS.glob("legend-*.html")}
    there = [*DESIGNS.glob("*/drawings/*"), *DESIGNS.glob("**/*.html")]
    assert not [path.name for path in there if path not in files]


def test_every_board_has_one_design() -> None:
    """Who takes a shipped board finds how to build it, once."""
    assert sorted(board for _, board in PAIRS) == shipped_boards()


def test_every_page_is_there_in_every_language() -> None:
    """What is hung up or handed over is there in Bulgarian and in English, with as many parts."""
    for path in [*DESIGNS.glob("*/*.bg.md")]:
        name = path.name.removesuffix(".bg.md")
        other = path.with_name("README.md" if name == "README" else f"{name}.en.md")
        pages = [page.read_text("utf-8") for page in (path, other)]
        for mark in (r"^#+ ", r"^\d+\. ", r"^\|", r"^- ", r"<!-- \w+:", r"\*\*"):
            counts = [len(re.findall(mark, page, re.MULTILINE)) for page in pages]
            assert counts[0] == counts[1], (path.name, mark)
    assert {path.name for path in SHEETS.glob("*.md")} == {
        f"{sheet}.{language}.md"
        for sheet in ("cleaning", "notice", "siting")
        for language in LANGUAGES
    }


def test_links_lead_somewhere() -> None:
    """A link from a page of the hardware folder leads to a file that is there."""
    root = DESIGNS.parent
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in [root / "README.md", *DESIGNS.glob("*/*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_each_text_is_in_the_language_of_its_page() -> None:
    """A Bulgarian page has Cyrillic in every line of words, an English one has none."""
    for path in DESIGNS.glob("*/*.md"):
        is_bulgarian = ".bg." in path.name
        for line in path.read_text("utf-8").splitlines():
            words = re.sub(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->|\[На български", "", line)
            if line.startswith(("[In English", "[На български")):
                continue
            if is_bulgarian and len(re.findall(r"[a-z]{4,}", words)) > 6:
                assert re.search("[а-я]", words), (path, line)
            assert is_bulgarian or not re.search("[а-яА-Я]", words), (path, line)


def test_the_translations_of_drawings_are_used_and_whole() -> None:
    """Bulgarian has Cyrillic letters wherever English has a word, and what is unknown is told."""
    words = msgspec.toml.decode(BULGARIAN.read_bytes(), type=dict[str, str])
    bare = {english for english, text in words.items() if not re.search("[а-я]", text)}
    assert bare == {"–", "+5 V", "."}
    with pytest.raises(DesignError, match="no Bulgarian for 'spoon'"):
        words_in("bg")("spoon")


@pytest.mark.parametrize(("design", "name"), PAIRS)
def test_parts_are_counted_from_the_board(design: str, name: str) -> None:
    """As many buttons, lamps, resistors, keys, sockets and wires are bought as the board has."""
    board = find_board(name)
    pieces = {part.what.en.partition(",")[0]: part.count(board) for part in parts_of(design)}
    keys = [button for button in board.buttons if not button.startswith("face-")]
    contacts = len(board.buttons) + (board.headphones is not None)
    assert pieces["Resistor 1 kΩ"] == contacts
    assert pieces["Push button"] == len(keys)
    assert pieces["Headphone socket"] == (board.headphones is not None)
    wires = [part for part in parts_of(design) if part.each == "wire"]
    assert [part.count(board) for part in wires] == [len(wires_of(board))] * 2
    assert pieces.get("Arcade button", 0) == len(board.buttons) - len(keys)
    lamps = pieces.get("LED lamp with holder for the button", 0)
    assert lamps == (pieces["Arcade button"] if board.lamps else 0)
    assert len(board.lamps) in {0, 1, lamps}
    is_driven = bool(board.lamps) or board.buzzer is not None
    assert pieces.get("Driver ULN2803A", 0) == is_driven
    assert pieces.get("Active buzzer", 0) == (board.buzzer is not None)


@pytest.mark.parametrize("design", shipped_designs())
def test_the_bill_names_every_option(design: str) -> None:
    """PoE, mobile network, battery, UPS and clock can be had; every part is used by a board."""
    parts = parts_of(design)
    options = {part.option.en for part in parts if part.option}
    for wanted in ("PoE", "LTE", "battery", "UPS", "real-time clock"):
        assert any(wanted in option for option in options), wanted
    boards = [find_board(name) for name in find_design(design).boards]
    assert all(any(part.count(board) for board in boards) for part in parts)


@pytest.mark.parametrize(("design", "name"), PAIRS)
def test_every_part_of_the_board_has_its_hole(design: str, name: str) -> None:
    """Each button, key and socket has one hole, in the drawing as in the file for the cutter."""
    box, board = find_design(design).box, find_board(name)
    parts = [*board.buttons, *(["headphones"] if board.headphones is not None else [])]
    holes = [hole.part for hole in holes_of(box, board)]
    assert all(holes.count(part) == 1 for part in parts)
    drawn = [words for words, _ in texts_of(front_drawing(name, box, board, str))]
    assert all(part in drawn for part in parts)
    circles = re.findall(r"CIRCLE\n8\nCUT\n10\n(\S+)\n20\n(\S+)\n", dxf_of([front_of(box, board)]))
    round_holes = [hole for hole in holes_of(box, board) if hole.is_round]
    assert circles == [(f"{hole.x_mm:.3f}", f"{hole.y_mm:.3f}") for hole in round_holes]


@pytest.mark.parametrize(("design", "name"), PAIRS)
def test_everyone_reaches_everything(design: str, name: str) -> None:
    """What is operated lies within the heights and the reach that the tables promise."""
    for height in heights_of(find_design(design).box, find_board(name)):
        assert OPERABLE_MM[0] <= height.low_mm < height.high_mm <= OPERABLE_MM[1]
        assert 0 <= height.reach_mm <= REACH_MM
    assert FLOOR_MM == (760, 1220)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("design", "name"), PAIRS)
def test_drawings_of_the_box_are_legible(design: str, name: str, language: Language) -> None:
    """No measure stands upon another, and none leaves the paper."""
    box, board, word = find_design(design).box, find_board(name), words_in(language)
    title = find_design(design).title.in_language(language)
    assert_legible(front_drawing(name, box, board, word))
    assert_legible(plates_drawing(title, box, word))
    assert_legible(reach_drawing(title, box, board, word))


@pytest.mark.parametrize(("design", "name"), PAIRS)
def test_numbers_are_written_as_the_language_does(design: str, name: str) -> None:
    """A Bulgarian drawing has a decimal comma where the English one has a point."""
    box, board = find_design(design).box, find_board(name)
    found = {}
    for language in LANGUAGES:
        word = words_in(language)
        sheets = (
            front_drawing(name, box, board, word),
            plates_drawing(name, box, word),
            reach_drawing(name, box, board, word),
            diagram_of(name, board, word),
        )
        texts = " ".join(words for sheet in sheets for words, _ in texts_of(sheet))
        found[language] = re.findall(r"\d+[.,]\d", texts)
    assert found["bg"] == [figure.replace(".", ",") for figure in found["en"]]
    assert found["bg"]


def changed(path: str, value: float) -> Box:
    """The button post's box with one measure changed; ``faces.cap_mm`` is that of the faces."""
    measures = msgspec.to_builtins(find_design("button-post").box)
    *rows, name = path.split(".")
    (measures[rows[0]] if rows else measures)[name] = value
    return msgspec.convert(measures, Box)


@pytest.mark.parametrize(
    ("measure", "value", "told"),
    [
        ("faces.cap_mm", 39, r"faces.cap_mm: 39 is less than 40"),
        ("faces.gap_mm", 5, r"faces.gap_mm: 5 is less than 15"),
        ("faces.hole_mm", 60, r"faces.hole_mm: 60 must be at least 2 less than the cap"),
        ("faces.depth_mm", 300, r"face-1: 300 mm deep, but the box has \d+ there"),
        ("faces.height_mm", 80, r"face-2 and next: -\d+ mm apart, less than 15"),
        ("faces.height_mm", 185, r"face-1: 5 mm from the edge, less than 10"),
        ("keys.cap_mm", 12, r"keys.cap_mm: 12 is less than 16"),
        ("headphones.across_mm", 300, r"headphones: -\d+ mm from the edge"),
        ("width_mm", 300, r"face-1: -\S+ mm from the edge"),
        ("tilt_deg", 0, r"tilt_deg: 0 is not within 15 to 60"),
        ("tilt_deg", 75, r"tilt_deg: 75 is not within 15 to 60"),
        ("thickness_mm", 1, r"thickness_mm: 1 is not within 2 to 6"),
        ("base_mm", 700, r"previous: \d+ to \d+ mm over the floor is not within 800 to 1100"),
        ("base_mm", 1000, r"face-1: \d+ to \d+ mm over the floor is not within 800 to 1100"),
    ],
)
def test_a_box_out_of_bounds_is_refused(measure: str, value: float, told: str) -> None:
    """Each rule that is broken is told, with the measure and its bound."""
    with pytest.raises(BoxError, match=told):
        check(changed(measure, value), find_board("otziv-panel-4-keys"))


def test_a_missing_hole_is_told() -> None:
    """A board with keys does not fit a box without a row for them."""
    box = msgspec.structs.replace(find_design("button-post").box, keys=None)
    check(box, find_board("otziv-panel-4"))
    with pytest.raises(BoxError, match="previous: the front has no hole for it"):
        check(box, find_board("otziv-panel-4-keys"))


def test_far_parts_are_refused() -> None:
    """A part that lies deeper than 300 mm behind the front edge is out of reach."""
    box = msgspec.structs.replace(changed("faces.height_mm", 400), height_mm=480, tilt_deg=60)
    with pytest.raises(BoxError, match=r"face-1: \d+ mm behind the front edge, more than 300"):
        check(box, find_board("otziv-panel-4"))


@pytest.mark.parametrize("design", shipped_designs())
def test_the_plates_close(design: str) -> None:
    """The cheek's slope is as long as the front is high; top and bottom fit between the cheeks."""
    box = find_design(design).box
    plates = {plate.name: plate for plate in plates_of(box)}
    corners = plates["cheek"].outline
    (x1, y1), (x2, y2) = corners[1], corners[2]
    assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 == pytest.approx(box.height_mm)
    width, height = plates["back"].size_mm
    assert width == box.width_mm
    assert height == pytest.approx(y2)
    for name in ("top", "bottom"):
        assert plates[name].size_mm[0] == box.width_mm - 2 * box.thickness_mm
    assert plates["top"].size_mm[1] == x2
    assert plates["bottom"].size_mm[1] < x1


def test_a_dxf_has_every_plate_once_for_each_piece() -> None:
    """Outlines are closed, lie side by side without touching, and the file ends as it must."""
    box = find_design("touch-stand").box
    text = dxf_of(plates_of(box))
    assert text.startswith("0\nSECTION\n2\nENTITIES\n")
    assert text.endswith("0\nENDSEC\n0\nEOF\n")
    outlines = text.split("POLYLINE\n")[1:]
    assert len(outlines) == sum(plate.pieces for plate in plates_of(box))
    spans = []
    for outline in outlines:
        xs = [float(x) for x in re.findall(r"VERTEX\n8\nCUT\n10\n(\S+)\n", outline)]
        spans.append((min(xs), max(xs)))
    assert all(right < left for (_, right), (left, _) in pairwise(spans))


def test_wrong_files_are_told(tmp_path: Path) -> None:
    """A misspelt key, and a page whose markers nobody fills, name file and fault."""
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "design.toml").write_text('titel = "x"', "utf-8")
    with pytest.raises(DesignError, match=r"design\.toml: .*titel"):
        find_design("post", tmp_path)
    with pytest.raises(DesignError, match=r"parts\.toml: No such file"):
        parts_of("post", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("<!-- soup: made by python -->\n<!-- /soup -->\n", "utf-8")
    with pytest.raises(DesignError, match=r"page\.md: has the sections \['soup'\]"):
        filled(page, {})


def test_pages_print_what_they_say() -> None:
    """Headings, lists, tables and strong words become HTML; what isn't understood is told."""
    page = printed(
        "# A & B\n\n- one\n  more\n- **two**\n\n| a | b |\n| --- | --- |\n| `c` | |\n",
        "en",
        "notice",
    )
    assert "<h1>A &amp; B</h1>" in page
    assert "<li>one more</li>\n<li><strong>two</strong></li>" in page
    assert "<td><code>c</code></td><td>&nbsp;</td>" in page
    for bad in ("> quoted", "### deep", "![picture](x)"):
        with pytest.raises(PageError, match="can't be printed"):
            printed(bad, "en", "notice")


def test_counts_of_a_common_lamp() -> None:
    """Where one pin lights all, each button still has a lamp in its cap."""
    board = Board(title="Two", buttons={"face-0": 5, "face-1": 6}, lamps={"lamp-1": 12})
    assert counts_of(board)["lamp"] == 2
