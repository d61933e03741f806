"""What surveys ask, in people's words: for whoever shows figures of their questions and options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection, select

from broker.store.place_tables import SurveyVersion
from broker.store.prepared import prepare
from broker.store.tables import table_of
from broker.wire.surveys import Question, Survey

Texts: TypeAlias = Mapping[str, str]
"""Language → text."""

_READ = msgspec.json.Decoder(Survey)
prepare(Survey)


@dataclass(frozen=True, slots=True)
class AskedTexts:
    """A survey, as all its versions together ask; of what was reworded, the newest wording.

    Attributes:
        title: empty where it has none.
        rated: questions on a scale, those of the newest version first and in its order.
        questions: question, follow-ups included → what is asked.
        options: question, option → what can be chosen.
    """

    code: str
    title: Texts
    rated: tuple[str, ...]
    questions: Mapping[str, Texts]
    options: Mapping[tuple[str, str], Texts]


def read_asked(connection: Connection) -> dict[str, AskedTexts]:
    """Every published survey by its code."""
    table = table_of(SurveyVersion)
    query = select(table.c.content).order_by(table.c.code, table.c.version)
    versions: dict[str, list[Survey]] = {}
    for content in connection.scalars(query):
        survey = _READ.decode(content)
        versions.setdefault(survey.code, []).append(survey)
    return {code: _together(code, found) for code, found in versions.items()}


def _together(code: str, versions: list[Survey]) -> AskedTexts:
    questions: dict[str, Texts] = {}
    options: dict[tuple[str, str], Texts] = {}
    rated: dict[str, None] = {}
    for survey in reversed(versions):
        for question in survey.questions:
            if question.scale is not None:
                rated.setdefault(question.code)
            for name, texts in _questions(question):
                questions.setdefault(name, texts)
            for key, texts in _options(question):
                options.setdefault(key, texts)
    return AskedTexts(code, versions[-1].title, tuple(rated), questions, options)


def _questions(question: Question) -> list[tuple[str, Texts]]:
    after = ((each.question, each.texts) for each in question.follow_ups)
    return [(question.code, question.texts), *after]


def _options(question: Question) -> list[tuple[tuple[str, str], Texts]]:
    found: list[tuple[tuple[str, str], Texts]] = [
        ((question.code, option.code), option.texts) for option in question.options
    ]
    found += [
        ((each.question, option.code), option.texts)
        for each in question.follow_ups
        for option in each.options
    ]
    return found
