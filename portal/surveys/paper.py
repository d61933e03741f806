"""Batches of paper forms, and of answers given by telephone, on their way into the store.

Forms wait here until the batch is closed, so that the last one can be taken back: what is an answer
once stays. Closing stores them and erases them here; where that is interrupted, closing again goes
on, since each form keeps its nonce until all of them are stored.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.intake.submission import Submission
from broker.store.database import Database
from portal.audit.log import note
from portal.comments.service import keep
from portal.store.tables import new_id, table_of
from portal.surveys.answer_tables import PaperBatch, PaperForm
from portal.surveys.asking import Questionnaire, Said
from portal.surveys.desk import AnswerDesk
from portal.surveys.reading_answers import givens
from portal.web.actor import Actor
from portal.web.portal import Portal

Channel: TypeAlias = Literal["paper", "phone"]

Added: TypeAlias = Literal["added", "there", "closed", "full"]
"""Of a form: it was taken now or before, or it was not."""

OLDEST: Final = timedelta(days=366)
"""How long ago a form may have been filled in."""
MOST_FORMS: Final = 1_000
"""In a batch."""

_AT_ONCE: Final = 100
_batches: Final = table_of(PaperBatch)
_forms: Final = table_of(PaperForm)


class Keyed(NamedTuple):
    """A form of an open batch: its number in it, and what it says."""

    place: int
    nonce: str
    said: Said


def start_batch(  # noqa: PLR0913  # each says one thing about it, by its name
    database: Database,
    actor: Actor,
    *,
    survey: str,
    version: int,
    touchpoint: str,
    channel: Channel,
    language: str,
    answered_on: date,
    now: datetime,
) -> str:
    """Begin a batch; its id."""
    row = {
        "id": new_id(),
        "survey": survey,
        "version": version,
        "touchpoint": touchpoint,
        "channel": channel,
        "language": language,
        "answered_on": answered_on,
        "made_by": actor.id,
        "made_at": now,
        "forms": 0,
    }
    with database.transaction() as connection:
        connection.execute(insert(_batches).values(row))
    return str(row["id"])


def find_batch(database: Database, actor: Actor, batch: str) -> PaperBatch | None:
    """The batch, if it is ``actor``'s, or he may end those of others."""
    query = select(_batches).where(_batches.c.id == batch)
    if not may_end_others(actor):
        query = query.where(_batches.c.made_by == actor.id)
    with database.reading() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else PaperBatch(**row)


def may_end_others(actor: Actor) -> bool:
    """Whether he may save batches of others, who may have left: what is on paper stays true."""
    return "administrator" in actor.roles


def list_batches(database: Database, actor: Actor, most: int = 30) -> list[PaperBatch]:
    """The latest batches of ``actor``; ``forms`` counts what waits, too.

    One whose closing was interrupted is open.
    """
    return _listed(database, _batches.c.made_by == actor.id, most)


def list_open_batches_of_others(
    database: Database, actor: Actor, most: int = 100
) -> list[PaperBatch]:
    """Batches of others in which forms wait, the latest first."""
    has_forms = select(_forms.c.nonce).where(_forms.c.batch == _batches.c.id).exists()
    return _listed(database, (_batches.c.made_by != actor.id) & has_forms, most)


def _listed(database: Database, which: ColumnElement[bool], most: int) -> list[PaperBatch]:
    waiting = select(func.count()).where(_forms.c.batch == _batches.c.id).scalar_subquery()
    query = (
        select(_batches, waiting.label("waiting"))
        .where(which)
        .order_by(_batches.c.id.desc())
        .limit(most)
    )
    with database.reading() as connection:
        return [_counted(dict(row)) for row in connection.execute(query).mappings()]


def _counted(row: dict[str, Any]) -> PaperBatch:
    waiting = row.pop("waiting")
    closed_at = None if waiting else row["closed_at"]
    return PaperBatch(**{**row, "forms": row["forms"] + waiting, "closed_at": closed_at})


def add_form(database: Database, batch: PaperBatch, nonce: str, said: Said) -> Added:
    """Add a form to an open batch; what became of it.

    The page's ``nonce`` tells a form that is sent twice from two equal ones.
    """
    try:
        with database.transaction() as connection:
            open_one = select(_batches.c.id).where(_is_open(batch.id)).with_for_update()
            if connection.execute(open_one).first() is None:
                return "closed"
            newest = select(func.max(_forms.c.place)).where(_forms.c.batch == batch.id)
            place = (connection.execute(newest).scalar() or 0) + 1
            if place > MOST_FORMS:
                return "full"
            row = {"nonce": nonce, "batch": batch.id, "place": place, "said": _write(said)}
            connection.execute(insert(_forms).values(row))
    except IntegrityError:  # the nonce is there
        return "there"
    return "added"


