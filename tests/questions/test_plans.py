"""How SQLite finds what is asked: by keys, with statistics and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest
from sqlalchemy import Connection

from analytics.questions import statements
from analytics.questions.raw_votes import votes
from analytics.questions.statements import Asked, Kind
from broker.store.database import Database
from tests.questions.test_against_a_count import FIRST
from tests.questions.town import Said, say

Statement = Callable[[str, Kind, Asked, str | None], str]

OF_DAY: Final = "SEARCH rating_day_tally USING PRIMARY KEY (touchpoint=? AND day>? AND day<?)"
OF_CHANNEL: Final = "SEARCH rating_day USING PRIMARY KEY (touchpoint=? AND day>? AND day<?)"
OF_TIME: Final = (
    "SEARCH event USING INDEX event_touchpoint_answered_at_idx "
    "(touchpoint=? AND answered_at>? AND answered_at<?)"
)
PLANS: Final[list[tuple[Statement, Asked, str]]] = [
    (statements.by_touchpoint, (), OF_DAY),
    (statements.by_touchpoint, ("survey", "question"), OF_DAY),
    (statements.by_touchpoint, ("channel",), OF_CHANNEL),
    (statements.by_scale, ("survey",), OF_DAY),
    (statements.by_day, (), OF_DAY),
    (statements.by_day, ("channel",), OF_CHANNEL),
    (
        statements.by_hour,
        ("channel",),
        "SEARCH rating_hour_tally USING PRIMARY KEY (touchpoint=? AND block>? AND block<?)",
    ),
    (
        statements.by_hour_of_all,
        ("question",),
        "SEARCH rating_hour_total USING PRIMARY KEY (block>? AND block<?)",
    ),
    (
        statements.by_option,
        ("question",),
        "SEARCH answer_day USING PRIMARY KEY (touchpoint=? AND day>? AND day<?)",
    ),
    (
        statements.by_option_of_all,
        ("question",),
        "SEARCH answer_day_total USING PRIMARY KEY (day>? AND day<?)",
    ),
    (votes, (), OF_TIME),
    (votes, ("question", "channel"), OF_TIME),
]


FEW_PLACES: Final = (
    ("event", "event_touchpoint_answered_at_idx", "10000000 800000 2"),
    ("event", "event_stream_seq_idx", "10000000 800000 1"),
    ("event", "event_rating_idx", "2000000 2"),
    ("event", "sqlite_autoindex_event_1", "10000000 1"),
    ("rating_day_tally", "rating_day_tally", "8760 730 1 1 1 1"),
    ("rating_day", "rating_day", "80000 7000 9 9 9 9 4 1"),
    ("answer_day", "answer_day", "90000 8000 10 10 10 9 9 1"),
)
"""What ANALYZE would find: a first column that tells little tempts to skip through it."""


@pytest.mark.parametrize("kind", ["raw", "filtered"])
@pytest.mark.parametrize("with_statistics", [False, True])
def test_every_statement_is_found_by_its_key(
    town: Database, kind: Kind, *, with_statistics: bool
) -> None:
    """No table is read whole, and no key is skipped through, whatever ANALYZE found; and to add up
    by touchpoint nothing is sorted.
    """
    if town.dialect != "sqlite":
        return  # PostgreSQL reads a table of a dozen rows whole, and is right to
    say(town, [Said(FIRST, kind=each) for each in ("rating", "answer", "correction")])
    with town.transaction() as connection:
        if with_statistics:
            connection.exec_driver_sql("ANALYZE")
            for table, index, counts in FEW_PLACES:
                which = f"tbl = '{table}' AND idx = '{index}'"
                connection.exec_driver_sql(
                    f"UPDATE sqlite_stat1 SET stat = '{counts}' WHERE {which}"  # noqa: S608  # ours
                )
            connection.exec_driver_sql("ANALYZE sqlite_schema")  # reads them anew
    with town.reading() as connection:
        for statement, asked, plan in PLANS:
            for scale in (None, "faces-4"):
                found = _plan(connection, statement("sqlite", kind, asked, scale))
                assert plan in found, (statement.__name__, asked, found)
                assert not [step for step in found if re.match("SCAN (?!anon_)", step)], found
        sql = statements.by_touchpoint("sqlite", kind, (), "faces-4")
        assert not [step for step in _plan(connection, sql) if "TEMP B-TREE" in step]


def _plan(connection: Connection, sql: str) -> list[str]:
    binds = ("[]", *["x"] * (sql.count("?") - 1)) if "json_each" in sql else ("x",) * sql.count("?")
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", binds)]
