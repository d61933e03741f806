"""Wiring tables and diagrams: all of the pin map, nothing else, and fit to be read on paper."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from gpiozero.pins.mock import MockFactory

from hardware.board import Board, find_board, shipped_boards
from hardware.designs.design import LANGUAGES, Language
from hardware.designs.words import words_in
from hardware.drawing import EM, Sheet
from hardware.wiring.__main__ import main
from hardware.wiring.diagram import diagram_of
from hardware.wiring.net import (
    CHANNELS,
    FIVE_VOLTS,
    GROUNDS,
    PLACES,
    THREE_VOLTS,
    WiringError,
    role_of,
    wires_of,
)
from hardware.wiring.routes import ways_of
from hardware.wiring.tables import pin_table, wire_table

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"title": 5.0, "head": 3.4, "small": 2.6, "tiny": 2.2}

Box = tuple[float, float, float, float]


def parts_of(board: Board) -> dict[str, int]:
    """Everything on a pin of ``board``."""
    single = {"buzzer": board.buzzer, "headphones": board.headphones}
    return board.buttons | board.lamps | {k: pin for k, pin in single.items() if pin is not None}


def elements(sheet: Sheet, tag: str) -> list[ET.Element]:
    """All elements of a kind in a drawing."""
    return list(ET.fromstring(sheet.svg()).iter(f"{SVG}{tag}"))  # noqa: S314 - we drew it


def texts_of(sheet: Sheet) -> list[tuple[str, Box]]:
    """Each text of a sheet with the room it takes; those that are turned count as upright."""
    found = []
    for text in elements(sheet, "text"):
        words, kinds = text.text or "", text.get("class", "").split()
        size = next((SIZES[kind] for kind in kinds if kind in SIZES), 3.0)
        width = len(words) * size * EM
        anchor = text.get("text-anchor")
        left = -width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor or "start"]
        corners = [(left, -0.75 * size), (left + width, 0.0)]
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        if (turn := text.get("transform")) and abs(float(turn[7:].split()[0])) == 90:
            corners = [(across, -along) for along, across in corners]
        xs, ys = zip(*((x + dx, y + dy) for dx, dy in corners), strict=True)
        found.append((words, (min(xs), min(ys), max(xs), max(ys))))
    return found


def assert_legible(sheet: Sheet) -> None:
    """No text stands upon another or leaves the paper."""
    texts = texts_of(sheet)
    for words, (left, top, right, bottom) in texts:
        assert left >= 5, words
        assert top >= 5, words
        assert right <= sheet.width_mm - 5, words
        assert bottom <= sheet.height_mm - 3, words
    for (one, a), (other, b) in itertools.combinations(texts, 2):
        is_apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert is_apart, f"{one!r} is upon {other!r}"


def test_places_are_those_of_the_header() -> None:
    """Every GPIO and every power place is where gpiozero's description of the header has it."""
    header = MockFactory().board_info
    assert header is not None
    for gpio, place in PLACES.items():
        assert [info.number for _, info in header.find_pin(f"GPIO{gpio}")] == [place]
    for name, places in (("GND", GROUNDS), ("5V", FIVE_VOLTS), ("3V3", THREE_VOLTS)):
        there = [info.number for head, info in header.find_pin(name) if head.name == "J8"]
        assert sorted(there) == sorted(places)
    assert all(role_of(place) for place in range(1, 41))


@pytest.mark.parametrize("name", shipped_boards())
def test_each_pin_has_one_wire(name: str) -> None:
    """The wires of a board are its pins, each once, plus power; no place is used twice."""
    board = find_board(name)
    wires = wires_of(board)
    assert {w.part: w.gpio for w in wires if w.gpio is not None} == parts_of(board)
    assert len({w.place for w in wires}) == len({w.number for w in wires}) == len(wires)
    channels = [w.channel for w in wires if w.channel is not None]
    assert len(set(channels)) == len(channels) == len(board.lamps) + (board.buzzer is not None)
    assert all(1 <= channel <= CHANNELS for channel in channels)


