"""Reports of people served with rows that can't be: all are told of, and nothing is recorded."""

from __future__ import annotations

import json

import pytest

from broker.fleet.served import ServedError, record_served
from broker.fleet.served_reports import accept_served, rows_of_csv
from broker.store.database import Database
from tests.places.town import NOW

TOKEN = "a-good-token"

NEVER = (
    "0001-01-01 00:00",
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:00-12:00",
    "1990-12-31 09:00",
    "2100-01-01 09:00",
)
"""Hours of years that can't be meant; some are no moment in every zone."""


def posted(*rows: dict[str, str]) -> bytes:
    """A report, each row as given or good."""
    good = {"place": "hall-1", "hour": "2026-01-15T09:00+02:00", "people": 7}
    return json.dumps({"rows": [good | row for row in rows]}).encode()


@pytest.mark.parametrize("hour", NEVER)
def test_an_hour_of_a_strange_year_is_told(town: Database, hour: str) -> None:
    """With its line, from a file and over the web."""
    why = "write a year from 1991 to 2099"
    rows = rows_of_csv(f"place,hour,people,source\nhall-1,{hour},7,hand\n")
    with pytest.raises(ServedError, match=rf"line 2: hour is '.*': {why}"):
        record_served(town, rows, NOW)
    status, said = accept_served(town, posted({"hour": hour}), f"Bearer {TOKEN}", TOKEN, NOW)
    assert status == 400
    assert why in said["faults"][0]


def test_all_that_can_not_be_is_told_at_once(town: Database) -> None:
    """What can't be read and what can't be, in the order of the file."""
    text = (
        "place,hour,people,source\n"
        "hall-1,2025-10-26 03:00,7,hand\n"
        "hall-1,tomorrow,7,hand\n"
        "hall-1,2098-01-01 09:00,7,hand\n"
        "hall-9,2026-01-15 09:00,7,hand\n"
        "hall-1,2026-01-15 09:00,seven,hand\n"
        "hall-1,2026-01-15 09:30,7,hand\n"
        "hall-1,2026-01-15 09:00,7,На ръка\n"
        "hall-1,2026-01-15 10:00,7,hand\n"
    )
    with pytest.raises(ServedError) as error:
        record_served(town, rows_of_csv(text), NOW)
    told = [fault.partition(":")[0] for fault in error.value.faults]
    assert told == [f"line {number}" for number in range(2, 9)]


def test_a_report_over_the_web_is_told_of_whole(town: Database) -> None:
    """Each row that can't be is among the faults."""
    sent = posted({"hour": "nine"}, {"place": "hall-9"}, {})
    status, said = accept_served(town, sent, f"Bearer {TOKEN}", TOKEN, NOW)
    assert status == 400
    assert [fault.partition(":")[0] for fault in said["faults"]] == ["rows[0]", "rows[1]"]


def test_a_long_list_of_bad_rows_is_cut(town: Database) -> None:
    """Nobody reads hundreds of lines of an error."""
    text = "place,hour,people,source\n" + "hall-1,tomorrow,7,hand\n" * 500
    with pytest.raises(ServedError, match=r"and 480 more$"):
        record_served(town, rows_of_csv(text), NOW)
