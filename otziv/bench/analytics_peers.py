"""Peers of the standard questions: plain SQL on the raw table, pandas and DuckDB on a frame.

They get what helps them: local time is a column, local day and hour of the week are columns of
the frame and of DuckDB's second table, and nothing in the bench's data is doubted or corrected, so
that they need not look.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from analytics.period import Period
from otziv.bench.analytics_town import NOW, ZONE

Answer: TypeAlias = Mapping[Any, Any]
Question: TypeAlias = Callable[[], Answer]

NAMES: Final = ("places", "trend", "hours", "ranking", "reasons", "recent")


class Asked(NamedTuple):
    """What all are asked: the days of each question, and the touchpoints of the trend."""

    month: Period
    quarter: Period
    year: Period
    blocks: Period
    twelve: list[str]


RECENT_MS: Final = (
    round((NOW - timedelta(minutes=15)).timestamp() * 1000),
    round(NOW.timestamp() * 1000),
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC).date()


def plain_sql(stack: ExitStack, path: Path, asked: Asked) -> dict[str, Question]:
    """SQLite on the table of events, with the indexes that it has."""
    connection = stack.enter_context(closing(sqlite3.connect(path)))
    connection.execute("PRAGMA cache_size = -65536")
    day, hour = f"(answered_at + {_offset()}) / 86400000", f"(answered_at + {_offset()}) / 3600000"
    votes = "count(*), sum(value >= 3) FROM event WHERE kind = 'rating' AND answered_at"
    marks = ", ".join("?" * len(asked.twelve))
    cut_ms = _ms(asked.month)[0]
    before = _ms(asked.month.before)[0], _ms(asked.month)[1]
    sql: dict[str, tuple[str, tuple[Any, ...]]] = {
        "places": (
            f"SELECT touchpoint, {votes} BETWEEN ? AND ? GROUP BY touchpoint",
            _ms(asked.month),
        ),
        "trend": (
            (
                f"SELECT touchpoint, {day} AS day, {votes} BETWEEN ? AND ? "
                f"AND touchpoint IN ({marks}) GROUP BY touchpoint, day"
            ),
            (*_ms(asked.year), *asked.twelve),
        ),
        "hours": (
            f"SELECT ({hour} + 72) % 168 AS hour, {votes} BETWEEN ? AND ? GROUP BY hour",
            _ms(asked.blocks),
        ),
        "ranking": (
            (
                f"SELECT touchpoint, answered_at >= {cut_ms} AS is_now, {votes} BETWEEN ? AND ? "
                "GROUP BY touchpoint, is_now"
            ),
            before,
        ),
        "reasons": (
            (
                "SELECT each.value, count(*) FROM event, json_each(options) AS each "
                "WHERE kind = 'answer' AND question = 'reason' AND outcome = 'answered' "
                "AND answered_at BETWEEN ? AND ? GROUP BY each.value"
            ),
            _ms(asked.quarter),
        ),
        "recent": (
            (
                "SELECT touchpoint, count(*) FROM event WHERE kind = 'rating' "
                "AND touchpoint IN (SELECT code FROM touchpoint) "
                "AND answered_at > ? AND answered_at <= ? GROUP BY touchpoint"
            ),
            RECENT_MS,
        ),
    }
    return {name: partial(_ask, connection, *each) for name, each in sql.items()}


def load(path: Path) -> tuple[Any, Any]:
    """Frames of votes and of chosen options, in memory."""
    import pandas as pd  # half a second

    connection = sqlite3.connect(path)
    votes = _frame(pd, connection, "touchpoint, value, answered_at", "kind = 'rating'", "event")
    options = _frame(
        pd,
        connection,
        "touchpoint, answered_at, each.value AS option",
        "kind = 'answer' AND outcome = 'answered'",
        "event, json_each(options) AS each",
    )
    connection.close()
    return votes, options


def on_frames(votes: Any, options: Any, asked: Asked) -> dict[str, Question]:  # noqa: ANN401  # frames
    """Pandas."""

    def between(frame: Any, days: Period) -> Any:  # noqa: ANN401  # as above
        first, last = _numbers(days)
        return frame[(frame.day >= first) & (frame.day <= last)]

    def grouped(frame: Any, *key: str) -> Answer:  # noqa: ANN401  # as above
        found = frame.groupby(list(key), observed=True).is_satisfied.agg(["size", "sum"])
        return {
            key: tuple(map(int, row)) for key, row in zip(found.index, found.values, strict=True)
        }

    def ranking() -> Answer:
        both = between(votes, Period(asked.month.before.from_on, asked.month.to_on))
        is_now = (both.day >= _numbers(asked.month)[0]).astype(int)
        return grouped(both.assign(is_now=is_now), "touchpoint", "is_now")

    def recent() -> Answer:
        after_ms, to_ms = RECENT_MS
        new = votes[(votes.answered_at > after_ms) & (votes.answered_at <= to_ms)]
        return dict(new.groupby("touchpoint", observed=True).size())

    def trend() -> Answer:
        year = between(votes, asked.year)
        return grouped(year[year.touchpoint.isin(asked.twelve)], "touchpoint", "day")

    return {
        "places": lambda: _bare(grouped(between(votes, asked.month), "touchpoint")),
        "trend": trend,
        "hours": lambda: _bare(grouped(between(votes, asked.blocks), "hour")),
        "ranking": ranking,
        "reasons": lambda: dict(between(options, asked.quarter).option.value_counts()),
        "recent": recent,
    }


def duckdb(
    stack: ExitStack, path: Path, frames: tuple[Any, Any], asked: Asked, *, is_prepared: bool
) -> dict[str, Question]:
    """DuckDB, on tables of its own made of the frames.

    Args:
        stack: closes it.
        path: of its database.
        frames: votes and options.
        asked: what to ask.
        is_prepared: with local day, hour of the week and satisfaction as columns, which somebody
            would have to keep for it; else on raw rows: touchpoint, value and local time.
    """
    import duckdb as duck  # a peer, for development only

    raw = ("touchpoint", "value", "answered_at", "local_at")
    votes, options = frames if is_prepared else (frames[0][[*raw]], frames[1])
    connection = stack.enter_context(duck.connect(str(path)))
    for name, frame in (("votes", votes), ("options", options)):
        connection.register(f"{name}_frame", frame)
        connection.table(f"{name}_frame").create(name)
        connection.unregister(f"{name}_frame")
    sql = _duckdb_sql(asked, _PREPARED if is_prepared else _RAW)
    return {name: partial(_ask, connection, *each) for name, each in sql.items()}


class _Words(NamedTuple):
    """How one of DuckDB's two tables says what is asked; days are those since 1970."""

    day: str
    hour: str
    is_satisfied: str
    is_within: str
    bound: Callable[[int, int], list[Any]]


