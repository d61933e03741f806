"""Changes, each noted before and after: what is changed and the audit log are two databases.

Whoever is killed in between leaves the note that it was asked for, so that nothing happens
unnoted; whether it was done then stands in the feedback store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from broker.fleet.errors import FleetError
from broker.store.errors import StoreError
from portal.audit.log import note
from portal.web.page import Page

Result = TypeVar("Result")


def carry_out(
    page: Page, action: str, about: str, work: Callable[[], Result], **facts: object
) -> Result:
    """Do ``work``, and note that it was asked for and what became of it.

    Args:
        page: of whoever asks.
        action: as ``fleet.place-rename``.
        about: code of what is changed.
        work: the verb.
        facts: of the note; codes, days and numbers.

    Raises:
        FleetError, StoreError: of ``work``, noted.
    """
    _note(page, action, about, "asked", facts)
    try:
        done = work()
    except (FleetError, StoreError):
        _note(page, action, about, "refused", facts)
        raise
    _note(page, action, about, "done", facts)
    return done


def _note(page: Page, action: str, about: str, stage: str, facts: dict[str, object]) -> None:
    with page.portal.database.transaction() as connection:
        note(connection, page.actor, action, about, stage=stage, **facts)
