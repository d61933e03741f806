"""A configuration is tried before it is used: what it makes the kiosk do, done once, unseen.

What :mod:`broker.wire.presentable` accepts should pass. This is for what nobody has thought of: a
configuration that stops the kiosk would stop it again at every start.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec.structs import replace

from broker.wire.configuration import Configuration
from broker.wire.scales import SCALES
from broker.wire.shown import dates_of, surveys_of
from broker.wire.surveys import Question, Survey
from hardware.panel import Closure
from kiosk.configuration import ConfigurationError
from kiosk.means import Means
from kiosk.scenes import Scenery, WordsOf
from kiosk.session import Session
from kiosk.timetable import Timetable
from kiosk.visit import SKIP

_DAY: Final = timedelta(days=1)
_USUAL: Final = tuple(date(2026, 11, 23) + number * _DAY for number in range(7))
"""A week without anything special."""

_MEANS: Final = Means(frozenset(), is_touched=True)
_PRESS_MS: Final = 1_000
"""From one press to the next: no double strike, and longer than a press may become void."""

_SKIPS: Final = (SKIP,) * 5
"""More than follow-ups of one question, or than choices after a rating."""


def rehearse(configuration: Configuration, words_of: WordsOf) -> None:
    """Go through all days that are named, and all questions in all languages.

    It takes milliseconds; for the largest configurations, on a Raspberry Pi, some seconds.

    Args:
        configuration: one that is presentable.
        words_of: gives the kiosk's own words in a language.

    Raises:
        ConfigurationError: the kiosk speaks none of its languages.
        Exception: whatever would stop the kiosk.
    """
    if not any(words_of(language).are_known for language in configuration.languages):
        raise ConfigurationError(
            f"languages: this kiosk has no whole catalogue of {configuration.languages[0]}; "
            "put one into its folder of languages, or add a language that it speaks",
            "not-spoken",
        )
    scenery = Scenery(configuration, words_of)
    _live_through(configuration, scenery)
    for survey in _single_questions(configuration):
        for value in _leading_on(survey.questions[0]):
            _answer(configuration, survey, value, scenery)
    scenery.out_of_order()


def _live_through(configuration: Configuration, scenery: Scenery) -> None:
    """Every named day, with the one before and the one after, and a usual week."""
    timetable = Timetable(configuration)
    named = sorted({*(on for _, on in dates_of(configuration)), *_USUAL})
    for on in named:
        for at in (_noon(on) - _DAY, _noon(on), _noon(on) + _DAY):
            timetable.survey_at(at)
            timetable.next_change_at(at)
            timetable.closed_because(at)
    for on in (named[0], named[-1], *_USUAL):  # to look ahead takes long where days are many
        at = _noon(on) + _DAY / 2
        scenery.closed(timetable.opens_next(at), timetable.closed_because(at))


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)


def _single_questions(configuration: Configuration) -> Iterator[Survey]:
    """Surveys that ask one question each, whatever it depends on; choices after a rating."""
    for _, survey in surveys_of(configuration):
        rating = replace(survey.questions[0], follow_ups=())
        for question in survey.questions:
            asked = replace(question, only_if=())
            before = () if asked.scale is not None else (rating,)
            yield replace(survey, questions=(*before, asked))


def _leading_on(rating: Question) -> set[int]:
    """Values of a rating after which all of its follow-ups are asked; any, if it has none."""
    values = {min(follow_up.when) for follow_up in rating.follow_ups}
    return values or {SCALES[rating.scale or "faces-4"].best}


def _answer(configuration: Configuration, survey: Survey, value: int, scenery: Scenery) -> None:
    """One visitor gives ``value``, skips all that follows, and looks at it in all languages."""
    numbers = itertools.count(1)
    session = Session(
        configuration,
        survey=survey,
        means=_MEANS,
        new_id=lambda: f"{next(numbers)}",
        new_visit=lambda: f"{next(numbers)}",
    )
    _look(session, configuration, scenery)
    for button in (f"face-{value}", *_SKIPS):
        at_ms = next(numbers) * _PRESS_MS
        session.press(Closure(button, at_ms, f"{at_ms}", "touch"))
        session.tick(at_ms + _PRESS_MS // 2)
        _look(session, configuration, scenery)
        if not session.is_asking:
            return


def _look(session: Session, configuration: Configuration, scenery: Scenery) -> None:
    for language in configuration.languages:
        session.language = language
        scenery.asking(session, is_private=True)
