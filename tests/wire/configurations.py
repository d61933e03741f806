"""Hypothesis strategies for configurations: any that can be read, and those that can be shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from broker.wire.configuration import (
    EVERY_DAY,
    Configuration,
    Deed,
    Hours,
    OpeningHours,
    PlannedSurvey,
    Presentation,
    Result,
    SpecialDay,
    WeeklyHours,
)
from broker.wire.events import MAX_INTEGER
from broker.wire.messages import VERSION
from broker.wire.scales import SCALES, ScaleCode
from broker.wire.surveys import Condition, FollowUp, Option, Question, Survey, Texts

TextsOf: TypeAlias = Callable[[str], SearchStrategy[Texts]]
"""Texts that begin with a mark, where they can be shown."""

codes = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)
tags = st.sampled_from(["bg", "en", "tr", "en-GB", "zh-Hant-TW", "de-1996"])
_letters = st.sampled_from("абвгъьюяѝ ABCxyzéß αβγ ქარ 中文字 אבג ابج 0123 .,!?–„“…\u200d\u200f")
_anything = st.text(st.characters(codec="utf-8"), max_size=80)
ZONES = [
    "Europe/Sofia",
    "UTC",
    "America/New_York",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Africa/Cairo",
]
"""Ordinary ones, the first and the last of the day, and one that skips midnights."""
_days = st.lists(st.sampled_from(EVERY_DAY), min_size=1, max_size=7, unique=True).map(tuple)
_any_days = st.dates() | st.sampled_from([date.min, date.max, date(1999, 12, 31), date(2201, 1, 1)])
_good_days = st.dates(date(2000, 1, 1), date(2200, 12, 31)) | st.sampled_from(
    [date(2000, 1, 1), date(2200, 12, 31)]
)
_minutes = st.lists(st.integers(0, 24 * 60), min_size=2, max_size=8, unique=True).map(sorted)


def any_texts(_mark: str) -> SearchStrategy[Texts]:
    """Texts of any kind in any languages."""
    return st.dictionaries(tags, _anything, max_size=3)


def good_texts(languages: tuple[str, ...]) -> TextsOf:
    """Texts in ``languages`` that look right and fit anywhere; different after different marks."""

    def marked(mark: str) -> SearchStrategy[Texts]:
        text = st.text(_letters, max_size=30).map(
            lambda rest: re.sub(" {3,}", "  ", f"{mark} {rest}")
        )
        return st.fixed_dictionaries(dict.fromkeys(languages, text))

    return marked


@st.composite
def surveys(draw: DrawFn, texts: TextsOf, version: int = 1) -> Survey:
    """Surveys of one to four questions, with follow-ups and conditions."""
    first, *others = draw(st.lists(codes, min_size=2, max_size=6, unique=True))
    scale: ScaleCode = draw(st.sampled_from(["faces-4", "faces-5", "nps-11", "yes-no"]))
    some = st.lists(st.sampled_from(SCALES[scale].values), min_size=1, max_size=4, unique=True).map(
        tuple
    )
    follow_ups = [
        FollowUp(
            question=code, texts=draw(texts("f")), when=draw(some), options=draw(_options(texts))
        )
        for code in others[:1]
    ]
    asked = [
        Question(code=first, texts=draw(texts("1")), scale=scale, follow_ups=tuple(follow_ups))
    ]
    for code in others[1:4]:
        holds = st.builds(Condition, question=st.just(first), values=some)
        only_if = draw(st.lists(holds, max_size=2).map(tuple))
        options = draw(_options(texts))
        asked.append(Question(code=code, texts=draw(texts("2")), options=options, only_if=only_if))
    return Survey(code=draw(codes), version=version, questions=tuple(asked))


@st.composite
def _options(draw: DrawFn, texts: TextsOf) -> tuple[Option, ...]:
    names = draw(st.lists(codes, min_size=1, max_size=4, unique=True))
    return tuple(
        Option(code=code, texts=draw(texts(f"{number}")), pictogram=draw(st.none() | codes))
        for number, code in enumerate(names)
    )


@st.composite
def _hours(draw: DrawFn) -> list[dict[str, Any]]:
    """Hours that don't overlap: each two of some minutes."""
    said = [f"{minute // 60:02}:{minute % 60:02}" for minute in draw(_minutes)]
    pairs = zip(said[::2], said[1::2], strict=False)
    return [{"opens_at": opens, "closes_at": closes} for opens, closes in pairs]


