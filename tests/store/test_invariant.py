"""Whatever comes in, each account adds up: made = stored + in quarantine + missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select

from broker.intake.intake import Intake
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.quarantine import waiting_entries
from broker.store.rebuild import rebuild
from broker.store.registry import add_touchpoint
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import Event, Stream, table_of
from broker.wire.codec import Rejected
from broker.wire.events import MAX_INTEGER
from broker.wire.messages import VERSION, Heartbeat
from tests.intake.making import NOON, TOUCHPOINT, delivery, rating, register

STREAMS = ("5" * 32, "6" * 32)
DEVICES = ("kiosk-1", "kiosk-2", "stranger")
SEQS = st.one_of(st.integers(1, 12), st.just(MAX_INTEGER))
TABLES = ("event", "flag", "quarantine", "stream", "device_status", "touchpoint", "device", "site")


@dataclass(frozen=True)
class Step:
    """Something that reaches the server from a device."""

    what: str
    device: str
    stream: str
    seqs: list[int]


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(("votes", "votes in the cellar", "invalid", "heartbeat")),
        st.sampled_from(DEVICES),
        st.sampled_from(STREAMS),
        st.lists(SEQS, min_size=1, max_size=4),
    ),
    max_size=8,
)


def take(database: Database, intake: Intake, step: Step) -> None:
    """Let one thing come in."""
    if step.what == "heartbeat":
        beat = Heartbeat(
            v=VERSION,
            sent_at=NOON,
            clock="synced",
            boot="b" * 8,
            uptime_ms=1,
            stream=step.stream,
            last_seq=step.seqs[0],
            waiting=0,
            version="1",
        )
        heard = Heard(heartbeats={Who("troyan", step.device): (beat, NOON)})
        StatusWriter(database).write(heard)
    elif step.what == "invalid":
        bad = [Rejected("invalid", "", b"%d" % seq, f"x{seq}", seq) for seq in step.seqs]
        intake.admit([delivery(stream=step.stream, device=step.device, rejected=bad)])
    else:
        place = "cellar" if "cellar" in step.what else TOUCHPOINT
        votes = [replace(rating(1, touchpoint=place), seq=seq) for seq in step.seqs]
        intake.admit([delivery(*votes, stream=step.stream, device=step.device)])


def check(database: Database) -> None:
    """Every account adds up, and its gaps are what is missing."""
    for each in completeness(database, with_gaps=True):
        assert each.made == each.stored + each.quarantined + each.missing
        assert each.missing >= 0
        if len(each.gaps) < 5:
            assert sum(last - first + 1 for first, last in each.gaps) == each.missing
        held = seqs(database, each.stream)
        assert each.stored == len(held)
        assert not any(first <= seq <= last for first, last in each.gaps for seq in held)


def seqs(database: Database, stream: str) -> set[int]:
    """The numbers that are stored of ``stream``."""
    event, table = table_of(Event), table_of(Stream)
    query: Any = select(event.c.seq).join(table, table.c.number == event.c.stream)
    with database.reading() as connection:
        return set(connection.execute(query.where(table.c.stream == stream)).scalars())


@given(steps=STEPS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_account_adds_up(database: Database, steps: list[Step]) -> None:
    """After each step, after readmitting, and after rebuilding, which changes nothing."""
    with database.transaction() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608  # names of ours
    register(database)
    intake = Intake(database)
    for step in steps:
        take(database, intake, step)
        check(database)
    add_touchpoint(database, "cellar", site="troyan")
    intake.readmit(waiting_entries(database))
    check(database)
    before = completeness(database)
    rebuild(database)
    assert completeness(database) == before
