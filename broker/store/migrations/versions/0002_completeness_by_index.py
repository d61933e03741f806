"""Clashes counted along in the stream's row, and indexes of what waits in quarantine only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COUNT = """
UPDATE stream SET clashes = (
    SELECT count(*) FROM flag JOIN event ON event.id = flag.event_id
    WHERE flag.reason = 'seq-clash' AND event.stream = stream.number
) WHERE number IN (
    SELECT event.stream FROM flag JOIN event ON event.id = flag.event_id
    WHERE flag.reason = 'seq-clash'
)
"""


def upgrade() -> None:
    clashes = sa.Column("clashes", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("stream", clashes)
    op.execute(_COUNT)
    op.drop_index("quarantine_stream_seq_idx", table_name="quarantine")
    op.drop_index("quarantine_event_id_idx", table_name="quarantine")
    _index_waiting("quarantine_stream_seq_device_site_idx", "stream", "seq", "device", "site")
    _index_waiting("quarantine_event_id_idx", "event_id")


def _index_waiting(name: str, *columns: str) -> None:
    waits = sa.text("readmitted_at IS NULL")
    op.create_index(name, "quarantine", columns, sqlite_where=waits, postgresql_where=waits)
