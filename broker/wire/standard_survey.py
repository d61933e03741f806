"""The survey that is asked where nobody has set one: it works as soon as there is power."""

from __future__ import annotations

from typing import Final

from broker.wire.scales import ScaleCode
from broker.wire.surveys import FollowUp, Option, Question, Survey

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

UNHAPPY: Final[dict[ScaleCode, tuple[int, ...]]] = {
    "faces-5": (1, 2),
    "faces-4": (1, 2),
    "yes-no": (0,),
}
"""The scales that it may ask on, the richest first, and after which values it asks why."""


def standard_survey(scale: ScaleCode = "faces-4") -> Survey:
    """One question on ``scale``, and what went wrong where somebody is unhappy."""
    why = FollowUp(
        question="reason",
        texts={"bg": "Какво не беше наред?", "en": "What went wrong?"},
        when=UNHAPPY[scale],
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


STANDARD_SURVEY: Final = standard_survey()
"""That of four faces. A kiosk that gets it asks on the faces that its panel has."""
