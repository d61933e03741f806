"""What the *Fleet* page shows beside completeness: how devices do, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from analytics.dashboard.devices import DeviceState
from broker.store.database import Database
from broker.store.fleet_tables import Notice
from broker.store.status import Who
from broker.store.tables import DeviceStatus, table_of

MOST_NOTICES: Final = 50
"""More are counted, and not listed."""

_notice: Final = table_of(Notice)
_status: Final = table_of(DeviceStatus)


@dataclass(frozen=True, slots=True)
class Health:
    """What a device last said of itself; ``None`` for what it can't tell.

    Attributes:
        free: share of its memory that is free, 0–1.
        temperature: of its processor, °C.
        clock: ``synced``, ``estimated`` or ``unknown``.
    """

    state: DeviceState
    version: str | None
    clock: str | None
    temperature: float | None
    free: float | None


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """Something that is wrong; ``state`` is ``None`` for the whole installation or a stranger."""

    device: str
    state: DeviceState | None
    rule: str
    since: datetime

    @property
    def family(self) -> str:
        """The rule: ``fault`` of ``fault:lamp-1:dead``."""
        return self.rule.partition(":")[0]


def read_health(database: Database, states: Iterable[DeviceState]) -> list[Health]:
    """How those of ``states`` do that are registered machines and were ever heard."""
    with database.reading() as connection:
        rows = {Who(row.site, row.device): row for row in connection.execute(select(_status))}
    found = []
    for state in states:
        row = rows.get(state.who)
        if state.is_registered and state.is_machine and row is not None:
            total, free = row.disk_total_bytes, row.disk_free_bytes
            share = free / total if total and free is not None else None
            found.append(Health(state, row.version, row.clock, row.temperature_c, share))
    return found


def read_open_notices(
    database: Database, states: Iterable[DeviceState], units: AbstractSet[str]
) -> list[OpenNotice]:
    """What is wrong now, the newest first.

    Args:
        database: the feedback store.
        states: the devices that the viewer sees.
        units: his; with some, only what is about these devices; else all there is.
    """
    known = {state.who: state for state in states}
    query = select(_notice).where(_notice.c.closed_at.is_(None)).order_by(_notice.c.number.desc())
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        OpenNotice(row.device, known.get(Who(row.site, row.device)), row.rule, row.opened_at)
        for row in rows
        if not units or Who(row.site, row.device) in known
    ]
