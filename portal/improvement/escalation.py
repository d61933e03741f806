"""Overdue actions: the owner is told, and after a while the managers of the unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, or_, select, update

from analytics.improvement.actions import OPEN, Action
from analytics.improvement.who import sees
from portal.audit.log import SYSTEM, note
from portal.improvement.actions import read_actions
from portal.improvement.letters import escalated, overdue
from portal.improvement.office import Office, staff, write_to
from portal.improvement.tables import ImprovementAction
from portal.store.tables import table_of
from portal.web.actor import Actor

_action: Final = table_of(ImprovementAction)


def remind(office: Office, escalation_days: int) -> int:
    """Write to owners whose action's day is over, and to managers where it is over for long.

    Each is told once: a new day or another owner begins anew. Managers are those whose role is
    bound to the unit; where there are none but the owner, those of the whole municipality. What
    nobody can be written to is noted in the audit log all the same, and is not tried again.

    Args:
        office: whose actions.
        escalation_days: after the day that it was due on.

    Returns:
        How many actions somebody was told of.
    """
    today = office.today()
    late = today - timedelta(days=escalation_days)
    is_due = _action.c.state.in_(sorted(OPEN)) & (_action.c.due_on < today)
    not_told = _action.c.owner_told_at.is_(None)
    not_escalated = _action.c.manager_told_at.is_(None) & (_action.c.due_on < late)
    wanted = select(_action).where(is_due, or_(not_told, not_escalated)).order_by(_action.c.id)
    with office.database.transaction() as connection:
        rows = connection.execute(wanted.with_for_update()).mappings().all()
        people = staff(connection) if rows else []
        for row, action in zip(rows, read_actions(connection, rows), strict=True):
            if row["owner_told_at"] is None:
                _tell_owner(connection, office, action)
            if row["manager_told_at"] is None and action.due_on < late:
                _tell_managers(connection, office, action, people)
    return len(rows)


def _tell_owner(connection: Connection, office: Office, action: Action) -> None:
    is_sent = write_to(connection, office, action.owner, overdue(office, action))
    _mark(connection, action, owner_told_at=office.clock())
    note(connection, SYSTEM, "improvement.owner-reminded", action.id, mails=int(is_sent))


def _tell_managers(
    connection: Connection, office: Office, action: Action, people: Iterable[Actor]
) -> None:
    letter = escalated(office, action)
    told = [write_to(connection, office, each.id, letter) for each in managers_of(people, action)]
    _mark(connection, action, manager_told_at=office.clock())
    note(connection, SYSTEM, "improvement.action-escalated", action.id, mails=sum(told))


def managers_of(people: Iterable[Actor], action: Action) -> list[Actor]:
    """Managers bound to its unit, or else those of the whole municipality; never its owner."""
    found = [
        each
        for each in people
        if "manager" in each.roles and sees(each, action.unit) and each.id != action.owner
    ]
    return [each for each in found if each.units] or found


def _mark(connection: Connection, action: Action, **at: datetime) -> None:
    values: dict[str, Any] = dict(at)
    connection.execute(update(_action).where(_action.c.id == action.id).values(**values))
