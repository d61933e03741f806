"""Published results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.improvement.publications import Publication, check_publication
from analytics.improvement.who import DECIDERS, NotThereError, Who, need_power
from portal.audit.log import note
from portal.improvement.office import Office, actor_of, names_of, thing
from portal.improvement.tables import ImprovementResult
from portal.store.tables import table_of

_result: Final = table_of(ImprovementResult)
_is_public: Final = _result.c.withdrawn_at.is_(None)


class PublicationDesk:
    """Implements :class:`analytics.improvement.protocol.Publications`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def publish_results(self, who: Who, month: str, results: Mapping[str, str]) -> None:
        """Publish a month's results; again: a new edition."""
        for unit, content in results.items():
            need_power(who, unit, DECIDERS)
            check_publication(month, content)
        with self._office.database.transaction() as connection:
            for unit, content in sorted(results.items()):
                self._write_result(connection, who, (month, unit), content)
            facts = {"units": len(results)}
            note(connection, actor_of(who), "improvement.results-published", month, **facts)

    def withdraw_results(self, who: Who, month: str, unit: str) -> None:
        """Take them from the public page."""
        need_power(who, unit, DECIDERS)
        with self._office.database.transaction() as connection:
            chosen = (_result.c.month == month, _result.c.unit == unit, _is_public)
            gone = update(_result).where(*chosen).values(withdrawn_at=self._office.clock())
            if not connection.execute(gone).rowcount:
                raise NotThereError
            note(connection, actor_of(who), "improvement.results-withdrawn", month, unit=unit)

    def published_months(self) -> list[str]:
        """Those with results, the latest first."""
        months = select(_result.c.month).where(_is_public).distinct()
        wanted = months.order_by(_result.c.month.desc())
        with self._office.database.reading() as connection:
            return [str(month) for month in connection.scalars(wanted)]

    def published_results(self, month: str) -> dict[str, Publication]:
        """A month's, by unit."""
        once = self.results_once_published(month)
        return {unit: each for unit, each in once.items() if each.withdrawn_at is None}

    def results_once_published(self, month: str) -> dict[str, Publication]:
        """The last edition by unit, of what was taken back too."""
        wanted = select(_result).where(_result.c.month == month).order_by(_result.c.unit)
        with self._office.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
            names = names_of(connection, (row["published_by"] for row in rows))
        return {
            row["unit"]: thing(Publication, row, published_by=names.get(row["published_by"], ""))
            for row in rows
        }

    def _write_result(
        self, connection: Connection, who: Who, key: tuple[str, str], content: str
    ) -> None:
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        by = {"published_by": who.id, "published_at": self._office.clock()}
        values = {"content": content, "withdrawn_at": None, **by}
        statement = make(_result).values(month=key[0], unit=key[1], edition=1, **values)
        again = {**values, "edition": _result.c.edition + 1}
        keys = ["month", "unit"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=again))
