"""The columns of the open data: their names, what stands in them, and of which sort it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Datatype: TypeAlias = Literal["string", "gYearMonth", "date", "share", "points", "count"]

_DATATYPES: Final[dict[Datatype, Any]] = {
    "string": "string",
    "gYearMonth": "gYearMonth",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "share": {"base": "decimal", "minimum": "0", "maximum": "1"},
    "points": {"base": "decimal", "minimum": "0", "maximum": "100"},
    "count": {"base": "nonNegativeInteger"},
}
"""Built-in datatypes of CSVW (Metadata Vocabulary, §5.11). Formats of UAX 35 are there for days
and times only (Tabular Data Model, §6.4.4); a month is written as XML Schema has it, unasked."""


@dataclass(frozen=True, slots=True)
class Texts:
    """In both languages."""

    bg: str
    en: str

    def described(self) -> list[dict[str, str]]:
        """As a common property of CSVW has several languages (Metadata Vocabulary, §5.8)."""
        return [
            {"@value": self.bg, "@language": "bg"},
            {"@value": self.en, "@language": "en"},
        ]


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: stands in the header, and never changes.
        is_key: with the others that are, it tells rows apart.
        is_required: there is always something in it.
    """

    name: str
    datatype: Datatype
    title: Texts
    description: Texts
    is_key: bool = False
    is_required: bool = True

    def described(self) -> dict[str, Any]:
        """As CSVW says it; the name in the header is one of the titles, or it wouldn't fit."""
        return {
            "name": self.name,
            "titles": {"und": self.name, "bg": self.title.bg, "en": self.title.en},
            "dc:description": self.description.described(),
            "datatype": _DATATYPES[self.datatype],
            "required": self.is_required,
        }


TITLES: Final = {
    "data.csv": Texts(
        "Удовлетвореност по месеци и звена", "Satisfaction by month and organisational unit"
    ),
    "reasons.csv": Texts(
        "Посочени причини по месеци и звена", "Reasons named, by month and organisational unit"
    ),
}

_KEY: Final = (
    Column(
        "month",
        "gYearMonth",
        Texts("Месец", "Month"),
        Texts("Цял календарен месец", "A whole calendar month"),
        is_key=True,
    ),
    Column(
        "unit",
        "string",
        Texts("Код на звено", "Unit's code"),
        Texts(
            "Код на звеното; municipality е цялата община, всички звена включително",
            "Code of the unit; municipality is the whole one, all units included",
        ),
        is_key=True,
    ),
    Column(
        "unit_name_bg",
        "string",
        Texts("Звено", "Unit in Bulgarian"),
        Texts("Име на български", "Its name in Bulgarian"),
        is_required=False,
    ),
    Column(
        "unit_name_en",
        "string",
        Texts("Звено на английски", "Unit"),
        Texts("Име на английски", "Its name in English"),
        is_required=False,
    ),
    Column(
        "published_on",
        "date",
        Texts("Публикувано на", "Published on"),
        Texts("Ден на това издание", "Day of this edition"),
    ),
    Column(
        "edition",
        "count",
        Texts("Издание", "Edition"),
        Texts("2 и повече: поправено издание", "2 and more: a corrected edition"),
    ),
)

_SHARE: Final = (
    Column(
        "low",
        "share",
        Texts("Долна граница", "Lower bound"),
        Texts("На 95 % доверителен интервал (Уилсън)", "Of the 95 % confidence interval (Wilson)"),
    ),
    Column(
        "high",
        "share",
        Texts("Горна граница", "Upper bound"),
        Texts("На същия интервал", "Of the same interval"),
    ),
)

MONTHS: Final = (
    *_KEY,
    Column(
        "scale",
        "string",
        Texts("Скала", "Scale"),
        Texts(
            "faces-4 и faces-5: четири и пет лица; nps-11: от 0 до 10; yes-no: да или не",
            "faces-4 and faces-5: four and five faces; nps-11: from 0 to 10; yes-no",
        ),
        is_key=True,
    ),
    Column(
        "ratings",
        "count",
        Texts("Оценки", "Ratings"),
        Texts(
            "Брой оценки, най-малко пет; без поправените и отсеяните по правилата",
            "How many, five at least; without those that were corrected or sorted out by the rules",
        ),
    ),
    Column(
        "satisfied",
        "count",
        Texts("Доволни", "Satisfied"),
        Texts(
            "Оценки от 3 на faces-4, от 4 на faces-5, от 9 на nps-11, „да“ на yes-no",
            "Ratings from 3 on faces-4, 4 on faces-5, 9 on nps-11, and yes",
        ),
    ),
    Column(
        "satisfied_share",
        "share",
        Texts("Дял на доволните", "Share satisfied"),
        Texts("satisfied, разделено на ratings", "satisfied divided by ratings"),
    ),
    *_SHARE,
    Column(
        "index",
        "points",
        Texts("Индекс на удовлетвореност", "Satisfaction index"),
        Texts(
            "Средната оценка, превърната така, че най-лошата е 0, а най-добрата 100",
            "The mean, rescaled so that the worst value is 0 and the best 100",
        ),
    ),
    Column(
        "index_low",
        "points",
        Texts("Долна граница на индекса", "Lower bound of the index"),
        Texts("На 95 % доверителен интервал", "Of its 95 % confidence interval"),
    ),
    Column(
        "index_high",
        "points",
        Texts("Горна граница на индекса", "Upper bound of the index"),
        Texts("На същия интервал", "Of the same interval"),
    ),
)

REASONS: Final = (
    *_KEY,
    Column(
        "survey",
        "string",
        Texts("Код на анкета", "Survey's code"),
        Texts("Анкетата с въпроса", "The survey with the question"),
        is_key=True,
    ),
    Column(
        "question",
        "string",
        Texts("Код на въпрос", "Question's code"),
        Texts("Въпросът", "The question"),
        is_key=True,
    ),
    Column(
        "option",
        "string",
        Texts("Код на отговор", "Answer's code"),
        Texts("Посоченият отговор", "The answer that was chosen"),
        is_key=True,
    ),
    Column(
        "option_bg",
        "string",
        Texts("Отговор", "Answer in Bulgarian"),
        Texts("На български", "In Bulgarian"),
        is_required=False,
    ),
    Column(
        "option_en",
        "string",
        Texts("Отговор на английски", "Answer"),
        Texts("На английски", "In English"),
        is_required=False,
    ),
    Column(
        "answered",
        "count",
        Texts("Отговорили", "Answered"),
        Texts("Колко души отговориха на въпроса", "How many people answered the question"),
    ),
    Column(
        "chose",
        "count",
        Texts("Посочили", "Chose it"),
        Texts(
            "Колко от тях посочиха отговора; някои посочват няколко",
            "How many of them chose this answer; some choose several",
        ),
    ),
    Column(
        "chose_share",
        "share",
        Texts("Дял на посочилите", "Share who chose it"),
        Texts("chose, разделено на answered", "chose divided by answered"),
    ),
    *_SHARE,
)
