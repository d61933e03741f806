"""Targets of units."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import insert, select, update

from analytics.improvement.targets import NewTarget, Target, check_target, ended
from analytics.improvement.who import DECIDERS, Who, need_power
from portal.audit.log import note
from portal.improvement.office import Office, actor_of, columns, need, seen_by, thing
from portal.improvement.tables import ImprovementTarget
from portal.store.tables import new_id, table_of

_target: Final = table_of(ImprovementTarget)


class TargetDesk:
    """Implements :class:`analytics.improvement.protocol.Targets`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def targets(self, who: Who) -> list[Target]:
        """All that he sees, ended ones included; the latest first."""
        wanted = select(_target).where(seen_by(who, _target))
        latest = wanted.order_by(_target.c.from_on.desc(), _target.c.id.desc())
        with self._office.database.reading() as connection:
            return [thing(Target, row) for row in connection.execute(latest).mappings()]

    def set_target(self, who: Who, new: NewTarget) -> Target:
        """Promise it."""
        need_power(who, new.unit, DECIDERS)
        check_target(new)
        made = {"id": new_id(), **columns(new)}
        with self._office.database.transaction() as connection:
            connection.execute(insert(_target).values(made))
            facts = {"unit": new.unit, "measure": new.measure, "level": new.level}
            note(connection, actor_of(who), "improvement.target-set", made["id"], **facts)
        return thing(Target, made)

    def end_target(self, who: Who, target: str, on: date) -> Target:
        """Let ``on`` be its last day."""
        with self._office.database.transaction() as connection:
            before = thing(Target, need(connection, _target, target, locked=True))
            need_power(who, before.unit, DECIDERS)
            after = ended(before, on)
            connection.execute(update(_target).where(_target.c.id == target).values(to_on=on))
            note(connection, actor_of(who), "improvement.target-ended", target, on=on.isoformat())
        return after
