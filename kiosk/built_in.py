"""What a kiosk asks until the server sends a survey: it works as soon as it has power."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.scales import SCALES, ScaleCode
from broker.wire.surveys import FollowUp, Option, Question, Survey
from hardware.panel import FOUR_FACES

_REASONS: Final = {
    "waiting-time": ("Дълго чакане", "Long wait"),
    "attitude": ("Отношение на служителите", "Attitude of staff"),
    "clarity": ("Неясна информация", "Unclear information"),
    "completeness": ("Нерешен въпрос", "Matter not settled"),
    "accessibility": ("Труден достъп", "Difficult access"),
    "premises": ("Условия в помещенията", "Condition of premises"),
}
"""Code → at most three words in Bulgarian and English; drawings are named like the codes."""

_HOW: Final = {"bg": "Как Ви обслужихме днес?", "en": "How did we serve you today?"}
_WHETHER: Final = {
    "bg": "Доволни ли сте от обслужването днес?",
    "en": "Are you satisfied with our service today?",
}

_UNHAPPY: Final[dict[ScaleCode, tuple[int, ...]]] = {
    "faces-5": (1, 2),
    "faces-4": (1, 2),
    "yes-no": (0,),
}
"""The scales to choose from, the richest first, and after which values we ask why."""


def scale_for(buttons: Collection[str]) -> ScaleCode:
    """The scale whose values are just the faces among ``buttons``; where there are none, four."""
    faces = {button for button in buttons if button.startswith("face-")}
    fitting = (
        scale for scale in _UNHAPPY if faces == {f"face-{value}" for value in SCALES[scale].values}
    )
    return next(fitting, "faces-4")


def built_in_survey(buttons: Collection[str] = FOUR_FACES) -> Survey:
    """What is asked on a panel with ``buttons``."""
    scale = scale_for(buttons)
    why = FollowUp(
        question="reason",
        texts={"bg": "Какво не беше наред?", "en": "What went wrong?"},
        when=_UNHAPPY[scale],
        options=tuple(
            Option(code=code, texts={"bg": bg, "en": en}) for code, (bg, en) in _REASONS.items()
        ),
    )
    question = Question(
        code="overall",
        texts=_WHETHER if scale == "yes-no" else _HOW,
        scale=scale,
        follow_ups=(why,),
    )
    return Survey(code="reception", version=1, questions=(question,))


BUILT_IN_SURVEY: Final = built_in_survey()
"""That of the usual panel, and of a touchscreen."""


def built_in_configuration(touchpoint: str, buttons: Collection[str] = FOUR_FACES) -> Configuration:
    """The survey for ``buttons``; of revision 0, so that any received configuration replaces it."""
    survey = built_in_survey(buttons)
    return Configuration(v=VERSION, revision=0, touchpoint=touchpoint, survey=survey)
