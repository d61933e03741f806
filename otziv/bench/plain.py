"""The store without the rest: plain ``executemany``, and what rollups add to an insert."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from broker.intake.admission import Admission
from broker.intake.delivery import Delivery
from broker.intake.harvest import Harvest
from broker.intake.judge import Known
from broker.intake.statements import Statements
from broker.store.database import Database
from broker.store.events import COLUMNS
from broker.store.migrate import open_database
from broker.store.registered import read_all
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.store.rollups import Counts, RollupWriter
from broker.store.statements import Row
from broker.wire.codec import read_batch
from otziv.bench.publisher import DEVICES, device_name, make_batches

SITE: Final = "bench"
GROUPS: Final = 60


class _NoRollups(RollupWriter):
    """Writes nothing: what is left is the insert."""

    def add(self, connection: Connection, counts: Counts) -> None:
        """Count nothing."""


def register(database: Database) -> None:
    """Make the benchmark's devices and touchpoints known."""
    add_site(database, SITE)
    for number in range(DEVICES):
        add_touchpoint(database, device_name(number), site=SITE)
        add_device(database, device_name(number), touchpoint=device_name(number))


def insert_plainly(batches: int, events_each: int) -> float:
    """Rows a second of ``executemany`` and nothing else: same rows, batches and durability."""
    with _store() as (database, path):
        rows = _rows(database, batches, events_each)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        marks = ", ".join("?" * len(COLUMNS))
        statement = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608  ours
        started_s = time.perf_counter()
        for first in range(0, len(rows), events_each):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, rows[first : first + events_each])
            connection.execute("COMMIT")
        taken_s = time.perf_counter() - started_s
        connection.close()
        return len(rows) / taken_s


def rollup_share() -> float:
    """What rollups add to the time of inserting and committing, as a share of it.

    The intake's own writing, with and without rollups in turn; one transaction takes a batch of
    100 from each of the twelve devices.
    """
    with _store() as (one, _), _store() as (other, _):
        statements = Statements.of(one.dialect)
        bare = replace(statements, rollups=_NoRollups(one.dialect))
        with_s = without_s = 0.0
        for group in _groups(GROUPS):
            with_s += _write(one, statements, group)
            without_s += _write(other, bare, group)
        return with_s / without_s - 1


def _write(database: Database, statements: Statements, deliveries: Sequence[Delivery]) -> float:
    """Seconds to write and commit what is judged beforehand."""
    with database.transaction() as connection:
        harvest = _judge(connection, statements, deliveries)
        started_s = time.perf_counter()
        harvest.write(connection, statements)
    return time.perf_counter() - started_s


def _judge(
    connection: Connection, statements: Statements, deliveries: Sequence[Delivery]
) -> Harvest:
    admission = Admission(Known.of(read_all(connection)))
    admission.look_up(connection, statements, deliveries, is_doubtful=False)
    for delivery in deliveries:
        admission.judge(delivery)
    return admission.harvest


def _rows(database: Database, batches: int, events_each: int) -> list[Row]:
    """The rows that the intake would write."""
    with database.transaction() as connection:
        harvest = _judge(
            connection, Statements.of(database.dialect), _deliveries(batches, events_each)
        )
    return [row for share in harvest.shares.values() for row in share.rows]


def _groups(groups: int) -> Iterator[list[Delivery]]:
    deliveries = _deliveries(groups * DEVICES, 100)
    for first in range(0, len(deliveries), DEVICES):
        yield deliveries[first : first + DEVICES]


def _deliveries(batches: int, events_each: int) -> list[Delivery]:
    now = datetime.now(UTC)
    return [
        Delivery(SITE, device_name(number), "bench", read_batch(payload), now)
        for number, payload in make_batches(batches, events_each, time.monotonic_ns() % 2**31)
    ]


@contextmanager
def _store() -> Iterator[tuple[Database, Path]]:
    """An empty store of its own."""
    with tempfile.TemporaryDirectory(prefix="otziv-bench-") as folder:
        path = Path(folder) / "feedback.sqlite3"
        database = open_database(f"sqlite:///{path}")
        try:
            register(database)
            yield database, path
        finally:
            database.close()