_PREPARED: Final = _Words(
    "day", "hour", "is_satisfied", "day BETWEEN ? AND ?", lambda first, last: [first, last]
)
_RAW: Final = _Words(
    "date_diff('day', DATE '1970-01-01', local_at::DATE)",
    "(isodow(local_at) - 1) * 24 + hour(local_at)",
    "(value >= 3)::TINYINT",
    "local_at >= ? AND local_at < ?",
    lambda first, last: [
        datetime.combine(_EPOCH + timedelta(days=day), time()) for day in (first, last + 1)
    ],
)


def _duckdb_sql(asked: Asked, words: _Words) -> dict[str, tuple[str, list[Any]]]:
    key = f"count(*), sum({words.is_satisfied})::BIGINT FROM votes WHERE {words.is_within}"
    month, before = _numbers(asked.month), _numbers(asked.month.before)
    twelve = ", ".join(f"'{code}'" for code in asked.twelve)  # as marks it is slower
    return {
        "places": (f"SELECT touchpoint, {key} GROUP BY ALL", words.bound(*month)),
        "trend": (
            f"SELECT touchpoint, {words.day}, {key} AND touchpoint IN ({twelve}) GROUP BY ALL",
            words.bound(*_numbers(asked.year)),
        ),
        "hours": (f"SELECT {words.hour}, {key} GROUP BY ALL", words.bound(*_numbers(asked.blocks))),
        "ranking": (
            f"SELECT touchpoint, ({words.day} >= {month[0]})::INT, {key} GROUP BY ALL",
            words.bound(before[0], month[1]),
        ),
        "reasons": (
            "SELECT option, count(*) FROM options WHERE day BETWEEN ? AND ? GROUP BY option",
            [*_numbers(asked.quarter)],
        ),
        "recent": (
            (
                "SELECT touchpoint, count(*) FROM votes WHERE answered_at > ? AND answered_at <= ? "
                "GROUP BY touchpoint"
            ),
            [*RECENT_MS],
        ),
    }


