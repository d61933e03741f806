"""Every text of a configuration that visitors see, with its place and the room there is for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final, NamedTuple, TypeAlias

from broker.wire.configuration import Configuration, OpeningHours, Presentation
from broker.wire.surveys import FollowUp, Question, Survey, Texts

MAX_QUESTION: Final = 120
MAX_OPTION: Final = 40
MAX_DEED: Final = 140
MAX_NAME: Final = 80
"""Characters that fit a screen of 480 × 800 in large type, in any language."""

Asked: TypeAlias = Question | FollowUp


class Shown(NamedTuple):
    """One text, in its languages.

    Attributes:
        place: path into the message, as ``survey.questions[0].texts``.
        has_lines: whether it may have several lines.
    """

    place: str
    texts: Texts
    max_length: int
    has_lines: bool = False


def surveys_of(configuration: Configuration) -> Iterator[tuple[str, Survey]]:
    """Every survey with its place, the standing one first."""
    yield "survey", configuration.survey
    for number, planned in enumerate(configuration.planned):
        yield f"planned[{number}].survey", planned.survey


def asked_in(place: str, survey: Survey) -> Iterator[tuple[str, Asked]]:
    """Every question of ``survey`` with its place, each before its follow-ups."""
    for number, question in enumerate(survey.questions):
        here = f"{place}.questions[{number}]"
        yield here, question
        for index, follow_up in enumerate(question.follow_ups):
            yield f"{here}.follow_ups[{index}]", follow_up


def dates_of(configuration: Configuration) -> Iterator[tuple[str, date]]:
    """Every date with its place."""
    if configuration.opening is not None:
        for number, day in enumerate(configuration.opening.special_days):
            yield f"opening.special_days[{number}].on", day.on
    for number, planned in enumerate(configuration.planned):
        for name, on in (("first_on", planned.first_on), ("last_on", planned.last_on)):
            if on is not None:
                yield f"planned[{number}].{name}", on
    if configuration.presentation.result is not None:
        yield "presentation.result.month", configuration.presentation.result.month


def shown_by(configuration: Configuration) -> Iterator[Shown]:
    """Every text. One that may be left out is among them where it is given."""
    for place, survey in surveys_of(configuration):
        yield from chain.from_iterable(_asked(*each) for each in asked_in(place, survey))
    if configuration.opening is not None:
        yield from _special_days(configuration.opening)
    yield from _presented(configuration.presentation)


def _asked(place: str, asked: Asked) -> Iterator[Shown]:
    yield Shown(f"{place}.texts", asked.texts, MAX_QUESTION, has_lines=True)
    for number, option in enumerate(asked.options):
        yield Shown(f"{place}.options[{number}].texts", option.texts, MAX_OPTION)


def _special_days(opening: OpeningHours) -> Iterator[Shown]:
    for number, day in enumerate(opening.special_days):
        if day.texts:
            yield Shown(f"opening.special_days[{number}].texts", day.texts, MAX_NAME)


def _presented(presentation: Presentation) -> Iterator[Shown]:
    if presentation.name:
        yield Shown("presentation.name", presentation.name, MAX_NAME)
    for number, deed in enumerate(presentation.deeds):
        yield Shown(f"presentation.deeds[{number}].said", deed.said, MAX_DEED, has_lines=True)
        yield Shown(f"presentation.deeds[{number}].did", deed.did, MAX_DEED, has_lines=True)
    if presentation.result is not None:
        yield Shown("presentation.result.unit", presentation.result.unit, MAX_NAME)
