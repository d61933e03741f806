"""Which touchpoints somebody sees whose roles hold for some units only."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from broker.store.place_settings import SettingsOfDay
from broker.store.tables import Site, table_of


def touchpoints_of(
    connection: Connection, units: AbstractSet[str], now: datetime
) -> frozenset[str]:
    """Codes of the touchpoints at which one of ``units`` serves today, inherited from places.

    Args:
        connection: of the feedback database.
        units: codes, those in them included.
        now: an aware time; the day is the one that each site has.
    """
    site = table_of(Site).c
    days = {
        code: now.astimezone(ZoneInfo(zone)).date()
        for code, zone in connection.execute(select(site.code, site.timezone))
    }
    found: set[str] = set()
    for on in set(days.values()):
        settings = SettingsOfDay(connection, on)
        found |= {
            place.code
            for place, entry in settings.tree.entries.items()
            if place.kind == "touchpoint"
            and days.get(entry.site) == on
            and settings.of(place)["unit"].value in units
        }
    return frozenset(found)