def day_number(day: Any) -> int:  # noqa: ANN401  # a date
    """Days since 1970, as the peers count them."""
    return int((day - _EPOCH).days)


def _frame(pd: Any, connection: sqlite3.Connection, columns: str, where: str, tables: str) -> Any:  # noqa: ANN401  # a frame
    """What the tables hold, some at a time; day and hour as Sofia has them."""
    sql = f"SELECT {columns} FROM {tables} WHERE {where}"  # noqa: S608  # ours
    parts = []
    for part in pd.read_sql_query(sql, connection, chunksize=500_000):
        local = pd.to_datetime(part.answered_at, unit="ms", utc=True).dt.tz_convert(str(ZONE))
        naive = local.dt.tz_localize(None)
        hour = (naive.dt.day_of_week * 24 + naive.dt.hour).astype("int16")
        day = ((naive - pd.Timestamp(0)).dt.days).astype("int32")
        parts.append(part.assign(day=day, hour=hour, local_at=naive.astype("datetime64[us]")))
    frame = pd.concat(parts, ignore_index=True)
    if "value" in frame:
        frame = frame.assign(is_satisfied=(frame.value >= 3).astype("int8"))
    return frame.astype({name: "category" for name in ("touchpoint", "option") if name in frame})


def _ask(connection: Any, text: str, binds: Any) -> Answer:  # noqa: ANN401  # either engine's
    """Execute, and make an answer of the rows."""
    return _keyed(connection.execute(text, binds).fetchall())


def _keyed(rows: list[Any]) -> Answer:
    """Rows as first columns → last ones: two counts, or one where there are but two columns."""
    if rows and len(rows[0]) == 2:
        return dict(rows)
    keys = len(rows[0]) - 2 if rows else 0
    return {row[0] if keys == 1 else tuple(row[:keys]): tuple(row[keys:]) for row in rows}


def _bare(answer: Answer) -> Answer:
    """The same with keys of one part by themselves."""
    return {key[0] if isinstance(key, tuple) else key: counts for key, counts in answer.items()}


def _ms(days: Period) -> tuple[int, int]:
    """First and last millisecond."""
    first = datetime.combine(days.from_on, time(), ZONE).astimezone(UTC)
    after = datetime.combine(days.to_on + timedelta(days=1), time(), ZONE).astimezone(UTC)
    return round(first.timestamp() * 1000), round(after.timestamp() * 1000) - 1


def _numbers(days: Period) -> tuple[int, int]:
    return day_number(days.from_on), day_number(days.to_on)


def _offset() -> str:
    """What SQL adds to UTC: SQLite knows no time zones."""
    cases = []
    day = NOW.date() - timedelta(days=800)
    offset_s = _offset_s(day)
    while day <= NOW.date():
        day += timedelta(days=1)
        if _offset_s(day) != offset_s:  # by noon, so at 01:00 UTC
            at = datetime.combine(day, time(1), UTC)
            cases.append(
                f"WHEN answered_at < {round(at.timestamp() * 1000)} THEN {offset_s * 1000}"
            )
            offset_s = _offset_s(day)
    return f"CASE {' '.join(cases)} ELSE {offset_s * 1000} END"


def _offset_s(day: Any) -> int:  # noqa: ANN401  # a date
    offset = datetime.combine(day, time(12), ZONE).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