def undo_last(database: Database, batch: PaperBatch) -> Keyed | None:
    """Take the last form of an open batch back; what it said."""
    with database.transaction() as connection:
        query = (
            select(_forms)
            .join(_batches, _batches.c.id == _forms.c.batch)
            .where(_is_open(batch.id))
            .order_by(_forms.c.place.desc())
            .limit(1)
        )
        row = connection.execute(query).first()
        if row is None:
            return None
        connection.execute(delete(_forms).where(_forms.c.nonce == row.nonce))
        return _keyed(row)


def list_forms(database: Database, batch: PaperBatch) -> list[Keyed]:
    """The forms that wait, in order."""
    query = select(_forms).where(_forms.c.batch == batch.id).order_by(_forms.c.place)
    with database.reading() as connection:
        return [_keyed(row) for row in connection.execute(query)]


def close_batch(
    portal: Portal, asked: Questionnaire, actor: Actor, batch: PaperBatch, zone: ZoneInfo
) -> int:
    """Store all forms of a batch as answers, and erase them here; how many.

    Raises:
        StoreError: a store doesn't answer; close it again.
    """
    database, desk, now = portal.database, portal.part(AnswerDesk), portal.clock()
    # From here on nothing is added, so that what is erased is what was stored.
    with database.transaction() as connection:
        connection.execute(update(_batches).where(_is_open(batch.id)).values(closed_at=now))
    forms = list_forms(database, batch)
    for first in range(0, len(forms), _AT_ONCE):
        some = forms[first : first + _AT_ONCE]
        desk.take_all([_submission(each, asked, batch, desk.sender, zone) for each in some])
    for form in forms:
        _keep_comments(database, form, asked, batch, zone)
    with database.transaction() as connection:
        connection.execute(delete(_forms).where(_forms.c.batch == batch.id))
        if forms:
            done = update(_batches).where(_batches.c.id == batch.id)
            connection.execute(done.values(forms=len(forms)))
            facts = {"survey": batch.survey, "forms": len(forms), "channel": batch.channel}
            if batch.made_by != actor.id:
                facts["made_by"] = batch.made_by
            note(connection, actor, "surveys.batch-closed", batch.id, **facts)
    return len(forms)


def _submission(
    form: Keyed, asked: Questionnaire, batch: PaperBatch, sender: str, zone: ZoneInfo
) -> Submission:
    channel: Any = batch.channel
    on = datetime.combine(batch.answered_on, time(), zone)
    return Submission(
        nonce=form.nonce,
        sender=sender,
        touchpoint=batch.touchpoint,
        survey=batch.survey,
        version=batch.version,
        channel=channel,
        input="form",
        language=batch.language,
        answered_at=on,
        # Midnight of the day on which it was keyed in tells as much of it as anybody needs.
        received_at=max(on, datetime.combine(batch.made_at.astimezone(zone), time(), zone)),
        answers=givens(asked.asked(form.said), form.said),
        precision="day",
    )


def _keep_comments(
    database: Database, form: Keyed, asked: Questionnaire, batch: PaperBatch, zone: ZoneInfo
) -> None:
    for item in asked.asked(form.said):
        text = form.said.get(item.code, ())
        if item.sort == "comment" and text:
            keep(
                database,
                survey=batch.survey,
                version=batch.version,
                question=item.code,
                touchpoint=batch.touchpoint,
                channel=batch.channel,
                language=batch.language,
                text=text[0],
                now=datetime.combine(batch.answered_on, time(12), zone),
                zone=zone,
                once=f"{form.nonce} {item.code}",
            )


def _is_open(batch: str) -> ColumnElement[bool]:
    return (_batches.c.id == batch) & _batches.c.closed_at.is_(None)


def _write(said: Said) -> str:
    return json.dumps(said, ensure_ascii=False)


def _keyed(row: Any) -> Keyed:  # noqa: ANN401  # a database's row
    said = {code: tuple(values) for code, values in json.loads(row.said).items()}
    return Keyed(row.place, row.nonce, said)
