"""Alerts in the portal's database: what ``analytics.alerts.record`` asks for.

What an alert becomes is reckoned by the functions of ``analytics.alerts.alert``; here it is read,
written, and noted in the audit log where a person did it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.alerts.alert import (
    Alert,
    Comment,
    Moment,
    Topic,
    acknowledged,
    closed,
    commented,
    snoozed,
    told,
)
from analytics.alerts.record import UnknownAlertError
from analytics.measures.wording import Wording
from broker.store.database import Database
from broker.store.places import Place
from portal.alerts.tables import AlertComment, AlertEvidence, KeptAlert
from portal.audit.log import note
from portal.improvement.office import names_of
from portal.store.tables import new_id, table_of
from portal.web.actor import Actor

_alert: Final = table_of(KeptAlert)
_comment: Final = table_of(AlertComment)
_evidence: Final = table_of(AlertEvidence)
_BECOMES: Final = (
    *("acknowledged_at", "acknowledged_by", "snoozed_until"),
    *("closed_at", "closed_by", "told_at", "told_over_at"),
)
"""What changes of an alert, beside its figures and comments."""


class PortalRecord:
    """An ``AlertRecord``; one object serves all threads."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def open_ones(self) -> list[Alert]:
        """Those not closed, the oldest first."""
        return self._read(_all().where(_alert.c.closed_at.is_(None)))

    def recent(self, limit: int = 200) -> list[Alert]:
        """The newest first, closed ones too."""
        return self._read(_all(is_newest_first=True).limit(limit))

    def latest(self) -> list[Alert]:
        """Of each topic the newest."""
        newest = (
            select(_alert.c.topic, func.max(_alert.c.opened_at).label("opened_at"))
            .group_by(_alert.c.topic)
            .subquery()
        )
        is_newest = (_alert.c.topic == newest.c.topic) & (_alert.c.opened_at == newest.c.opened_at)
        found = self._read(_all().join(newest, is_newest))
        return list({alert.topic: alert for alert in found}.values())

    def find(self, alert_id: str) -> Alert:
        """One alert."""
        with self._database.reading() as connection:
            return _found(connection, alert_id)

    def open(self, alert: Alert) -> bool:
        """Add a new one, unless its topic has one that is not closed."""
        with self._database.transaction() as connection:
            make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            new = make(_alert).values(_row(alert)).on_conflict_do_nothing()
            return connection.execute(new.returning(_alert.c.id)).first() is not None

    def update(self, alert_id: str, figures: Wording) -> None:
        """Newer figures; of a closed one they stay."""
        with self._database.transaction() as connection:
            if not _found(connection, alert_id, locked=True).is_closed:
                _write(connection, alert_id, _figures(figures))

    def acknowledge(self, alert_id: str, who: str, now: datetime) -> Alert:
        """Somebody looks after it."""
        return self._become(alert_id, "acknowledged", who, partial(acknowledged, who=who, now=now))

    def snooze(self, alert_id: str, until: datetime, now: datetime, who: str = "") -> Alert:
        """Nothing is told before ``until``."""
        return self._become(alert_id, "snoozed", who, partial(snoozed, until=until, now=now))

    def comment(self, alert_id: str, who: str, text: str, now: datetime) -> Alert:
        """One more comment."""
        with self._database.transaction() as connection:
            before = _found(connection, alert_id, locked=True)
            said = commented(before, who, text, now).comments[-1]
            connection.execute(
                insert(_comment).values(
                    id=new_id(), alert=alert_id, at=said.at, by=said.who, text=said.text
                )
            )
            after = _found(connection, alert_id)
            _note(connection, who, "commented", alert_id)
        return after

    def close(self, alert_id: str, who: str, now: datetime) -> Alert:
        """Over."""
        return self._become(alert_id, "closed", who, partial(closed, who=who, now=now))

    def mark_told(self, told_ones: Sequence[tuple[str, Moment]], now: datetime) -> None:
        """Told, all or none."""
        with self._database.transaction() as connection:
            for alert_id, moment in told_ones:
                before = _found(connection, alert_id, locked=True)
                _write(connection, alert_id, _state(told(before, moment, now)))

    def names(self, people: Collection[str]) -> Mapping[str, str]:
        """Account → name."""
        with self._database.reading() as connection:
            return names_of(connection, people)

    def read_evidence(self) -> dict[str, str]:
        """All that was kept."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_evidence.c.key, _evidence.c.document)).all()
        return {row.key: row.document for row in rows}

    def keep_evidence(self, documents: Mapping[str, str]) -> None:
        """Keep each under its key."""
        rows = [{"key": key, "document": text} for key, text in sorted(documents.items())]
        if not rows:
            return
        with self._database.transaction() as connection:
            make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            new = make(_evidence)
            put = new.on_conflict_do_update(
                index_elements=[_evidence.c.key], set_={"document": new.excluded.document}
            )
            connection.execute(put, rows)

    def forget_evidence(self, keys: Sequence[str]) -> None:
        """Forget what is kept under ``keys``."""
        with self._database.transaction() as connection:
            for key in keys:
                connection.execute(delete(_evidence).where(_evidence.c.key == key))

    def _read(self, wanted: Select[Any]) -> list[Alert]:
        with self._database.reading() as connection:
            return _with_comments(connection, connection.execute(wanted).mappings().all())

    def _become(
        self, alert_id: str, verb: str, who: str, become: Callable[[Alert], Alert]
    ) -> Alert:
        with self._database.transaction() as connection:
            before = _found(connection, alert_id, locked=True)
            after = become(before)
            if after != before:
                _write(connection, alert_id, _state(after))
                _note(connection, who, verb, alert_id)
        return after


def _all(*, is_newest_first: bool = False) -> Select[Any]:
    """All alerts by age; ids tell those of one moment apart."""
    at, by_id = _alert.c.opened_at, _alert.c.id
    order = (at.desc(), by_id.desc()) if is_newest_first else (at, by_id)
    return select(_alert).order_by(*order)


def _found(connection: Connection, alert_id: str, *, locked: bool = False) -> Alert:
    wanted = select(_alert).where(_alert.c.id == alert_id)
    row = connection.execute(wanted.with_for_update() if locked else wanted).mappings().first()
    if row is None:
        raise UnknownAlertError(f"there is no alert {alert_id!r}")
    (alert,) = _with_comments(connection, [row])
    return alert


def _with_comments(connection: Connection, rows: Sequence[RowMapping]) -> list[Alert]:
    ids = [row["id"] for row in rows]
    wanted = select(_comment).where(_comment.c.alert.in_(ids)).order_by(_comment.c.id)
    said: dict[str, list[Comment]] = defaultdict(list)
    for row in connection.execute(wanted).all() if ids else ():
        said[row.alert].append(Comment(row.at, row.by, row.text))
    return [replace(_alert_of(row), comments=tuple(said[row["id"]])) for row in rows]


def _alert_of(row: RowMapping) -> Alert:
    place = Place(row["place_kind"], row["place_code"])
    topic = Topic(row["rule"], place, row["about"])
    figures = Wording(row["message"], row["certainty"], json.loads(row["numbers"]))
    became = {name: row[name] for name in _BECOMES}
    return Alert(row["id"], topic, row["since"], row["opened_at"], figures, **became)


def _row(alert: Alert) -> dict[str, object]:
    rule, place, about = alert.topic
    return {
        "id": alert.id,
        "topic": str(alert.topic),
        "rule": rule,
        "place_kind": place.kind,
        "place_code": place.code,
        "about": about,
        "since": alert.since,
        "opened_at": alert.opened_at,
        **_figures(alert.figures),
        **_state(alert),
    }


def _state(alert: Alert) -> dict[str, object]:
    return {name: getattr(alert, name) for name in _BECOMES}


def _figures(figures: Wording) -> dict[str, object]:
    numbers = json.dumps(dict(figures.numbers), sort_keys=True)
    return {"message": figures.message, "certainty": figures.certainty, "numbers": numbers}


def _write(connection: Connection, alert_id: str, values: dict[str, object]) -> None:
    connection.execute(update(_alert).where(_alert.c.id == alert_id).values(**values))


def _note(connection: Connection, who: str, verb: str, alert_id: str) -> None:
    """In the audit log, if a person did it."""
    if who:
        note(connection, Actor("staff", who), f"alerts.{verb}", alert_id)
