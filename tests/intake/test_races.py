"""Several collectors on one database."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from broker.intake.delivery import Delivery
from broker.intake.intake import Intake
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.rebuild import rebuild
from broker.store.registry import add_touchpoint
from broker.store.tables import Event, RatingDay, Stream, table_of
from tests.intake.making import correction, delivery, rating, register

WRITERS = 3


def counted(database: Database) -> list[tuple[Any, ...]]:
    """The rollup by days, without what counts nothing."""
    with database.reading() as connection:
        rows = connection.execute(select(table_of(RatingDay))).all()
    return sorted(tuple(row) for row in rows if row.raw or row.filtered)


def admit_all(database: Database, batches: Sequence[Delivery], seed: int) -> int:
    """Admit all batches in an order of one's own; how many events were accepted."""
    intake = Intake(database)
    order = list(batches)
    Random(seed).shuffle(order)
    return sum(len(intake.admit([batch])[0].accepted) for batch in order)


def test_each_event_is_stored_once(database: Database) -> None:
    """Though all collectors get all messages, in different orders, and correct each other's."""
    register(database)
    pressed = [rating(seq, seq % 4 + 1) for seq in range(1, 41)]
    Intake(database).admit([delivery(*pressed)])
    late = [correction(seq, pressed[seq % 5], seq % 4 + 1) for seq in range(41, 61)]
    new = [rating(seq, seq % 4 + 1) for seq in range(61, 101)]
    batches = [delivery(*late[i::10], *new[i::10]) for i in range(10)]
    with ThreadPoolExecutor(WRITERS) as pool:
        runs = [pool.submit(admit_all, database, batches, seed) for seed in range(WRITERS)]
        assert [run.result() for run in runs] == [60] * WRITERS
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table_of(Event))).scalar() == 100
        assert connection.execute(select(table_of(Stream).c.stored_seqs)).scalar() == 100
    (account,) = completeness(database)
    assert (account.made, account.stored, account.missing, account.clashes) == (100, 100, 0, 0)
    kept = counted(database)
    rebuild(database)
    assert counted(database) == kept


def test_rebuilding_beside_a_collector(database: Database) -> None:
    """Neither loses what the other counts."""
    register(database)
    batches = [delivery(*(rating(10 * i + k + 1, k % 4 + 1) for k in range(10))) for i in range(20)]
    with ThreadPoolExecutor(2) as pool:
        admitting = pool.submit(admit_all, database, batches, 1)
        for _ in range(5):
            rebuild(database)
        assert admitting.result() == 200
    kept = counted(database)
    assert sum(row[-1] for row in kept) == 200
    rebuild(database)
    assert counted(database) == kept


@pytest.mark.parametrize("is_known", [True, False])
def test_a_touchpoint_added_meanwhile_is_seen(database: Database, is_known: bool) -> None:
    """Another program may add a touchpoint while the collector runs."""
    register(database)
    intake = Intake(database)
    if is_known:
        intake.admit([delivery(rating(1))])
    add_touchpoint(database, "new-desk", site="troyan")
    sent = rating(2, touchpoint="new-desk")
    (outcome,) = intake.admit([delivery(sent)])
    assert outcome.accepted == [sent.id]
