"""What editors must know of a place, and settings as forms carry them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from broker.store.place_settings import Effective
from broker.store.place_tables import SurveyVersion
from broker.store.tables import table_of
from portal.fleet.editors.parts import About, SurveyThere
from portal.people.units import all_units, unit_name
from portal.web.page import Page

_versions = table_of(SurveyVersion)


def about_place(
    page: Page, connection: Connection, settings: Mapping[str, Effective], rows: int = 0
) -> About:
    """What the editors of a place must know; ``connection`` is of the feedback store."""
    return About(
        page.language,
        tuple(settings["languages"].value),
        read_surveys(connection),
        read_units(page),
        rows,
    )


def read_surveys(connection: Connection) -> list[SurveyThere]:
    """The surveys that were published, each with the title of its newest version."""
    found: dict[str, list[int]] = {}
    titles: dict[str, dict[str, str]] = {}
    query = select(_versions.c.code, _versions.c.version, _versions.c.content)
    for code, version, content in connection.execute(query.order_by("code", "version")):
        found.setdefault(code, []).append(version)
        titles[code] = json.loads(content).get("title") or {}
    return [SurveyThere(code, tuple(known), titles[code]) for code, known in found.items()]


def read_units(page: Page) -> dict[str, str]:
    """Code → name of the municipality's units today."""
    on = page.portal.clock().astimezone(page.language.zone).date()
    with page.portal.database.reading() as connection:
        return {unit.code: page.language.of(unit_name(unit)) for unit in all_units(connection, on)}


def write_effective(setting: Effective) -> str:
    """A setting as it stood when a form was opened, for the form to carry."""
    since = setting.from_on.isoformat() if setting.from_on else None
    return json.dumps([setting.value, setting.kind, setting.code, since], ensure_ascii=False)


def read_effective(text: str) -> Effective | None:
    """The same read back; ``None``: somebody wrote something else into the form."""
    try:
        value, kind, code, since = json.loads(text)
        return Effective(value, kind, code, date.fromisoformat(since) if since else None)
    except (ValueError, TypeError):
        return None
