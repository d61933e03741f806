"""The operator's reckoning: every vote counted, days and weeks as the site has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, create_engine

from analytics.measures.index import FORMULA
from analytics.summary import EVERYTHING, By, Selection, as_json, summarise
from analytics.summary_table import text_table
from broker.store.tables import FeedbackTable, RatingDay, Touchpoint, table_of

SUNDAY, MONDAY = date(2023, 7, 9), date(2023, 7, 10)


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A store with two desks, a desk in test mode, and votes of two days on two scales."""
    engine = create_engine("sqlite://")
    FeedbackTable.metadata.create_all(engine)
    with engine.connect() as connection:
        for code in ("desk-1", "desk-2", "trial"):
            _touchpoint(connection, code, is_test=code == "trial")
        _votes(connection, "desk-1", SUNDAY, 4, 3)
        _votes(connection, "desk-1", MONDAY, 4, 5, filtered=2)
        _votes(connection, "desk-1", MONDAY, 1, 2, channel="paper")
        _votes(connection, "desk-2", MONDAY, 3, 1, question="politeness")
        _votes(connection, "desk-2", MONDAY, 10, 1, scale="nps-11", question="recommend")
        _votes(connection, "desk-2", MONDAY, 9, 2, scale="nps-11", question="recommend")
        _votes(connection, "trial", MONDAY, 2, 7)
        yield connection
    engine.dispose()


def test_every_touchpoint_has_its_own_figure(connection: Connection) -> None:
    """By touchpoint, one in test mode appears too, for itself; scales are kept apart."""
    assert _counts(connection, "touchpoint") == {
        "faces-4": {
            "desk-1": {"1": 2, "2": 0, "3": 0, "4": 8},
            "desk-2": {"1": 0, "2": 0, "3": 1, "4": 0},
            "trial": {"1": 0, "2": 7, "3": 0, "4": 0},
        },
        "nps-11": {"desk-2": {**{str(value): 0 for value in range(9)}, "9": 2, "10": 1}},
    }


@pytest.mark.parametrize(
    ("by", "votes"),
    [
        ("channel", {"device": 9, "paper": 2}),
        ("day", {"2023-07-09": 3, "2023-07-10": 8}),
        ("week", {"2023-W27": 3, "2023-W28": 8}),
        ("value", {"1": 2, "3": 1, "4": 8}),
    ],
)
def test_test_mode_is_in_no_figure_but_its_own(
    connection: Connection, by: By, votes: dict[str, int]
) -> None:
    """Figures over several touchpoints leave those in test mode out."""
    assert _votes_by_key(connection, by) == votes


def test_test_mode_can_be_asked_for(connection: Connection) -> None:
    """Named, or let in, a touchpoint in test mode is counted."""
    assert _votes_by_key(connection, "day", Selection("trial")) == {"2023-07-10": 7}
    every = Selection(is_test_included=True)
    assert _votes_by_key(connection, "day", every) == {"2023-07-09": 3, "2023-07-10": 15}


def test_days_are_included_at_both_ends(connection: Connection) -> None:
    """From and to are the first and the last day that count."""
    assert _votes_by_key(connection, "day", Selection(to_on=SUNDAY)) == {"2023-07-09": 3}
    assert _votes_by_key(connection, "day", Selection(from_on=MONDAY)) == {"2023-07-10": 8}
    both = Selection(from_on=SUNDAY, to_on=MONDAY)
    assert _votes_by_key(connection, "day", both) == {"2023-07-09": 3, "2023-07-10": 8}


def test_one_question_or_all(connection: Connection) -> None:
    """Questions on one scale are added up, unless one is asked for."""
    only = Selection(question="politeness")
    assert _votes_by_key(connection, "touchpoint", only) == {"desk-2": 1}


def test_filtered_counts_stand_beside_raw(connection: Connection) -> None:
    """Filtered figures follow the rollup's filtered column."""
    filtered = Selection("desk-1", is_filtered=True)
    assert _votes_by_key(connection, "channel", filtered) == {"device": 5, "paper": 2}


def test_values_sort_as_numbers(connection: Connection) -> None:
    """By value, 9 comes before 10."""
    _, nps = summarise(connection, "value")
    assert [figure.key for figure in nps.figures] == ["9", "10"]


