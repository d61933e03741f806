"""``otziv bench analytics``: the standard questions, beside peers that answer them too.

Two years of votes at 12 and at 1,000 touchpoints; each answer is compared with the peers' before
anything is timed. The set is what a page costs: which touchpoints stood where, and six questions.
Targets are of ten million rows, and are judged only where there are so many.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from analytics.period import Period
from analytics.questions.asked import Choice, Scope, read_scope
from analytics.questions.figures import Compared, KeyFigures, compared, key_figures
from analytics.questions.hours import HourGrid, hour_grids
from analytics.questions.reasons import Reasons, reasons
from analytics.questions.recent import Recent, recent
from analytics.questions.trend import Trend, trends
from broker.store.database import Database
from broker.store.migrate import open_database
from broker.store.places import Place
from otziv.bench.analytics_peers import (
    NAMES,
    Answer,
    Asked,
    Question,
    day_number,
    duckdb,
    load,
    on_frames,
    plain_sql,
)
from otziv.bench.analytics_town import LAST_ON, NOW, SITE, Size, fill
from otziv.bench.report import Report, Target

ROWS: Final = 1_000_000
JUDGED_FROM_ROWS: Final = 10_000_000
FEW, MANY = 12, 1000
SCALE: Final = "faces-4"

Figures: TypeAlias = dict[str, dict[str, list[float]]]
"""Who answers → what → seconds, run by run."""


def measure(runs: int = 5, rows: int = ROWS) -> Report:
    """Fill, compare, and measure in turn."""
    sizes = [Size(rows, FEW), Size(rows, MANY)]
    if rows >= JUDGED_FROM_ROWS:
        sizes.append(Size(ROWS, FEW))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="otziv-bench-")))
        towns = {_name(size): _Town(stack, folder, size) for size in sizes}
        for town in towns.values():
            town.compare()
        gc.collect()
        gc.freeze()  # as the dashboard does: what is loaded is not looked through again
        stack.callback(gc.unfreeze)
        for _ in range(runs):
            for town in towns.values():
                town.run()
    documents = {name: town.as_document() for name, town in towns.items()}
    return Report(
        name="analytics",
        figures={name: one["otziv"] for name, one in documents.items()},
        compared_with={
            name: {who: figures for who, figures in one.items() if who != "otziv"}
            for name, one in documents.items()
        },
        targets=_targets(documents, rows) if rows >= JUDGED_FROM_ROWS else {},
        notes=(
            "medians in ms; the set is the reading of places and six questions",
            "plain SQL and DuckDB have raw rows, DuckDB with local time; nothing to filter",
            "pandas and duckdb_prepared have local day, hour and satisfaction as columns, too",
            f"targets are judged from {JUDGED_FROM_ROWS:,} rows on",
        ),
    )


class _Town:
    """One size: its store, and who answers."""

    def __init__(self, stack: ExitStack, folder: Path, size: Size) -> None:
        path = folder / f"{_name(size)}.sqlite3"
        self._database: Final = open_database(f"sqlite:///{path}")
        stack.callback(self._database.close)
        self._size: Final = size
        self._facts: Final[dict[str, Any]] = {"events": fill(self._database, size)}
        self._ours: Final = _Ours(self._database, size)
        began_s = time.perf_counter()
        frames = load(path)
        self._load_s: Final = time.perf_counter() - began_s
        asked = self._ours.asked
        self._peers: Final[Mapping[str, Mapping[str, Question]]] = {
            "plain_sql": plain_sql(stack, path, asked),
            "pandas": on_frames(*frames, asked),
            **{
                who: duckdb(
                    stack, folder / f"{_name(size)}.{who}", frames, asked, is_prepared=is_prepared
                )
                for who, is_prepared in (("duckdb", False), ("duckdb_prepared", True))
            },
        }
        self._taken: Final[Figures] = {"otziv": {}, **{name: {} for name in self._peers}}

    def compare(self) -> None:
        """See that all say the same, which also warms them up.

        Raises:
            RuntimeError: they don't; then nothing that is measured means anything.
        """
        ours = self._ours.answers()
        for who, questions in self._peers.items():
            for name in NAMES:
                if dict(questions[name]()) != ours[name]:
                    raise RuntimeError(f"{who} answers {name!r} otherwise than we do")

    def run(self) -> None:
        """Measure each once."""
        self._note("otziv", self._ours.run())
        for who, questions in self._peers.items():
            self._note(who, {name: _timed(questions[name])[0] for name in NAMES})

    def as_document(self) -> dict[str, dict[str, float]]:
        """By who answers: the median of each question and of the set, in ms."""
        found: dict[str, dict[str, float]] = {}
        for who, taken in self._taken.items():
            sets = [sum(each) for each in zip(*taken.values(), strict=True)]
            medians = {name: statistics.median(values) for name, values in taken.items()}
            found[who] = {
                name: round(1000 * taken_s, 3)
                for name, taken_s in {**medians, "set": statistics.median(sets)}.items()
            }
        found["otziv"] |= self._facts
        found["pandas"]["load_s"] = round(self._load_s, 2)
        return found

    def _note(self, who: str, taken: Mapping[str, float]) -> None:
        for name, taken_s in taken.items():
            self._taken[who].setdefault(name, []).append(taken_s)


class _Ours:
    """The questions as the dashboard asks them."""

    def __init__(self, database: Database, size: Size) -> None:
        self._database = database
        self._desks: Final = [Place("touchpoint", code) for code in size.codes]
        year = _days(365)
        with database.reading() as connection:
            scope = read_scope(connection, year, [SITE])
            (grid,) = hour_grids(connection, Choice(scope), year)
        self.asked: Final = Asked(_days(30), _days(90), year, grid.period, size.codes[:12])

    def run(self) -> dict[str, float]:
        """How long each took, and the reading of places."""
        return self._ask(lambda _name, taken_s, _answer: taken_s)

    def answers(self) -> dict[str, Answer]:
        """What they say, as the peers say it."""
        found = self._ask(
            lambda name, _taken_s, answer: _AS_PEERS[name](answer) if name in _AS_PEERS else {}
        )
        return {name: found[name] for name in NAMES}

    def _ask(self, keep: Callable[[str, float, Any], Any]) -> dict[str, Any]:
        asked = self.asked
        found = {}
        with self._database.reading() as connection:
            taken_s, (desks, few, town) = _timed(lambda: self._scopes(connection))
            found["scope"] = keep("scope", taken_s, desks)
            rated, rated_few, rated_town = (
                Choice(scope, scale=SCALE) for scope in (desks, few, town)
            )
            why = Choice(town, question="reason")
            questions: dict[str, Callable[[], Any]] = {
                "places": lambda: key_figures(connection, rated, asked.month),
                "trend": lambda: trends(connection, rated_few, asked.year),
                "hours": lambda: hour_grids(connection, rated_town, asked.year),
                "ranking": lambda: compared(connection, rated, asked.month),
                "reasons": lambda: reasons(connection, why, asked.quarter),
                "recent": lambda: recent(connection, rated, NOW),
            }
            for name in NAMES:
                taken_s, answer = _timed(questions[name])
                found[name] = keep(name, taken_s, answer)
        return found

    def _scopes(self, connection: Connection) -> tuple[Scope, Scope, Scope]:
        """All desks, twelve of them, and the town, as they stood in the year."""
        scope = read_scope(connection, self.asked.year, [SITE, *self._desks])
        return scope.only(self._desks), scope.only(self._desks[:12]), scope.only([SITE])


def _places(figures: list[KeyFigures]) -> Answer:
    return {each.place.code: (each.n, each.satisfied) for each in figures}


def _trend(found: list[Trend]) -> Answer:
    return {
        (trend.place.code, day_number(day)): (votes, satisfied)
        for trend in found
        for day, votes, satisfied in zip(
            trend.period.days, trend.votes, trend.satisfied, strict=True
        )
        if votes
    }


def _hours(found: list[HourGrid]) -> Answer:
    (grid,) = found
    return {hour: (votes, grid.satisfied[hour]) for hour, votes in enumerate(grid.votes) if votes}


def _ranking(found: list[Compared]) -> Answer:
    return {
        (each.place.code, is_now): (each.n, each.satisfied)
        for both in found
        for is_now, each in ((1, both.now), (0, both.before))
        if each.n
    }


def _reasons(found: list[Reasons]) -> Answer:
    return dict(found[0].options)


def _recent(found: list[Recent]) -> Answer:
    return {each.place.code: sum(each.counts.values()) for each in found}


_AS_PEERS: Final[Mapping[str, Callable[[Any], Answer]]] = {
    "places": _places,
    "trend": _trend,
    "hours": _hours,
    "ranking": _ranking,
    "reasons": _reasons,
    "recent": _recent,
}


def _targets(documents: Mapping[str, Any], rows: int) -> dict[str, Target]:
    few, many = documents[_name(Size(rows, FEW))], documents[_name(Size(rows, MANY))]
    fewer = documents[_name(Size(ROWS, FEW))]

    def times(of: Mapping[str, Any], who: str) -> float:
        return round(float(of[who]["set"] / of["otziv"]["set"]), 2)

    growth = round(few["otziv"]["set"] / fewer["otziv"]["set"], 2)
    return {
        f"{FEW} touchpoints: plain SQL's time over ours": Target(
            times(few, "plain_sql"), 100, "at least"
        ),
        f"{FEW} touchpoints: DuckDB's time over ours": Target(times(few, "duckdb"), 10, "at least"),
        f"{FEW} touchpoints: our time over that of {ROWS:,} rows": Target(growth, 1.3, "at most"),
        f"{MANY} touchpoints: DuckDB's time over ours": Target(
            times(many, "duckdb"), 2, "at least"
        ),
    }


def _timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    began_s = time.perf_counter()
    answer = ask()
    return time.perf_counter() - began_s, answer


def _days(number: int) -> Period:
    return Period(LAST_ON - timedelta(days=number - 1), LAST_ON)


def _name(size: Size) -> str:
    return f"{size.rows}_rows_{size.touchpoints}_touchpoints"
