"""When rows are past their time, where that is more than the age of one column."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Table, select

from portal.alerts.tables import KeptAlert
from portal.store.tables import table_of
from portal.upkeep.keeping import Times

HANDLINGS: Final = timedelta(days=730)
_INVITATIONS: Final = timedelta(days=30)


def old_handlings(table: Table, times: Times) -> ColumnElement[bool]:
    """Handlings of notices that nobody touched, and no snooze holds, for two years."""
    before = times.now - HANDLINGS
    taken_up, snoozed = table.c.taken_up_at, table.c.snoozed_until
    is_old = (taken_up < before) | taken_up.is_(None)
    return is_old & ((snoozed < before) | snoozed.is_(None))


def old_invitations(table: Table, times: Times) -> ColumnElement[bool]:
    """Subscriptions that were never confirmed."""
    return table.c.confirmed_at.is_(None) & (table.c.made_at < times.now - _INVITATIONS)


def without_alert(table: Table, _times: Times) -> ColumnElement[bool]:
    """Comments whose alert is gone."""
    return table.c.alert.not_in(select(table_of(KeptAlert).c.id))
