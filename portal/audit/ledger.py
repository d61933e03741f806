"""Changes, each noted before and after: what is changed and the audit log are two databases.

Whoever is killed in between leaves the note that it was asked for, so that nothing happens
unnoted; whether it was done then stands in the feedback store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.errors import StoreError
from portal.audit.log import note
from portal.web.actor import Actor

Result = TypeVar("Result")


def carry_out(
    database: Database,
    actor: Actor,
    action: str,
    about: str,
    work: Callable[[], Result],
    **facts: object,
) -> Result:
    """Do ``work``, and note that it was asked for and what became of it.

    Args:
        database: the portal's.
        actor: whoever asks.
        action: as ``fleet.place-rename``.
        about: code of what is changed.
        work: the verb.
        facts: of the note; codes, days and numbers.

    Raises:
        FleetError, StoreError: of ``work``, noted.
    """

    def note_stage(stage: str) -> None:
        with database.transaction() as connection:
            note(connection, actor, action, about, stage=stage, **facts)

    note_stage("asked")
    try:
        done = work()
    except (FleetError, StoreError):
        note_stage("refused")
        raise
    note_stage("done")
    return done
