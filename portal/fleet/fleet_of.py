"""Devices as whoever asks sees them."""

from __future__ import annotations

from broker.fleet.fleet_status import DeviceLine, fleet_status
from broker.fleet.presence import PresenceView, read_presence
from broker.store.registered import read_all
from portal.fleet.rules import Sight
from portal.fleet.sight import look
from portal.web.errors import not_found
from portal.web.page import Page


def list_lines(page: Page, sight: Sight) -> list[DeviceLine]:
    """The devices at his places; those that stand nowhere are for who sees all.

    Those that never stood anywhere are no devices to him: under such names the portal and its
    tablets bring answers in (:func:`broker.store.registry.add_importer`).
    """
    with page.portal.feedback.reading() as connection:
        lines = fleet_status(connection, page.portal.clock())
        stood = read_all(connection).stood
    return [line for line in lines if line.device in stood and is_seen(page, sight, line)]


def is_seen(page: Page, sight: Sight, line: DeviceLine) -> bool:
    """Whether whoever asks may look at a device."""
    if line.site != page.portal.settings.site:
        return False
    if line.touchpoint is None or not sight.tree.entries:
        return not page.actor.units
    return sight.sees("touchpoint", line.touchpoint) or not page.actor.units


def need_line(page: Page, name: str) -> tuple[Sight, DeviceLine]:
    """A device.

    Raises:
        Stop: (404) there is none of that name, or it is not his.
    """
    sight = look(page)
    for line in list_lines(page, sight):
        if line.device == name:
            return sight, line
    raise not_found()


def fleet_presence(page: Page) -> PresenceView | None:
    """What the fleet's process said last of itself."""
    with page.portal.feedback.reading() as connection:
        return read_presence(connection)
