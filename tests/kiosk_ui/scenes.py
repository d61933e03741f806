"""Scenes as the firmware sends them, and a measure of the kiosk's own font without Kivy."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec
from fontTools.ttLib import TTFont

from kiosk.scene import Choice, Fact, IdleText, Scene, State, Tongue
from kiosk.ui.glass import Glass, Reach

GLASSES: Final = {
    "5-inch-tall": (480, 800, 5.0),
    "5-inch-wide": (800, 480, 5.0),
    "7-inch-tall": (480, 800, 7.0),
    "7-inch-wide": (800, 480, 7.0),
    "7-inch-1280": (1280, 800, 7.0),
    "10-inch-wide": (1280, 800, 10.1),
    "10-inch-tall": (800, 1280, 10.1),
    "15-inch-wide": (1920, 1080, 15.6),
    "15-inch-tall": (1080, 1920, 15.6),
}

FACES: Final = {
    "bg": ("Много недоволен", "Недоволен", "Горе-долу", "Доволен", "Много доволен"),
    "en": ("Very unhappy", "Unhappy", "So-so", "Happy", "Very happy"),
    "de": ("Sehr unzufrieden", "Unzufrieden", "Mittelmäßig", "Zufrieden", "Sehr zufrieden"),
}
QUESTIONS: Final = {
    "bg": "Доволни ли сте от обслужването днес?",
    "en": "Are you satisfied with our service today?",
    "de": "Wie zufrieden sind Sie mit der Dienstleistung Ihrer Stadtverwaltung?",
}
REASONS: Final = {
    "bg": (
        "Дълго чакане",
        "Отношение на служителите",
        "Неясна информация",
        "Въпросът ми не беше решен",
        "Труден достъп",
        "Условия в помещенията",
    ),
    "en": (
        "Long wait",
        "Attitude of the staff",
        "Unclear information",
        "My matter was not settled",
        "Difficult access",
        "Condition of the premises",
    ),
    "de": (
        "Lange Wartezeit",
        "Verhalten der Beschäftigten",
        "Unverständliche Informationen",
        "Angelegenheit unerledigt",
        "Barrierefreiheit mangelhaft",
        "Zustand der Räumlichkeiten",
    ),
}
PICTOGRAMS: Final = (
    "waiting-time",
    "attitude",
    "clarity",
    "completeness",
    "accessibility",
    "premises",
)
TONGUES: Final = (
    Tongue("bg", "Български"),
    Tongue("en", "English"),
    Tongue("de", "Deutsch"),
    Tongue("el", "Ελληνικά"),
    Tongue("tr", "Türkçe"),
    Tongue("ro", "Română"),
    Tongue("uk", "Українська"),
    Tongue("fr", "Français"),
    Tongue("it", "Italiano"),
    Tongue("es", "Español"),
    Tongue("sr", "Српски"),
    Tongue("mk", "Македонски"),
)


def glass(name: str, reach: Reach = "all", text_scale: float = 1.0) -> Glass:
    """One of the glasses."""
    return Glass(*GLASSES[name], reach, text_scale)


def faces(language: str = "bg", of: int = 4) -> tuple[Choice, ...]:
    """The choices of a scale of faces."""
    words = FACES[language]
    chosen = words if of == 5 else (*words[:2], *words[3:])
    return tuple(
        Choice(button=f"face-{rank}", kind="face", text=text, rank=rank, of=of)
        for rank, text in enumerate(chosen, start=1)
    )


def options(count: int, language: str = "bg") -> tuple[Choice, ...]:
    """So many options with pictograms, 12 at most."""
    words = REASONS[language] * 2
    return tuple(
        Choice(
            button=f"option-{n + 1}", kind="option", text=words[n], pictogram=(PICTOGRAMS * 2)[n]
        )
        for n in range(count)
    )


def numbers() -> tuple[Choice, ...]:
    """The choices 0–10."""
    return tuple(
        Choice(button=f"face-{n + 1}", kind="number", text=str(n), rank=n + 1, of=11)
        for n in range(11)
    )


def yes_no() -> tuple[Choice, ...]:
    """No and yes."""
    return (
        Choice(button="face-1", kind="yes-no", text="Не", rank=1, of=2),
        Choice(button="face-2", kind="yes-no", text="Да", rank=2, of=2),
    )


SKIP: Final = Choice(button="skip", kind="skip", text="Пропускам въпроса")


def idle(language: str = "bg", tongues: int = 2, of: int = 4, **more: object) -> Scene:
    """The kiosk waits; the first question can be answered."""
    return msgspec.structs.replace(
        _scene("idle", language, tongues),
        name="Община Троян, център за обслужване",
        choices=faces(language, of),
        idle_texts=(
            IdleText(
                lead="Казахте:",
                text="Дълго се чака в понеделник.",
                reply_lead="Направихме:",
                reply="Отворихме още едно гише до обяд.",
            ),
            IdleText(lead="Октомври, Троян:", text="86 % доволни от 412 отговора"),
        ),
        write_url="https://example.org/pishete/troyan",
        write_text="Пишете ни от телефона си",
        **more,
    )


def asking(choices: tuple[Choice, ...], language: str = "bg", tongues: int = 2) -> Scene:
    """A later question."""
    return msgspec.structs.replace(
        _scene("asking", language, tongues), choices=(*choices, SKIP), progress=(2, 3)
    )


def follow_up(language: str = "bg", count: int = 6, tongues: int = 2) -> Scene:
    """Reasons, and the other faces to correct."""
    return msgspec.structs.replace(
        _scene("follow-up", language, tongues),
        title="Какво не беше наред?",
        choices=(*options(count, language), SKIP),
        corrects=faces(language)[1:],
    )


def warned(scene: Scene) -> Scene:
    """The same, about to end."""
    return msgspec.structs.replace(
        scene,
        warns_until_ms=90_000,
        warning="Още ли сте тук? Въпросът ще се затвори след малко.",
        extend_text="Още време",
    )


def said(state: State, title: str, text: str = "", **more: object) -> Scene:
    """A scene that only says something."""
    return msgspec.structs.replace(_scene(state, "bg", 2), title=title, text=text, **more)


def plain_scenes() -> dict[str, Scene]:
    """A scene of each state that only says something."""
    return {
        "not-set-up": said("not-set-up", "Киоскът още не е настроен.", tongues=()),
        "thanks": said("thanks", "Благодарим!", corrects=faces()[:3]),
        "correction": said(
            "correction", "Благодарим!", "Променихме отговора Ви.", corrects=faces()[1:]
        ),
        "out-of-hours": said(
            "out-of-hours", "Затворено", "Отваряме в понеделник в 9:00 ч.", is_dim=True
        ),
        "out-of-order": said(
            "out-of-order", "Не работи", "Извинете. Кажете, моля, на служител.", tongues=()
        ),
    }


def maintenance(facts: int = 12) -> Scene:
    """What staff see."""
    lines = tuple(
        Fact(
            name=f"Част {n}", text="192.168.100.100 през Ethernet", mark="good" if n % 2 else "bad"
        )
        for n in range(facts)
    )
    return said("maintenance", "Обслужване", facts=lines, tongues=())


def pin() -> Scene:
    """The way there."""
    return said("maintenance", "ПИН", asks_pin=True, tongues=())


def _scene(state: State, language: str, tongues: int) -> Scene:
    return Scene(
        number=1,
        state=state,
        language=language,
        title=QUESTIONS[language],
        tongues=TONGUES[:tongues],
    )


@cache
def _advances() -> tuple[dict[int, str], dict[str, int], int]:
    spec = find_spec("kivy")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "data/fonts/Roboto-Regular.ttf"
    with TTFont(path, lazy=True) as font:
        widths = {name: width for name, (width, _) in font["hmtx"].metrics.items()}
        return font.getBestCmap(), widths, font["head"].unitsPerEm


def measure(text: str, font_px: float) -> float:
    """The width of ``text`` in Roboto."""
    names, widths, em = _advances()
    return sum(widths[names.get(ord(letter), ".notdef")] for letter in text) * font_px / em
