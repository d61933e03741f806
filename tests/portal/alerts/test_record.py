"""The record on the portal's database keeps the contract, on both kinds of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from analytics.alerts.alert import ITSELF
from broker.store.database import Database
from portal.alerts.record import PortalRecord
from portal.alerts.tables import AlertComment
from portal.audit.tables import AuditEntry
from portal.store.tables import table_of
from portal.upkeep.keeping import Times
from portal.upkeep.purging import purge
from tests.alerts.record_contract import MINUTE, NOW, RecordContract, an_alert

SOFIA = ZoneInfo("Europe/Sofia")


@pytest.fixture
def record(portal_database: Database) -> PortalRecord:
    """An empty one."""
    return PortalRecord(portal_database)


class TestPortalRecord(RecordContract):
    """On SQLite and on PostgreSQL."""


def test_of_two_watches_one_opens(record: PortalRecord) -> None:
    """The database decides, however close they come."""
    answers: list[bool] = []
    threads = [
        Thread(target=lambda after=n * MINUTE: answers.append(record.open(an_alert(after=after))))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 5 + [True]
    assert len(record.open_ones()) == 1


def test_what_people_do_is_in_the_audit_log(
    record: PortalRecord, portal_database: Database
) -> None:
    """By ids, without their words; what the watch does by itself is not."""
    alert = an_alert()
    record.open(alert)
    record.acknowledge(alert.id, "ana", NOW)
    record.acknowledge(alert.id, "boris", NOW)
    record.snooze(alert.id, NOW + MINUTE, NOW, "ana")
    record.comment(alert.id, "ana", "Опашка", NOW)
    record.mark_told([(alert.id, "opened")], NOW)
    record.close(alert.id, ITSELF, NOW)
    entries = table_of(AuditEntry)
    with portal_database.reading() as connection:
        found = connection.execute(select(entries).order_by(entries.c.number)).all()
    assert [(row.actor, row.action, row.about) for row in found] == [
        ("ana", "alerts.acknowledged", alert.id),
        ("ana", "alerts.snoozed", alert.id),
        ("ana", "alerts.commented", alert.id),
    ]
    assert "Опашка" not in "".join(row.facts for row in found)


def test_closed_ones_go_after_two_years(record: PortalRecord, portal_database: Database) -> None:
    """With their comments; one that is open stays, however old."""
    old = NOW - timedelta(days=1000)
    gone, kept = an_alert(after=old - NOW), an_alert("silence", after=old - NOW)
    record.open(gone)
    record.comment(gone.id, "ana", "Опашка", old)
    record.close(gone.id, "ana", old)
    record.open(replace(kept))
    purge(portal_database, Times(NOW, SOFIA, 12))
    assert [alert.id for alert in record.recent()] == [kept.id]
    comments = table_of(AlertComment)
    with portal_database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(comments)) == 0
