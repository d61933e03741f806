"""Whether a survey can be asked at all, on a page of the web as well as at a kiosk.

What a kiosk can show is less, and :mod:`broker.wire.presentable` says what. As there, each fault
says where it is, what is wrong and what to do, and quotes no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from broker.wire.errors import readable
from broker.wire.legible import as_seen, faults_of_text
from broker.wire.scales import SCALES
from broker.wire.shown import Asked, asked_in
from broker.wire.surveys import Question, Survey, Texts
from broker.wire.texts import LANGUAGE

MAX_ASKED: Final = 300
MAX_CHOICE: Final = 150
MAX_TITLE: Final = 120
MAX_PASSAGE: Final = 2_000
MAX_UNIT: Final = 30
"""Characters that are read to their end on a page."""

_LINES_OF_PASSAGE: Final = 30
_is_tag: Final = re.compile(LANGUAGE).fullmatch


class Written(NamedTuple):
    """One text, in its languages, with the room there is for it."""

    place: str
    texts: Texts
    max_length: int
    max_lines: int = 1
    is_needed: bool = False


def languages_of(survey: Survey) -> tuple[str, ...]:
    """The languages of a survey: those of its first question."""
    return tuple(survey.questions[0].texts)


def faults_of_survey(survey: Survey) -> list[str]:
    """All that would look or work wrong wherever ``survey`` is asked.

    It is looked at in the languages of its first question: each text needs all of them.
    """
    languages = languages_of(survey)
    if not languages:
        return [
            'questions[0].texts: is empty; write it in each language, as {"bg": "…", "en": "…"}',
        ]
    strange = [language for language in languages if not _is_tag(language)]
    if strange:
        return ["languages: one is no tag of a language; write it as bg, en, tr"]
    return [
        readable(fault)
        for fault in chain(_of_texts(survey, languages), _of_questions(survey, languages))
    ]


def written_in(survey: Survey) -> Iterator[Written]:
    """Every text of ``survey``; one that may be left out is among them where it is given."""
    yield Written("title", survey.title, MAX_TITLE)
    yield Written("intro", survey.intro, MAX_PASSAGE, _LINES_OF_PASSAGE)
    yield Written("thanks", survey.thanks, MAX_PASSAGE, _LINES_OF_PASSAGE)
    for number, page in enumerate(survey.pages):
        yield Written(f"pages[{number}].title", page.title, MAX_TITLE)
    for number, matrix in enumerate(survey.matrices):
        yield Written(f"matrices[{number}].texts", matrix.texts, MAX_ASKED, 4, is_needed=True)
    for place, asked in asked_in("", survey):
        yield from _written(place.removeprefix("."), asked)


def _written(place: str, asked: Asked) -> Iterator[Written]:
    yield Written(f"{place}.texts", asked.texts, MAX_ASKED, 4, is_needed=True)
    if isinstance(asked, Question):
        yield Written(f"{place}.hint", asked.hint, MAX_ASKED, 4)
        yield Written(f"{place}.unit", asked.unit, MAX_UNIT)
    for number, option in enumerate(asked.options):
        here = f"{place}.options[{number}].texts"
        yield Written(here, option.texts, MAX_CHOICE, is_needed=True)


def _of_texts(survey: Survey, languages: Sequence[str]) -> Iterator[str]:
    for place, texts, max_length, max_lines, is_needed in written_in(survey):
        if not (texts or is_needed):
            continue
        for language in languages:
            if language not in texts:
                yield f"{place}.{language}: is missing; translate it"
                continue
            for fault in faults_of_text(
                texts[language], max_length, has_lines=max_lines > 1, max_lines=max_lines
            ):
                yield f"{place}.{language}: {fault}"


def _of_questions(survey: Survey, languages: Sequence[str]) -> Iterator[str]:
    for place, asked in asked_in("", survey):
        yield from faults_of_options(place.removeprefix("."), asked, languages)
        if isinstance(asked, Question):
            yield from faults_of_follow_ups(place.removeprefix("."), asked)
    pages = {question.page for question in survey.questions}
    for number in range(1, len(survey.pages) + 1):
        if number not in pages:
            yield f"pages[{number - 1}]: has no questions; take it out"


def faults_of_options(place: str, asked: Asked, languages: Sequence[str]) -> Iterator[str]:
    """Options that can't be told apart, by a program or by a reader."""
    codes = [option.code for option in asked.options]
    if len(set(codes)) != len(codes):
        yield f"{place}.options: two have the same code; their answers could not be told apart"
    for language in languages:
        texts = [option.texts[language] for option in asked.options if language in option.texts]
        if len(set(map(as_seen, texts))) != len(texts):
            yield f"{place}.options: two read the same in {language}; say how they differ"


def faults_of_follow_ups(place: str, question: Question) -> Iterator[str]:
    """Follow-ups that nobody would ever be asked."""
    values = SCALES[question.scale].values if question.scale is not None else range(0)
    for index, follow_up in enumerate(question.follow_ups):
        strange = sorted(set(follow_up.when).difference(values))
        if strange:
            yield (
                f"{place}.follow_ups[{index}].when: {question.scale} has no {strange[0]}; "
                f"its values are {values[0]} to {values[-1]}"
            )
