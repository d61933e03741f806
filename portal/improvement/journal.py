"""The journal of methods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from analytics.improvement.journal import Entry, NewEntry, check_entry
from analytics.improvement.who import WRITERS, StaleError, Who, need_power
from portal.audit.log import note
from portal.improvement.office import Office, actor_of, columns, names_of, need, seen_by, thing
from portal.improvement.tables import ImprovementMethod
from portal.store.tables import new_id, table_of

_method: Final = table_of(ImprovementMethod)


class JournalDesk:
    """Implements :class:`analytics.improvement.protocol.Journal`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def entries(self, who: Who, from_on: date, to_on: date) -> list[Entry]:
        """Those that he sees of methods used in these days, the earliest first."""
        wanted = select(_method).where(
            seen_by(who, _method), _method.c.from_on <= to_on, _method.c.to_on >= from_on
        )
        with self._office.database.reading() as connection:
            ordered = wanted.order_by(_method.c.from_on, _method.c.id)
            rows = connection.execute(ordered).mappings().all()
            names = names_of(connection, (row["by"] for row in rows))
        return [thing(Entry, row, by=names.get(row["by"], "")) for row in rows]

    def enter(self, who: Who, new: NewEntry) -> Entry:
        """Write that a method was used."""
        need_power(who, new.unit, WRITERS)
        check_entry(new)
        made = {"id": new_id(), "by": who.id, "entered_at": self._office.clock(), "revision": 1}
        row = {**columns(new), **made}
        with self._office.database.transaction() as connection:
            connection.execute(insert(_method).values(row))
            facts = {"method": new.method, "unit": new.unit}
            note(connection, actor_of(who), "improvement.method-entered", row["id"], **facts)
        return thing(Entry, row, by=who.name)

    def correct(self, who: Who, entry: str, new: NewEntry, *, revision: int) -> Entry:
        """Write an entry anew."""
        need_power(who, new.unit, WRITERS)
        check_entry(new)
        with self._office.database.transaction() as connection:
            before = need(connection, _method, entry, locked=True)
            need_power(who, before["unit"], WRITERS)
            if before["revision"] != revision:
                raise StaleError
            given = {**columns(new), "revision": revision + 1}
            connection.execute(update(_method).where(_method.c.id == entry).values(given))
            changed = _changed(before, given)
            note(connection, actor_of(who), "improvement.method-corrected", entry, fields=changed)
            names = names_of(connection, [before["by"]])
        return thing(Entry, {**before, **given}, by=names.get(before["by"], ""))

    def strike(self, who: Who, entry: str) -> None:
        """Take out an entry that should not be there."""
        with self._office.database.transaction() as connection:
            before = need(connection, _method, entry, locked=True)
            need_power(who, before["unit"], WRITERS)
            connection.execute(delete(_method).where(_method.c.id == entry))
            facts = {"method": before["method"], "unit": before["unit"]}
            note(connection, actor_of(who), "improvement.method-struck", entry, **facts)


def _changed(before: Mapping[Any, Any], given: Mapping[Any, Any]) -> list[str]:
    return sorted(name for name in given if name != "revision" and before[name] != given[name])