@st.composite
def openings(draw: DrawFn, texts: TextsOf, days: SearchStrategy[date]) -> OpeningHours:
    """Hours with breaks, and special days."""
    weekly = [WeeklyHours(**hours, days=draw(_days)) for hours in draw(_hours())]
    special_days = [
        SpecialDay(
            on=on,
            hours=tuple(Hours(**hours) for hours in draw(st.just([]) | _hours())),
            texts=draw(st.just({}) | texts("h")),
        )
        for on in draw(st.lists(days, max_size=3, unique=True))
    ]
    return OpeningHours(
        weekly=tuple(weekly),
        special_days=tuple(special_days),
        grace_min=draw(st.integers(0, 240)),
    )


@st.composite
def _planned(
    draw: DrawFn, texts: TextsOf, version: int, days: SearchStrategy[date]
) -> PlannedSurvey:
    first_on, last_on = sorted([draw(days), draw(days)])
    return PlannedSurvey(
        survey=draw(surveys(texts, version)),
        days=draw(_days),
        first_on=draw(st.sampled_from([None, first_on])),
        last_on=draw(st.sampled_from([None, last_on])),
    )


def presentations(texts: TextsOf, days: SearchStrategy[date]) -> SearchStrategy[Presentation]:
    """What is shown besides questions."""
    result = st.builds(
        Result,
        unit=texts("u"),
        month=days.map(lambda day: day.replace(day=1)),
        satisfied_percent=st.floats(0, 100),
        ratings=st.integers(5, 9_999_999),
    )
    return st.builds(
        Presentation,
        name=st.just({}) | texts("n"),
        deeds=st.lists(st.builds(Deed, said=texts("s"), did=texts("d")), max_size=3).map(tuple),
        result=st.none() | result,
        write_url=st.sampled_from([None, "https://otziv.example/w?d=1#a", "https://a.bg:8443/"]),
        is_high_contrast=st.booleans(),
        is_slow=st.booleans(),
        reads_aloud=st.booleans(),
    )


@st.composite
def _configurations(
    draw: DrawFn, languages: tuple[str, ...], texts: TextsOf, days: SearchStrategy[date]
) -> Configuration:
    return Configuration(
        v=VERSION,
        revision=draw(st.integers(1, MAX_INTEGER)),
        touchpoint=draw(codes),
        survey=draw(surveys(texts)),
        languages=languages,
        opening=draw(st.none() | openings(texts, days)),
        planned=tuple(
            draw(_planned(texts, 2 + number, days)) for number in range(draw(st.integers(0, 2)))
        ),
        timezone=draw(st.sampled_from(ZONES)),
        presentation=draw(presentations(texts, days)),
    )


configurations: SearchStrategy[Configuration] = (
    st.lists(tags, min_size=1, max_size=4)
    .map(tuple)
    .flatmap(lambda t: _configurations(t, any_texts, _any_days))
)
"""Any that can be read."""

_languages = st.lists(
    tags, min_size=1, max_size=4, unique_by=lambda tag: tag.partition("-")[0]
).map(tuple)

presentable_configurations: SearchStrategy[Configuration] = _languages.flatmap(
    lambda languages: _configurations(languages, good_texts(languages), _good_days)
)
"""Those that can be shown."""

legible_configurations: SearchStrategy[Configuration] = _languages.flatmap(
    lambda languages: _configurations(languages, good_texts(languages), _good_days | _any_days)
)
"""Those whose texts can be shown, with days that may be none."""
