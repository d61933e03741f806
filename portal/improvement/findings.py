"""Findings that somebody took up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.improvement.colleagues import need_colleague
from analytics.improvement.findings import Finding, Handling, check_finding, need_free
from analytics.improvement.who import DOERS, Who, need_power
from portal.audit.log import note
from portal.improvement.letters import assigned
from portal.improvement.office import (
    Office,
    actor_of,
    doers_of,
    names_of,
    need,
    seen_by,
    thing,
    write_to,
)
from portal.improvement.tables import ImprovementFinding
from portal.store.tables import table_of

_finding: Final = table_of(ImprovementFinding)
_CHUNK: Final = 500
"""Ids in one query; SQLite takes no more than some thousands."""


class FindingDesk:
    """Implements :class:`analytics.improvement.protocol.Findings`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def handled(self, who: Who, findings: Collection[str]) -> Mapping[str, Handling]:
        """Of these findings those that somebody took up."""
        wanted, found = sorted(set(findings)), {}
        with self._office.database.reading() as connection:
            for first in range(0, len(wanted), _CHUNK):
                some = _finding.c.id.in_(wanted[first : first + _CHUNK])
                rows = select(_finding).where(some, seen_by(who, _finding))
                for row in connection.execute(rows).mappings().all():
                    found[row["id"]] = _handling(connection, row)
        return found

    def acknowledge(self, who: Who, finding: Finding, note: str = "") -> Handling:
        """Say that he has seen it; the first to do so stays."""
        return self._take_up(who, finding, "finding-acknowledged", note, {})

    def assign(self, who: Who, finding: Finding, to: str, note: str = "") -> Handling:
        """Give it to a colleague."""
        given = {"assigned_to": to, "assigned_at": self._office.clock()}
        return self._take_up(who, finding, "finding-assigned", note, given)

    def _take_up(
        self, who: Who, finding: Finding, verb: str, words: str, given: dict[str, Any]
    ) -> Handling:
        need_power(who, finding.unit, DOERS)
        check_finding(finding, words)
        with self._office.database.transaction() as connection:
            before = self._keep_finding(connection, finding)
            need_power(who, before["unit"], DOERS)
            need_free(finding, before["unit"])
            if given:
                need_colleague(doers_of(connection, finding.unit), given["assigned_to"], "to")
            values = {**given, "words": finding.words}
            if words:
                values["note"] = words
            if before["acknowledged_at"] is None:
                values |= {"acknowledged_by": who.id, "acknowledged_at": self._office.clock()}
            chosen = _finding.c.id == finding.id
            connection.execute(update(_finding).where(chosen).values(**values))
            if given and given["assigned_to"] != who.id:
                letter = assigned(self._office, finding, who.name, words)
                write_to(connection, self._office, given["assigned_to"], letter)
            after = _handling(connection, need(connection, _finding, finding.id))
            note(connection, actor_of(who), f"improvement.{verb}", finding.id, unit=finding.unit)
        return after

    def _keep_finding(self, connection: Connection, finding: Finding) -> Mapping[Any, Any]:
        """The row of a finding, made where nobody took it up before."""
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        new = {"id": finding.id, "unit": finding.unit, "words": finding.words}
        empty = {"acknowledged_by": "", "assigned_to": "", "note": ""}
        insert = make(_finding).values(**new, **empty)
        connection.execute(insert.on_conflict_do_nothing())
        return need(connection, _finding, finding.id, locked=True)


def _handling(connection: Connection, row: Mapping[Any, Any]) -> Handling:
    finding = Finding(id=row["id"], unit=row["unit"], words=row["words"])
    assignee = names_of(connection, [row["assigned_to"]]).get(row["assigned_to"], "")
    return thing(Handling, row, finding=finding, assignee=assignee)
