"""What a kiosk asks until the server sends a survey: it works as soon as it has power."""

from __future__ import annotations

from typing import Final

from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
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

BUILT_IN_SURVEY: Final = Survey(
    code="reception",
    version=1,
    questions=(
        Question(
            code="overall",
            texts={
                "bg": "Доволни ли сте от обслужването днес?",
                "en": "Are you satisfied with our service today?",
            },
            scale="faces-4",
            follow_ups=(
                FollowUp(
                    question="reason",
                    texts={"bg": "Какво не беше наред?", "en": "What went wrong?"},
                    when=(1, 2),
                    options=tuple(
                        Option(code=code, texts={"bg": bg, "en": en})
                        for code, (bg, en) in _REASONS.items()
                    ),
                ),
            ),
        ),
    ),
)


def built_in_configuration(touchpoint: str) -> Configuration:
    """The built-in survey; of revision 0, so that any received configuration replaces it."""
    return Configuration(v=VERSION, revision=0, touchpoint=touchpoint, survey=BUILT_IN_SURVEY)
