"""Portal and gate as processes: the gate's looks for alerts, and the portal's has the mail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from portal.accounts.accounts import MAIL_USE, change
from portal.alerts.record import PortalRecord
from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from tests.portal.gate.running import running
from tests.questions.town import Said, say

WAIT_S = 120.0
"""A round comes once a minute."""


def bad_days() -> Iterator[Said]:
    """32 votes on each of 110 days; on the last three 60 of 100 are unhappy, instead of 15."""
    chance = Random(11)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(110, 0, -1):
        share = 0.6 if days <= 3 else 0.15
        for number in range(32):
            at = today - timedelta(days=days) + timedelta(hours=7, minutes=15 * number)
            yield Said(at, value=1 if chance.random() < share else 4)


@pytest.mark.slow
def test_the_gates_process_looks_for_alerts(tmp_path: Path) -> None:
    """It begins by itself; what it finds is in the portal's database, with a mail to the mayor."""
    never = "00:00"  # for both ends: no quiet hours
    with running(tmp_path, alerts_quiet_from=never, alerts_quiet_until=never) as here:
        account, _ = here.sign_in("manager")
        sealed = here.keys.seal(MAIL_USE, b"mayor@troyan.example")
        with here.database.transaction() as connection:
            change(connection, account, email=sealed)
        here.feedback.place("desk-1", name="Гише 1", is_test=False)
        say(here.feedback.database, bad_days())
        record, until = PortalRecord(here.database), time.monotonic() + WAIT_S
        while not any(alert.told_at for alert in record.open_ones()):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert "unhappy" in {alert.topic.rule for alert in record.open_ones()}
        mail = table_of(OutgoingMail)
        with here.database.reading() as connection:
            (text,) = connection.scalars(select(mail.c.text))
    assert f"{here.settings.dashboard_url}/?alert=" in text
