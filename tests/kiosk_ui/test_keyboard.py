"""What keys mean: everything that can be touched can be typed, and nothing leads out."""

from __future__ import annotations

import pytest

from kiosk.scene import Choice, Scene, Tongue
from kiosk.ui.keyboard import Keyboard, meaning

H, L, Q, S = 11, 15, 20, 22
ENTER, ESC, BACKSPACE, TAB, SPACE, F1, F4 = 40, 41, 42, 43, 44, 58, 61
RIGHT, LEFT, DOWN, UP = 79, 80, 81, 82


def digit(number: int) -> int:
    """The key of a digit."""
    return 39 if number == 0 else 29 + number


def choices(kind: str, count: int, first: int = 1) -> tuple[Choice, ...]:
    """Choices ``kind-1`` …; numbers say what they are."""
    return tuple(
        Choice(button=f"{kind}-{number}", kind="face", text=str(number))
        for number in range(first, first + count)
    )


FACES = Scene(
    number=1,
    state="idle",
    language="bg",
    choices=choices("face", 4),
    corrects=choices("again", 2),
    tongues=(Tongue("bg", "Български"), Tongue("en", "English"), Tongue("tr", "Türkçe")),
)
NUMBERS = Scene(
    number=1,
    state="idle",
    language="bg",
    choices=tuple(
        Choice(button=f"face-{number + 1}", kind="number", text=str(number), rank=number, of=11)
        for number in range(11)
    ),
)
THANKS = Scene(number=1, state="thanks", language="bg", corrects=choices("again", 2))
PIN = Scene(number=1, state="maintenance", language="bg", asks_pin=True)
INSIDE = Scene(number=1, state="maintenance", language="bg")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        (digit(1), "face-1"),
        (digit(4), "face-4"),
        (digit(5), ""),
        (89, "face-1"),
        (LEFT, "previous"),
        (UP, "previous"),
        (RIGHT, "next"),
        (DOWN, "next"),
        (TAB, "next"),
        (ENTER, "select"),
        (88, "select"),
        (SPACE, "select"),
        (H, "help"),
        (F1, "help"),
        (L, "language-en"),
        (ESC, ""),
        (F4, ""),
        (Q, ""),
    ],
)
def test_keys_among_faces(key: int, meant: str) -> None:
    """Digits choose, arrows walk; Esc means nothing."""
    assert meaning(key, FACES, is_shifted=False) == meant


def test_shift_turns_tab_round() -> None:
    """As everywhere."""
    assert meaning(TAB, FACES, is_shifted=True) == "previous"


def test_shift_and_a_digit_correct() -> None:
    """While reasons are asked for, the rating can be corrected by keyboard, too."""
    assert meaning(digit(2), FACES, is_shifted=True) == "again-2"


def test_digits_correct_where_there_is_nothing_else_to_choose() -> None:
    """After the last answer the faces that correct are all there is."""
    assert meaning(digit(1), THANKS, is_shifted=False) == "again-1"


@pytest.mark.parametrize(("number", "button"), [(0, "face-1"), (7, "face-8"), (9, "face-10")])
def test_a_number_is_chosen_by_its_own_digit(number: int, button: str) -> None:
    """On a scale of 0 to 10 the key 7 is seven, not the seventh."""
    assert meaning(digit(number), NUMBERS, is_shifted=False) == button


@pytest.mark.parametrize(("now", "then"), [("bg", "en"), ("en", "tr"), ("tr", "bg"), ("xx", "bg")])
def test_languages_go_round(now: str, then: str) -> None:
    """L leads to the next one, and from the last to the first."""
    scene = Scene(number=1, state="idle", language=now, tongues=FACES.tongues)
    assert meaning(L, scene, is_shifted=False) == f"language-{then}"


def test_one_language_has_no_next_one() -> None:
    """Where nothing can be chosen, L means nothing."""
    assert meaning(L, NUMBERS, is_shifted=False) == ""


@pytest.mark.parametrize(
    ("key", "meant"),
    [(digit(0), "pin:0"), (97, "pin:9"), (BACKSPACE, "pin:back"), (ENTER, "pin:ok"), (Q, "leave")],
)
def test_keys_while_the_pin_is_asked_for(key: int, meant: str) -> None:
    """Digits are the PIN's."""
    assert meaning(key, PIN, is_shifted=False) == meant


@pytest.mark.parametrize(("key", "meant"), [(S, "self-test"), (Q, "leave"), (digit(1), "")])
def test_keys_in_maintenance(key: int, meant: str) -> None:
    """Both buttons of that screen have a key."""
    assert meaning(key, INSIDE, is_shifted=False) == meant


def test_a_key_that_is_held_counts_once() -> None:
    """A keyboard repeats itself; a book lying on it is one press."""
    keyboard = Keyboard()
    meant = [keyboard.down(digit(1), (), FACES) for _ in range(5)]
    keyboard.up(digit(1))
    assert [*meant, keyboard.down(digit(1), (), FACES)] == ["face-1", "", "", "", "", "face-1"]


@pytest.mark.parametrize("held", ["ctrl", "alt", "meta"])
def test_keys_of_the_system_mean_nothing(held: str) -> None:
    """Neither Ctrl-C nor Alt-F4, nor a digit with them."""
    assert Keyboard().down(digit(1), (held,), FACES) == ""
