"""The identities of our own processes: servers and services, in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from broker.fleet.authority import Authority
from broker.fleet.certificates import SERVERS, SERVICES, service_identity
from broker.store.database import Database


def renew_identities(
    database: Database,
    authority: Authority,
    folder: Path,
    names: Sequence[str],
    now: datetime,
) -> frozenset[str]:
    """Make or renew what is due in ``folder``, a file ``NAME.pem`` each.

    Args:
        database: where they are recorded.
        authority: signs.
        folder: made where it is missing.
        names: DNS names and addresses by which our servers are reached.
        now: the time.

    Returns:
        Names of those that were made.

    Raises:
        FleetError: one can't be written.
        StoreError: the database does not answer.
    """
    made = set()
    for name in sorted(SERVERS | SERVICES):
        path = folder / f"{name}.pem"
        before = path.read_bytes() if path.exists() else None
        reached = names if name in SERVERS else ()
        service_identity(database, authority, folder, name, now, names=reached)
        if path.read_bytes() != before:
            made.add(name)
    return frozenset(made)
