"""Changes of the fleet, each noted before and after: see :mod:`portal.audit.ledger`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from portal.audit import ledger
from portal.web.page import Page

Result = TypeVar("Result")


def carry_out(
    page: Page, action: str, about: str, work: Callable[[], Result], **facts: object
) -> Result:
    """Do ``work`` in the name of whoever asks for ``page``, noted before and after.

    Raises:
        FleetError, StoreError: of ``work``, noted.
    """
    return ledger.carry_out(page.portal.database, page.actor, action, about, work, **facts)
