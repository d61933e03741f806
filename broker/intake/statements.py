"""All prepared statements that an intake needs, for one database."""

from __future__ import annotations

from dataclasses import dataclass

from broker.store.events import EventRows
from broker.store.flags import FlagRows
from broker.store.history import Histories
from broker.store.quarantine import QuarantineRows
from broker.store.rollups import RollupWriter
from broker.store.streams import StreamRows


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one database, by what they are about."""

    events: EventRows
    histories: Histories
    streams: StreamRows
    flags: FlagRows
    rollups: RollupWriter
    quarantine: QuarantineRows

    @classmethod
    def of(cls, dialect: str) -> Statements:
        """Prepare all statements for ``dialect``."""
        return cls(
            EventRows(dialect),
            Histories(dialect),
            StreamRows(dialect),
            FlagRows(dialect),
            RollupWriter(dialect),
            QuarantineRows(dialect),
        )
