"""A program that dies by SIGKILL before each statement of a transaction in turn.

``python -m tests.intake.dying URL`` prints what a reader of the database sees after each death,
and at the end, when one attempt was left alive. The database must be registered and empty.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import psycopg
from sqlalchemy import event, func, select

from broker.intake.delivery import Delivery
from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.migrate import open_database
from broker.store.tables import (
    AnswerDay,
    Event,
    FeedbackTable,
    Flag,
    Quarantined,
    RatingDay,
    Stream,
    table_of,
)
from tests.intake.making import answer, correction, delivery, rating


class Fate:
    """Counts statements, and ends this process before one of them."""

    def __init__(self, dies_before: int) -> None:
        self._left = dies_before

    def step(self, *_: object) -> None:
        """One statement is about to be executed."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, database: Database) -> None:
        """Count the statements of all connections to come, whoever executes them."""
        event.listen(database.engine, "commit", self.step)
        if database.dialect == "sqlite":
            event.listen(database.engine, "connect", lambda c, _: c.set_trace_callback(self.step))
        else:
            event.listen(database.engine, "connect", self._watch_cursors)

    def _watch_cursors(self, connection: psycopg.Connection[Any], _: object) -> None:
        step = self.step

        class Cursor(psycopg.Cursor[Any]):
            def execute(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # as psycopg's
                step()
                return super().execute(*args, **options)

            def executemany(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # the same
                step()
                super().executemany(*args, **options)

        connection.cursor_factory = Cursor


def sight(url: str) -> list[int]:
    """What a reader sees: sums over everything that a transaction writes."""
    tables: list[type[FeedbackTable]] = [Event, Flag, Quarantined, Stream, RatingDay, AnswerDay]
    database = open_database(url)
    with database.reading() as connection:
        counts = [select(func.count()).select_from(table_of(model)) for model in tables]
        day, stream = table_of(RatingDay).c, table_of(Stream).c
        sums = [select(func.sum(each)) for each in (day.raw, day.filtered, stream.greatest_seq)]
        found = [int(connection.execute(query).scalar() or 0) for query in (*counts, *sums)]
    database.close()
    return found


def batch() -> list[Delivery]:
    """A transaction with something of everything."""
    pressed = rating(1)
    odd = rating(4, clock="unknown")
    lost = rating(5, touchpoint="cellar")
    changed = correction(2, pressed, 1)
    return [delivery(pressed, changed, answer(3, pressed), odd, lost), delivery(rating(1))]


def main() -> None:
    """Die, look, and die again one statement later."""
    url = sys.argv[1]
    deliveries = batch()
    sights = [sight(url)]
    status = None
    for dies_before in range(1, 500):
        child = os.fork()
        if child == 0:
            database = open_database(url)
            database.close()
            Fate(dies_before).watch(database)
            Intake(database).admit(deliveries)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        sights.append(sight(url))
        if status == 0:
            break
    print(json.dumps({"sights": sights, "status": status}))  # noqa: T201  # read by the test


if __name__ == "__main__":
    main()
