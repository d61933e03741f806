"""What a replay needs to be registered: its site, its touchpoints, and itself as a device."""

from __future__ import annotations

from itertools import count
from typing import Final

from broker.store.database import Database
from broker.store.registered import read_all
from broker.store.registry import (
    add_importer,
    add_site,
    add_touchpoint,
    list_sites,
    list_touchpoints,
)
from otziv.replay.mapping import Map
from otziv.replay.rows import Vote

DEVICE: Final = "replay"
"""The device that replayed votes come from; a second site's is ``replay-2``, and so on."""


class Registrar:
    """Registers on first use.

    A site that is known keeps its own time zone; the map's is only how the file's times are read.

    Attributes:
        created: codes of touchpoints that were not there before.
    """

    def __init__(self, database: Database, mapping: Map) -> None:
        self._database = database
        self._site = mapping.site
        self.created: list[str] = []
        if mapping.site not in {site.code for site in list_sites(database)}:
            add_site(database, mapping.site, timezone=mapping.timezone)
        known = list_touchpoints(database)
        self._sites = {touchpoint.code: touchpoint.site for touchpoint in known}
        self._names = {place.code: place.name for place in known if place.site == mapping.site}

    @property
    def names(self) -> dict[str, str]:
        """Names of the site's touchpoints that were there at the start, by code."""
        return dict(self._names)

    def find_fault(self, vote: Vote) -> str | None:
        """Make sure that the vote's touchpoint is there; else why it can't be."""
        code = vote.rating.touchpoint
        site = self._sites.get(code)
        if site is None:
            add_touchpoint(self._database, code, site=self._site, name=vote.place)
            self._sites[code] = self._site
            self.created.append(code)
        elif site != self._site:
            return (
                f"touchpoint code {code!r} belongs to site {site!r}; "
                f"give {vote.place!r} another one in [touchpoints]"
            )
        return None

    def device(self) -> str:
        """The name of the site's replaying device, which stands nowhere."""
        with self._database.reading() as connection:
            known = read_all(connection)
        for number in count(1):
            name = DEVICE if number == 1 else f"{DEVICE}-{number}"
            if name not in known.devices:
                add_importer(self._database, name, site=self._site)
                return name
            if known.devices[name] == self._site and name not in known.stood:
                return name
        raise AssertionError("numbers do not end")