def test_nothing_is_no_figure(connection: Connection) -> None:
    """A selection without votes has no figures, and no division by zero."""
    assert summarise(connection, "day", Selection("nowhere")) == []


def test_json_has_the_documented_shape(connection: Connection) -> None:
    """The JSON is what the command line promises: shares, intervals and formula, six decimals."""
    found = as_json(summarise(connection, "touchpoint", Selection("desk-1")))
    assert json.loads(json.dumps(found)) == [
        {
            "by": "touchpoint",
            "scale": "faces-4",
            "figures": [
                {
                    "key": "desk-1",
                    "n": 10,
                    "counts": {"1": 2, "2": 0, "3": 0, "4": 8},
                    "satisfied": {"share": 0.8, "low": 0.490162, "high": 0.943318},
                    "index": {
                        "value": 80.0,
                        "low": 49.016247,
                        "high": 94.331785,
                        "formula": FORMULA,
                    },
                    "raw": {
                        "n": 10,
                        "satisfied": {"share": 0.8, "low": 0.490162, "high": 0.943318},
                    },
                    "filtered": {
                        "n": 7,
                        "satisfied": {"share": 0.714286, "low": 0.358934, "high": 0.917781},
                    },
                }
            ],
        }
    ]


def test_text_table_can_be_read(connection: Connection) -> None:
    """A row has the key, n, the votes for each value, and both figures with their intervals."""
    (summary,) = summarise(connection, "touchpoint", Selection("desk-1"))
    table = text_table(summary)
    assert table.title == "Ratings on faces-4 by touchpoint"
    assert table.columns == [
        "touchpoint", "n", "1", "2", "3", "4", "satisfied (95 %)", "index (95 %)",
        "as pressed", "filtered",
    ]  # fmt: skip
    (row,) = table.rows
    assert row == [
        "desk-1", "10", "2", "0", "0", "8", "80.0 % (49.0–94.3)", "80.0 (49.0–94.3)",
        "80.0 % of 10", "71.4 % of 7",
    ]  # fmt: skip


def _touchpoint(connection: Connection, code: str, *, is_test: bool) -> None:
    """Enter a touchpoint."""
    row = {"code": code, "site": "troyan", "name": code, "is_test": is_test}
    row |= {"added_at": datetime(2023, 1, 1, tzinfo=UTC)}
    connection.execute(table_of(Touchpoint).insert(), row)


def _votes(  # noqa: PLR0913  a row of the rollup has that many columns
    connection: Connection,
    touchpoint: str,
    day: date,
    value: int,
    raw: int,
    *,
    filtered: int | None = None,
    scale: str = "faces-4",
    question: str = "overall",
    channel: str = "device",
) -> None:
    """Enter one row of the day rollup."""
    row = {"touchpoint": touchpoint, "day": day, "survey": "reception", "question": question}
    row |= {"scale": scale, "channel": channel, "value": value, "raw": raw}
    row |= {"filtered": raw if filtered is None else filtered}
    connection.execute(table_of(RatingDay).insert(), row)


def _counts(connection: Connection, by: By) -> dict[str, dict[str, dict[str, int]]]:
    """Scale → key → counts."""
    return {
        summary.scale: {figure.key: figure.counts for figure in summary.figures}
        for summary in summarise(connection, by)
    }


def _votes_by_key(
    connection: Connection, by: By, selection: Selection = EVERYTHING
) -> dict[str, int]:
    """Key → n on faces-4."""
    (faces,) = (s for s in summarise(connection, by, selection) if s.scale == "faces-4")
    return {figure.key: figure.n for figure in faces.figures}


def test_doubted_votes_stay_beside_what_is_left(connection: Connection) -> None:
    """Where the rules leave nothing, what was pressed is told all the same."""
    _votes(connection, "desk-3", MONDAY, 1, 40, filtered=0)
    (summary,) = summarise(connection, "touchpoint", Selection("desk-3"))
    (figure,) = summary.figures
    assert (figure.raw.n, figure.filtered.n, figure.filtered.satisfied) == (40, 0, None)
    assert summarise(connection, "touchpoint", Selection("desk-3", is_filtered=True)) == []
