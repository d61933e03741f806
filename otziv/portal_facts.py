"""What a report takes from the portal, where there is one: actions, targets, journal, the name."""

from __future__ import annotations

from pathlib import Path

from analytics.period import Period
from analytics.reports.content.facts import Facts, Itself, facts_of
from broker.store.database import parse_url
from broker.store.places import Place
from otziv.installation import Installation


def portal_facts(
    installation: Installation, period: Period, unit: str, place: Place | None, language: str
) -> tuple[Facts, str]:
    """What is known of improvement, and how the portal calls the municipality.

    Nothing, and no portal is made, where there is none yet.

    Raises:
        StoreError: its database can't be used.
        KeyFileError: its key file can't.
    """
    if not _has_portal(installation):
        return Facts(), ""
    from otziv.backup.afterwards import open_portal_of
    from portal.improvement.office import office_of
    from portal.improvement.service import ImprovementDesk
    from portal.municipality.service import read_sign

    with open_portal_of(installation) as portal:
        desk = ImprovementDesk(office_of(portal))
        site = place if place is None or place.kind != "site" else None
        facts = facts_of(desk, Itself(), period, unit, site)
        named = read_sign(portal.database, portal.settings.site).facts
    return facts, named.name_en if language == "en" and named.name_en else named.name_bg


def _has_portal(installation: Installation) -> bool:
    """Whether the database is there that a portal of this folder would use."""
    running = installation.find_running()
    url = parse_url(
        installation.sample_database_url
        if running is not None and running.is_sample
        else installation.portal_database_url
    )
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
