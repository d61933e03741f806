"""One round of barring: new lists to the broker, the door tried, the barred sent out.

Everything here waits for others; :mod:`broker.fleet.guard` gives it a thread of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from broker.fleet.authority import Authority
from broker.fleet.eviction import Pass, evict, temporary_pass
from broker.fleet.knock import Door, KnockError, knock
from broker.fleet.revocation import put_lists, write_lists
from broker.server.control import BrokerControl
from broker.store.database import Database

NAME: Final = "guard"
"""As whom we try the door; it may neither publish nor hear (:mod:`broker.server.rights`)."""
PATIENCE_S: Final = 15.0
"""How long a broker may take to read its files, or to come back from a restart."""
_POLL_S: Final = 0.1


class EnforcementError(Exception):
    """Barring could not be enforced; the text says why."""


class DisobedienceError(EnforcementError):
    """The broker is there and does not do what it was told."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A broker, and how it is told whom to keep out.

    Attributes:
        door: where clients come in.
        control: has it read its files again.
        lists: the file of revocation lists that it reads (Mosquitto); ``None`` where it asks
            about each client instead (NATS).
        rereads_trust: a reload takes up new roots; else a restart does.
    """

    door: Door
    control: BrokerControl
    lists: Path | None
    rereads_trust: bool


def close_door(
    database: Database,
    authority: Authority,
    gate: Gate,
    now: datetime,
    *,
    patience_s: float = PATIENCE_S,
    reload: Callable[[], None] | None = None,
) -> None:
    """Have the broker keep out whoever is revoked by now, and see that it does.

    A *canary*, a certificate made and barred for this, must be refused, and a good one let in.
    When the broker does otherwise with the new lists, the last ones are put back: Mosquitto lets
    everybody in while it can't read its lists.

    Args:
        database: who is revoked.
        authority: signs lists, canary and good one.
        gate: the broker.
        now: the time.
        patience_s: how long to wait for it.
        reload: what makes the broker read its files, if not a reload.

    Raises:
        DisobedienceError: canaries get in, or the good one does not.
        EnforcementError: nobody is there.
        BrokerServerError: the broker can't be told.
        StoreError: the database does not answer.
    """
    with (
        temporary_pass(database, authority, NAME, now, is_barred=True) as canary,
        temporary_pass(database, authority, NAME, now) as good,
    ):
        before = _give_lists(database, authority, gate, now)
        try:
            if reload is not None:
                reload()
            elif gate.lists is not None:
                gate.control.reload()
            wait_for_order(gate.door, canary, good, patience_s)
        except DisobedienceError:
            if gate.lists is not None and before is not None:
                put_lists(gate.lists, before)
                gate.control.reload()
            raise


def _give_lists(
    database: Database, authority: Authority, gate: Gate, now: datetime
) -> bytes | None:
    """Write new lists where there are lists; what stood there before."""
    if gate.lists is None:
        return None
    before = gate.lists.read_bytes() if gate.lists.exists() else None
    write_lists(database, authority, gate.lists, now)
    return before


def wait_for_order(door: Door, canary: Pass, good: Pass, patience_s: float) -> None:
    """Wait until the barred is refused and the good one let in.

    Raises:
        EnforcementError: it did not come to that.
    """
    deadline_s = time.monotonic() + patience_s
    while (trouble := _trouble_at(door, canary, good)) is not None:
        if time.monotonic() > deadline_s:
            raise trouble
        time.sleep(_POLL_S)  # noqa: TID251  # a broker does not tell when it has read its files


def _trouble_at(door: Door, canary: Pass, good: Pass) -> EnforcementError | None:
    where = f"the broker at {door.host}:{door.port}"
    try:
        if knock(door, NAME, canary.path) != "refused":
            return DisobedienceError(
                f"{where} lets a revoked certificate in: it has not taken up the revocation lists; "
                "look at its log"
            )
        if knock(door, NAME, good.path) != "let in":
            return DisobedienceError(
                f"{where} refuses a certificate that is in order; look at its log"
            )
    except KnockError as error:
        return EnforcementError(str(error))
    return None


def evict_all(
    database: Database, authority: Authority, door: Door, subjects: Iterable[str], now: datetime
) -> None:
    """End the live connections of all ``subjects``; one that can't be ended keeps nobody else in.

    Raises:
        EnforcementError: one of them could not be ended.
        StoreError: the database does not answer.
    """
    fault: KnockError | None = None
    for subject in subjects:
        try:
            evict(database, authority, door, subject, now)
        except KnockError as error:
            fault = error
    if fault is not None:
        raise EnforcementError(str(fault)) from fault
