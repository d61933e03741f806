"""Surveys: publishing a version, which freezes it, and showing what was published."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, insert, select

from broker.fleet.consequences import refuse_new_faults
from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.place_tables import SurveyVersion
from broker.store.places import Place, local_day
from broker.store.prepared import prepare
from broker.store.registry import raise_revision
from broker.store.setting_keys import strange_fields
from broker.store.tables import Site, table_of
from broker.wire.askable import faults_of_survey, languages_of
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.presentable import advice_of, faults_of
from broker.wire.standard_survey import STANDARD_SURVEY
from broker.wire.surveys import (
    Condition,
    FollowUp,
    Matrix,
    Option,
    Page,
    Question,
    Survey,
    Texts,
)

__all__ = [
    "STANDARD_SURVEY",
    "Condition",
    "Edition",
    "FollowUp",
    "Matrix",
    "Option",
    "Page",
    "Published",
    "Question",
    "Survey",
    "Texts",
    "Verdict",
    "find_newest",
    "judge",
    "list_surveys",
    "publish",
    "read_survey",
    "show_survey",
    "write_survey",
]

prepare(Survey)

_MOST_TOLD: Final = 10
_table: Final = table_of(SurveyVersion)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a survey.

    Attributes:
        is_new: ``False`` where exactly this was published before.
        advice: what could be better though nothing is broken.
        not_at_kiosks: why no kiosk could show it; nothing where one could.
    """

    survey: Survey
    is_new: bool
    advice: tuple[str, ...]
    not_at_kiosks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a survey before it is published, each with its place in it.

    Attributes:
        faults: why it can't be asked anywhere.
        not_at_kiosks: why no kiosk could show it.
        advice: what could be better though nothing is broken.
    """

    faults: tuple[str, ...]
    not_at_kiosks: tuple[str, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version."""

    survey: Survey
    published_at: datetime


def read_survey(text: str) -> Survey:
    """A survey as JSON or TOML, as a person wrote it.

    Raises:
        FleetError: what was wrong, and where.
    """
    try:
        document = msgspec.json.decode(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
        survey = msgspec.convert(document, Survey)
    except (msgspec.DecodeError, tomllib.TOMLDecodeError) as error:
        raise FleetError(
            f"this is no survey: {error}. Write it as JSON or TOML, as docs/surveys.md shows"
        ) from error
    for field in strange_fields(document, survey):
        raise FleetError(
            f"there is no field {field!r} in a survey: it would be left out for good, since a "
            "published version stays as it is. docs/surveys.md names those that there are"
        )
    return survey


def write_survey(survey: Survey) -> str:
    """``survey`` as JSON that :func:`read_survey` reads back as it was."""
    return msgspec.json.format(msgspec.json.encode(survey)).decode()


def publish(database: Database, survey: Survey, now: datetime) -> Published:
    """Publish a version of a survey, which freezes it: answers refer to what was asked.

    Where a place asks the newest version, its kiosks get this one.

    Raises:
        FleetError: it could not be asked; that version says something else already, or is older
            than the newest; or a kiosk that would get it could not show it, or not in its
            languages.
    """
    verdict = judge(survey)
    if verdict.faults:
        raise FleetError(f"survey {survey.code} could not be shown: {_told(verdict.faults)}")
    with database.transaction() as connection:
        raise_revision(connection)
        newest = _newest(connection, survey.code)
        there = _find(connection, survey.code, survey.version)
        if there is not None:
            _check_same(there.survey, survey, newest)
            return Published(survey, False, verdict.advice, verdict.not_at_kiosks)  # noqa: FBT003
        if survey.version < newest:
            raise FleetError(
                f"survey {survey.code} is at version {newest} already: publish this one as "
                f"version {newest + 1}"
            )
        connection.execute(
            insert(_table).values(
                code=survey.code,
                version=survey.version,
                content=msgspec.json.encode(survey).decode(),
                published_at=now,
            )
        )
        for site in connection.execute(select(table_of(Site).c.code)).scalars().all():
            today = local_day(connection, site, now)
            refuse_new_faults(database, connection, [Place("site", site)], today)
    return Published(survey, True, verdict.advice, verdict.not_at_kiosks)  # noqa: FBT003


def check_built_in(database: Database, survey: Survey) -> None:
    """See that ``survey`` is not mixed up with the one that kiosks have built in.

    Kiosks ask that one until they are told another, so its version is taken, though nobody has
    published it: answers to it would be counted as answers to what is published under its number.

    Raises:
        FleetError: it has the code and version of the built-in one, says something else, and was
            not published before.
    """
    built_in = STANDARD_SURVEY
    is_other = (survey.code, survey.version) == (built_in.code, built_in.version) and (
        survey != built_in
    )
    if is_other and not find_newest(database, survey.code):
        raise FleetError(
            f"version {survey.version} of survey {survey.code} is what kiosks have built in, and "
            f"says something else: publish this one as version {built_in.version + 1}, or under "
            "another code"
        )


def list_surveys(database: Database) -> list[Edition]:
    """Every published version, by code and version."""
    with database.reading() as connection:
        rows = connection.execute(select(_table).order_by(_table.c.code, _table.c.version))
        return [_edition(row.content, row.published_at) for row in rows]


def show_survey(database: Database, code: str, version: int | None = None) -> Edition:
    """A published version; ``None``: the newest.

    Raises:
        FleetError: there is none.
    """
    with database.reading() as connection:
        newest = _newest(connection, code)
        found = _find(connection, code, version or newest)
    if found is None:
        which = f"survey {code!r}" if version is None else f"version {version} of survey {code!r}"
        raise FleetError(f"no {which} was published: 'otziv survey list' shows those that were")
    return found


def find_newest(database: Database, code: str) -> int:
    """The newest published version; 0 where there is none."""
    with database.reading() as connection:
        return _newest(connection, code)


def judge(survey: Survey) -> Verdict:
    """What is to be said of ``survey`` before it is published.

    It is looked at in the languages of its first question: each text needs all of them. Whether
    they are those of a place is judged where the place gets it.
    """
    faults = tuple(faults_of_survey(survey))
    if faults:
        return Verdict(faults, (), ())
    shown = Configuration(
        v=VERSION,
        revision=1,
        touchpoint="any",
        survey=survey,
        languages=languages_of(survey),
    )
    return Verdict(
        (),
        tuple(fault.removeprefix("survey.") for fault in faults_of(shown)),
        tuple(each.removeprefix("survey.") for each in advice_of(shown)),
    )


def _told(faults: Sequence[str]) -> str:
    rest = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
    return f"{'; '.join(faults[:_MOST_TOLD])}{rest}"


def _check_same(there: Survey, survey: Survey, newest: int) -> None:
    if there != survey:
        raise FleetError(
            f"version {survey.version} of survey {survey.code} was published and says something "
            f"else: answers refer to it, so it stays. Publish this one as version {newest + 1}"
        )


def _newest(connection: Connection, code: str) -> int:
    """The greatest version; 0 where there is none."""
    query = select(_table.c.version).where(_table.c.code == code)
    return max(connection.execute(query).scalars(), default=0)


def _find(connection: Connection, code: str, version: int) -> Edition | None:
    query = select(_table).where(_table.c.code == code, _table.c.version == version)
    row = connection.execute(query).first()
    return None if row is None else _edition(row.content, row.published_at)


def _edition(content: str, published_at: datetime) -> Edition:
    return Edition(msgspec.json.decode(content, type=Survey), published_at)
