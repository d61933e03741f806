"""Published results as pages show them. What is not published can't be asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from analytics.improvement.protocol import Publications
from analytics.improvement.publications import Publication
from analytics.published.compared import Compared, compared
from analytics.published.months import before, year_before
from analytics.published.results import WHOLE, PublishedError, Results, read_results
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.results.units import name_of, names_of_units
from portal.web.portal import Portal

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """A month of a unit.

    Attributes:
        unit: code; empty: the whole municipality.
        name: by language.
        earlier: the month before and the same month a year ago, those that are published, with
            how this one stands against them.
    """

    unit: str
    name: Mapping[str, str]
    results: Results
    earlier: tuple[tuple[str, Compared], ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it is published.

    Attributes:
        edition: how often it was published; 2 and more are corrections.
        units: by name, without the whole municipality.
    """

    month: str
    published_at: datetime
    edition: int
    whole: UnitMonth
    units: tuple[UnitMonth, ...]

    def of(self, unit: str) -> UnitMonth | None:
        """That of a unit; ``None``: it has none."""
        return next((each for each in self.units if each.unit == unit), None)


class Shelf:
    """Reads what is published, for one page.

    Args:
        portal: whose.
        publications: where; ``None``: in the portal's own database.
    """

    def __init__(self, portal: Portal, publications: Publications | None = None) -> None:
        self._kept: Final = publications or ImprovementDesk(office_of(portal))
        self._portal: Final = portal
        self._known: Final[dict[str, dict[str, Publication]]] = {}

    def months(self) -> list[str]:
        """Those that can be read, the latest first.

        A month without the whole municipality's figures was half taken back: it isn't one.
        """
        return [month for month in self._kept.published_months() if WHOLE in self._read(month)]

    def month(self, month: str) -> Month | None:
        """A month; ``None``: it is not published."""
        kept, results = self._rows(month), self._read(month)
        if WHOLE not in results:
            return None
        earlier = [
            (other, compared(results, self._read(other)))
            for other in (before(month), year_before(month))
        ]
        names = names_of_units(self._portal)
        shown = {
            unit: UnitMonth(
                unit,
                name_of(names, unit),
                each,
                tuple((other, found[unit]) for other, found in earlier if unit in found),
            )
            for unit, each in results.items()
        }
        whole = shown.pop(WHOLE)
        units = sorted(shown.values(), key=lambda each: next(iter(each.name.values()), ""))
        times = [each.published_at for each in kept.values()]
        edition = kept[WHOLE].edition
        return Month(month, max(times), edition, whole, tuple(units))

    def course(self, unit: str, up_to: str, most: int = 13) -> list[tuple[str, Results]]:
        """A unit's results in the published months up to one of them, the earliest first."""
        months = [month for month in self._kept.published_months() if month <= up_to][:most]
        read = [(month, self._read(month).get(unit)) for month in reversed(months)]
        return [(month, results) for month, results in read if results is not None]

    def published(self, month: str) -> Iterator[tuple[Publication, Results]]:
        """What is published of a month: the whole municipality first, then units by code."""
        rows = self._rows(month)
        for unit, results in sorted(self._read(month).items()):
            yield rows[unit], results

    def _read(self, month: str) -> dict[str, Results]:
        return _readable(self._rows(month))

    def _rows(self, month: str) -> dict[str, Publication]:
        """Read once: a page that is being made shows one state."""
        if month not in self._known:
            self._known[month] = self._kept.published_results(month)
        return self._known[month]


def _readable(kept: Mapping[str, Publication]) -> dict[str, Results]:
    """What can be read; the rest is a newer version's, and better not shown than shown wrong."""
    found = {}
    for unit, each in kept.items():
        try:
            found[unit] = read_results(each.content)
        except PublishedError as error:
            _log.warning("results-unread", month=each.month, unit=unit, error=str(error))
    return found