@pytest.mark.parametrize("name", shipped_boards())
def test_lamps_and_buzzer_are_dark_while_the_pi_starts(name: str) -> None:
    """They sit on pins that the Pi pulls low at its start: GPIO 9 and up."""
    board = find_board(name)
    assert all(w.gpio >= 9 for w in wires_of(board) if w.channel and w.gpio is not None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", shipped_boards())
def test_a_diagram_shows_the_whole_board_legibly(name: str, language: Language) -> None:
    """Each part with its GPIO and each flag is written, and nothing covers anything."""
    board = find_board(name)
    sheet = diagram_of(name, board, words_in(language))
    texts = [words for words, _ in texts_of(sheet)]
    for wire in wires_of(board):
        assert wire.number in texts
        if wire.gpio is not None:
            # At the header and at the part itself.
            assert texts.count(wire.part) >= 2
            assert f"GPIO {wire.gpio}" in texts
    assert_legible(sheet)


@pytest.mark.parametrize("name", shipped_boards())
def test_no_wire_runs_upon_another(name: str) -> None:
    """Wires may cross, but never share a stretch; upright ones keep 1 mm of each other."""
    lines = [
        [tuple(map(float, pair.split(","))) for pair in line.get("points", "").split()]
        for line in elements(diagram_of(name, find_board(name), str), "polyline")
        if line.get("class") in {"input", "lamp", "buzzer", "ground"}
    ]
    for one, other in itertools.combinations(lines, 2):
        for a, b in itertools.product(itertools.pairwise(one), itertools.pairwise(other)):
            for along, across in ((0, 1), (1, 0)):
                is_parallel = a[0][across] == a[1][across] and b[0][across] == b[1][across]
                if not is_parallel or abs(a[0][across] - b[0][across]) >= 1:
                    continue
                ends = [sorted(point[along] for point in line) for line in (a, b)]
                assert min(ends[0][1], ends[1][1]) - max(ends[0][0], ends[1][0]) <= 0.01


def test_every_way_ends_at_its_part() -> None:
    """A wire starts at its place and ends where its part is, square all the way."""
    wires = [w for w in wires_of(find_board("otziv-panel-5")) if w.kind == "input"]
    ends = {w.number: (60.0, 40.0 + 14 * i) for i, w in enumerate(wires)}
    for way in ways_of(wires, ends):
        assert way.points[-1] == ends[way.wire.number]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(way.points))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", shipped_boards())
def test_a_wire_table_tells_every_wire(name: str, language: Language) -> None:
    """One row a wire: number, place with its role, part."""
    board = find_board(name)
    rows = wire_table(board, words_in(language)).splitlines()[2:]
    wires = wires_of(board)
    assert len(rows) == len(wires)
    for row, wire in zip(rows, wires, strict=True):
        assert row.startswith(f"| {wire.number} |")
        assert f"| {wire.place} ({role_of(wire.place)}) |" in row
        if wire.gpio is not None:
            assert f"`{wire.part}`" in row


def test_a_changed_pin_changes_table_and_diagram() -> None:
    """A pin that moves in the map moves in all that is made from it."""
    board = find_board("otziv-panel-4")
    moved = msgspec.structs.replace(board, buttons=board.buttons | {"face-4": 4})
    assert pin_table({"board": board}) != pin_table({"board": moved})
    assert wire_table(board, str) != wire_table(moved, str)
    assert diagram_of("b", board, str).svg() != diagram_of("b", moved, str).svg()


def test_too_many_lamps_are_refused() -> None:
    """The driver has eight channels, and the buzzer takes one."""
    faces = {f"face-{n}": n + 3 for n in range(1, 9)}
    lamps = {f"lamp-{n}": n + 15 for n in range(1, 9)}
    board = Board(title="Eight", buttons=faces, lamps=lamps, buzzer=4)
    with pytest.raises(WiringError, match="8 lamps, but the driver has 7 channels"):
        wires_of(board)
    assert wires_of(msgspec.structs.replace(board, buzzer=None))


def test_ones_own_board_is_drawn_beside_its_file(tmp_path: Path) -> None:
    """``python -m hardware.wiring FILE`` draws any pin map in each language, whatever its title."""
    path = tmp_path / "own.toml"
    path.write_text(
        'title = "Our own"\n[buttons]\nface-1 = 4\nface-2 = 24\n[lamps]\nlamp-1 = 25\n', "utf-8"
    )
    main([str(path)])
    for language in LANGUAGES:
        drawing = (tmp_path / f"own.{language}.svg").read_text("utf-8")
        assert "Our own" in drawing
        assert re.search(r">GPIO 24<", drawing)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-board"], "there is no board 'no-such-board'"),
        (["/no/such/file.toml"], "/no/such/file.toml: No such file"),
        (["one.toml", "two.toml"], "unrecognized arguments: two.toml"),
    ],
)
def test_a_board_that_can_not_be_drawn_is_told(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Below a line of usage, with the status of a wrong word."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("usage: python -m hardware.wiring [-h] [FILE.toml]")
    assert said in told


def test_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks for help has done nothing wrong, and nothing is written."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "usage: python -m hardware.wiring [-h] [FILE.toml]" in capsys.readouterr().out


def test_every_input_on_either_side_can_be_wired() -> None:
    """Contacts on even places pass between two rows of the header; twelve of them have room."""
    pins = [4, 17, 27, 22, 5, 6, 13, 19, 26, 23, 24, 25]
    buttons = {f"face-{n}": pin for n, pin in enumerate(pins[:5], 1)}
    buttons |= dict(zip(("previous", "next", "select", "help"), pins[5:9], strict=True))
    buttons |= {f"option-{n}": pin for n, pin in enumerate(pins[9:], 1)}
    assert_legible(diagram_of("twelve", Board(title="Twelve", buttons=buttons), str))
