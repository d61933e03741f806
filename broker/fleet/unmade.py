"""Devices in use that can't get a configuration: what is set where they stand has faults."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from broker.fleet.composing import Composer
from broker.fleet.revisions import latest_numbers
from broker.fleet.wanted import list_standings


def read_unmade(connection: Connection, now: datetime) -> dict[str, str]:
    """Device → what keeps its first configuration from being made; inside a transaction.

    One that has an earlier one goes on with that, and is none of these.
    """
    made, composer = latest_numbers(connection), Composer(connection)
    found = {}
    for each in list_standings(connection, now):
        if each.touchpoint is None or each.is_retired or each.name in made:
            continue
        faults = composer.compose(each.touchpoint, each.today).faults
        if faults:
            found[each.name] = "; ".join(faults)
    return found
