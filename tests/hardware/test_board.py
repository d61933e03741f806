"""Pin maps: the shipped ones are right, and a wrong one is told with its file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.board import BOARDS, Board, BoardError, find_board, load_board, shipped_boards

RIGHT = """
title = "Test"
buzzer = 18
[buttons]
face-1 = 5
face-2 = 6
[lamps]
lamp-1 = 12
"""


@pytest.mark.parametrize("name", shipped_boards())
def test_shipped_boards_are_right(name: str) -> None:
    """Each shipped board loads by its name, and has a title for people."""
    assert find_board(name).title


def test_the_wiring_table_is_that_of_the_boards() -> None:
    """The table in the README has every pin of every shipped board, and no other."""
    readme = (BOARDS.parent / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("| GPIO |") :].partition("\n\n")[0]
    heads, _, *rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    written = {
        (name.strip("`"), cell.strip("` "), int(row[0]))
        for row in rows
        for name, cell in zip(heads[2:], row[2:], strict=True)
        if cell.strip() != "–"
    }
    wired = {
        (name, part, pin)
        for name in shipped_boards()
        for part, pin in wiring(find_board(name)).items()
    }
    assert written == wired
    header = MockFactory().board_info
    for gpio, place in (row[:2] for row in rows):
        assert [info.number for _, info in header.find_pin(f"GPIO{gpio}")] == [int(place)]


def wiring(board: Board) -> dict[str, int]:
    """All parts of a board with their pins."""
    buzzer = {} if board.buzzer is None else {"buzzer": board.buzzer}
    return board.buttons | board.lamps | buzzer


def test_a_board_may_be_a_file(tmp_path: Path) -> None:
    """A path that ends in ``.toml`` is loaded instead of a shipped board."""
    path = tmp_path / "own.toml"
    path.write_text(RIGHT)
    assert find_board(str(path)) == Board(
        title="Test", buttons={"face-1": 5, "face-2": 6}, lamps={"lamp-1": 12}, buzzer=18
    )


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("face-2 = 6", "face-2 = 5", "buttons.face-2: GPIO 5 is buttons.face-1 already"),
        ("lamp-1 = 12", "lamp-1 = 18", "buzzer: GPIO 18 is lamps.lamp-1 already"),
        ("face-2 = 6", "face-2 = 3", "buttons.face-2: GPIO 3 is reserved"),
        ("face-2 = 6", "face-2 = 40", "buttons.face-2: there is no GPIO 40"),
        ("buzzer = 18", "buzzer = -1", "buzzer: there is no GPIO -1"),
        ("face-2 = 6", "face-3 = 6", "buttons: faces must be"),
        ("face-2 = 6", "", "buttons: faces must be"),
        ("face-2 = 6", "face-two = 6", "buttons: faces must be"),
        ("face-2 = 6", "face-2 = 6\noption-2 = 7", "buttons: options must be"),
        ("face-2 = 6", "face-2 = 6\nsmile = 7", "buttons.smile: a button is"),
        ("lamp-1 = 12", "lamp-2 = 12", "lamps: there must be"),
        ("lamp-1 = 12", "", "lamps: there must be"),
        ("face-2 = 6", 'face-2 = "six"', r"Expected `int`, got `str` - at `\$.buttons"),
        ("buzzer = 18", "bell = 18", "unknown field `bell`"),
        ('title = "Test"', "", "missing required field `title`"),
        ("face-2 = 6", "face-1 = 6", "Cannot overwrite a value"),
    ],
)
def test_a_wrong_board_is_told_with_file_and_key(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    """Each rule that is broken is told, with the file and the key."""
    path = tmp_path / "own.toml"
    path.write_text(RIGHT.replace(right, wrong))
    with pytest.raises(BoardError, match=rf"own\.toml: .*{told}"):
        load_board(path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Whoever mends a board sees all that is wrong with it."""
    path = tmp_path / "own.toml"
    path.write_text(RIGHT.replace("face-2 = 6", "face-3 = 5"))
    with pytest.raises(BoardError, match=r"faces must be .*GPIO 5 is buttons\.face-1 already"):
        load_board(path)


def test_an_unknown_board_names_the_known_ones() -> None:
    """A name that is not shipped, and a file that is not there, are clear errors."""
    with pytest.raises(BoardError, match="no board 'post': take one of otziv-panel-4, "):
        find_board("post")
    with pytest.raises(BoardError, match=r"nowhere\.toml: No such file"):
        find_board("nowhere.toml")
