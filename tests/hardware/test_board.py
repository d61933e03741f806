"""Pin maps: the shipped ones are right, and a wrong one is told with its file and key."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from hardware.board import (
    Board,
    BoardError,
    faults_of,
    find_board,
    load_board,
    shipped_boards,
)
from hardware.panel import TACTILE_KEYS

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
        ("lamp-1 = 12", "glow-1 = 12", "lamps: there must be"),
        ("face-2 = 6", "face-2 = 6\nhelp = 24", "buttons: tactile keys come together"),
        ("buzzer = 18", "headphones = 12", "headphones: GPIO 12 is lamps.lamp-1 already"),
        ("buzzer = 18", "headphones = 3", "headphones: GPIO 3 is reserved .switch-off button"),
        ("buzzer = 18", 'plugged = "in"', r"Invalid enum value 'in' - at `\$.plugged"),
        ("buzzer = 18", 'buzzer = 18\nsound = "i2s"', "buzzer: GPIO 18 carries the sound"),
        ("buzzer = 18", 'sound = "pwm"', "lamps.lamp-1: GPIO 12 carries the sound"),
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


def test_tactile_keys_have_no_lamps(tmp_path: Path) -> None:
    """A lamp each is one for every face; keys come without."""
    path = tmp_path / "own.toml"
    keys = "\n".join(f"{key} = {pin}" for pin, key in enumerate(TACTILE_KEYS, 22))
    both = RIGHT.replace("face-2 = 6", f"face-2 = 6\n{keys}")
    path.write_text(both.replace("lamp-1 = 12", "lamp-1 = 12\nlamp-2 = 13"))
    assert len(load_board(path).buttons) == 6
    path.write_text(both.replace("lamp-1 = 12", "lamp-1 = 12\nlamp-2 = 13\nlamp-3 = 16"))
    with pytest.raises(BoardError, match="tactile keys have none"):
        load_board(path)


def test_a_board_may_have_tactile_keys_alone() -> None:
    """Below a touchscreen there are no faces and no lamps; a lamp there is a fault."""
    board = find_board("otziv-touch-stand")
    assert tuple(board.buttons) == TACTILE_KEYS
    assert board.lamps == {}
    lit = msgspec.structs.replace(board, lamps={"lamp-1": 12})
    assert any("tactile keys have none" in fault for fault in faults_of(lit))


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
