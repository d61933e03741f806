"""Surveys for tests of answering: every sort of question, follow-ups, conditions, two pages."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from broker.fleet.surveys import Survey


def two(bg: str, en: str) -> dict[str, str]:
    """A text in both languages."""
    return {"bg": bg, "en": en}


def _options(*pairs: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"code": code, "texts": two(bg, en)} for code, bg, en in pairs]


SURVEY: Final = msgspec.convert(
    {
        "code": "all-sorts",
        "version": 1,
        "title": two("Как Ви обслужихме?", "How did we serve you?"),
        "intro": two("Отнема една минута.", "It takes a minute."),
        "thanks": two("Ще прочетем всичко.", "We shall read it all."),
        "pages": [{"title": {}}, {"title": two("Още малко", "A little more")}],
        "matrices": [{"code": "staff", "texts": two("Служителите бяха", "The staff were")}],
        "questions": [
            {
                "code": "overall",
                "texts": two("Как беше днес?", "How was it today?"),
                "scale": "faces-5",
                "is_required": True,
                "follow_ups": [
                    {
                        "question": "reason",
                        "texts": two("Какво не беше наред?", "What went wrong?"),
                        "when": [1, 2],
                        "options": _options(
                            ("waiting-time", "Дълго чакане", "Long wait"),
                            ("clarity", "Неясна информация", "Unclear information"),
                        ),
                    }
                ],
            },
            {
                "code": "polite",
                "texts": two("Любезни", "Polite"),
                "scale": "faces-4",
                "matrix": "staff",
            },
            {
                "code": "expert",
                "texts": two("Знаещи", "Expert"),
                "scale": "faces-4",
                "matrix": "staff",
            },
            {
                "code": "came-for",
                "texts": two("За какво дойдохте?", "What did you come for?"),
                "options": _options(
                    ("taxes", "Данъци", "Taxes"), ("other", "Друго", "Something else")
                ),
                "page": 2,
            },
            {
                "code": "channels",
                "texts": two("Как ни откривате?", "How do you reach us?"),
                "kind": "multiple",
                "options": _options(
                    ("phone", "Телефон", "Phone"), ("web", "Сайт", "Site"), ("desk", "Гише", "Desk")
                ),
                "at_most": 2,
                "page": 2,
                "only_if": [{"question": "came-for", "options": ["other"]}],
            },
            {
                "code": "minutes",
                "texts": two("Колко чакахте?", "How long did you wait?"),
                "kind": "number",
                "least": 0,
                "most": 600,
                "unit": two("минути", "minutes"),
                "page": 2,
            },
            {
                "code": "visited-on",
                "texts": two("Кога дойдохте?", "When did you come?"),
                "kind": "date",
                "page": 2,
            },
            {
                "code": "recommend",
                "texts": two("Бихте ли ни препоръчали?", "Would you recommend us?"),
                "scale": "nps-11",
                "page": 2,
            },
            {
                "code": "remark",
                "texts": two("Какво да подобрим?", "What should we improve?"),
                "kind": "comment",
                "page": 2,
            },
        ],
    },
    Survey,
)

SHORT: Final = msgspec.convert(
    {
        "code": "brief",
        "version": 1,
        "title": two("Един въпрос", "One question"),
        "questions": [
            {
                "code": "overall",
                "texts": two("Как беше днес?", "How was it today?"),
                "scale": "faces-5",
            }
        ],
    },
    Survey,
)
