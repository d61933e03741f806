"""One event that no transaction can hold stops nobody else's."""

from __future__ import annotations

import pytest

from broker.intake.intake import Intake
from broker.intake.poison import admit_around
from broker.store.database import Database
from broker.store.errors import UnavailableError
from broker.store.quarantine import list_entries
from broker.store.registry import add_touchpoint
from broker.wire.codec import Rejected
from tests.intake.making import delivery, rating, register

_SQLITE = """
CREATE TRIGGER poison BEFORE INSERT ON event WHEN NEW.survey = 'poison'
BEGIN SELECT RAISE(ABORT, 'poison'); END
"""
_POSTGRES = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.survey = 'poison' THEN RAISE EXCEPTION 'poison'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION poison();
"""


@pytest.fixture
def intake(database: Database) -> Intake:
    """An intake over a database that refuses events of the survey ``poison``."""
    register(database)
    with database.transaction() as connection:
        sql = _SQLITE if database.dialect == "sqlite" else _POSTGRES
        connection.exec_driver_sql(sql)
    return Intake(database)


def test_only_the_culprit_is_kept_back(database: Database, intake: Intake) -> None:
    """Of many messages one event goes to quarantine, and all outcomes are in their place."""
    sent = [rating(seq) for seq in range(1, 12)]
    culprit = rating(12, survey="poison")
    unreadable = Rejected("not-json", "", b"{")
    batches = [
        delivery(*sent[:3]),
        delivery(*sent[3:7], culprit, *sent[7:9], rejected=[unreadable]),
        delivery(*sent[9:]),
    ]
    outcomes = admit_around(intake, batches)
    assert [len(outcome.accepted) for outcome in outcomes] == [3, 6, 2]
    assert outcomes[1].quarantined == [(culprit.id, "unstorable")]
    waiting = {entry.reason: entry for entry in list_entries(database)}
    assert set(waiting) == {"unstorable", "not-json"}
    assert "poison" in waiting["unstorable"].detail


def test_a_readmitted_culprit_stays_alone(database: Database, intake: Intake) -> None:
    """Readmitting all brings in all others."""
    strangers = [rating(seq, touchpoint="cellar") for seq in range(1, 6)]
    culprit = rating(6, touchpoint="cellar", survey="poison")
    intake.admit([delivery(*strangers, culprit)])
    add_touchpoint(database, "cellar", site="troyan")
    assert intake.readmit(list_entries(database)) == 5
    (entry,) = list_entries(database)
    assert (entry.event_id, entry.reason) == (culprit.id, "unstorable")


def test_a_database_that_is_gone_condemns_nobody(database: Database, intake: Intake) -> None:
    """Then nothing goes to quarantine, and the error says so."""
    with database.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE rating_block")
    if database.dialect == "sqlite":
        with pytest.raises(UnavailableError):
            admit_around(intake, [delivery(rating(1))])
    assert list_entries(database) == []
