"""Where devices stand, and that a retired one is still heard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from broker.fleet.device_places import move_device, retire_device
from broker.fleet.errors import FleetError
from broker.fleet.places import retire, show_places
from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.registry import add_site, add_touchpoint, list_devices
from broker.store.tables import Event, table_of
from tests.intake.making import delivery, rating
from tests.places.town import NOW, SITE, TODAY

DAY = timedelta(days=1)


def stands(database: Database) -> dict[str, str | None]:
    """Device → where it stands now."""
    return {each.name: each.touchpoint for each in list_devices(database)}


def test_a_device_moves_and_the_days_before_stay(town: Database) -> None:
    """It stands at the new touchpoint from now on; yesterday it stood at the old one."""
    move_device(town, "kiosk-1", "desk-2", now=NOW + DAY)
    assert stands(town) == {"kiosk-1": "desk-2", "kiosk-2": "desk-2"}
    assert show_places(town, TODAY).devices == {"desk-1": ["kiosk-1"], "desk-2": ["kiosk-2"]}
    assert show_places(town, TODAY + DAY).devices == {"desk-2": ["kiosk-1", "kiosk-2"]}


def test_a_device_is_put_into_the_drawer_and_taken_out(town: Database) -> None:
    """In the drawer it stands nowhere; the last word holds, even if the clock went back."""
    move_device(town, "kiosk-1", None, now=NOW)
    assert stands(town)["kiosk-1"] is None
    move_device(town, "kiosk-1", "desk-1", now=NOW - DAY)
    assert show_places(town, TODAY).devices["desk-1"] == ["kiosk-1"]


def test_where_no_device_can_stand_is_told(town: Database) -> None:
    """Unknown, retired, or of another site, whose certificate it does not have."""
    add_site(town, "lovech")
    add_touchpoint(town, "far-desk", site="lovech")
    add_touchpoint(town, "old-desk", site=SITE)
    retire(town, "touchpoint", "old-desk", now=NOW)
    for touchpoint, why in (
        ("desk-9", "no touchpoint 'desk-9'"),
        ("far-desk", "is of lovech"),
        ("old-desk", "is retired"),
    ):
        with pytest.raises(FleetError, match=why):
            move_device(town, "kiosk-1", touchpoint, now=NOW)
    with pytest.raises(FleetError, match="no device 'kiosk-9'"):
        move_device(town, "kiosk-9", "desk-1", now=NOW)
    assert stands(town)["kiosk-1"] == "desk-1"


def test_a_retired_device_is_gone_and_still_heard(town: Database) -> None:
    """Its outbox may hold votes: they are taken. It is never placed again."""
    assert retire_device(town, "kiosk-1", now=NOW) == TODAY
    assert stands(town)["kiosk-1"] is None
    late = rating(1, touchpoint="desk-1")
    Intake(town).admit([delivery(late)])
    with town.reading() as connection:
        assert connection.execute(select(table_of(Event).c.id)).scalars().all() == [late.id]
    for again in (
        lambda: retire_device(town, "kiosk-1", now=NOW),
        lambda: move_device(town, "kiosk-1", "desk-1", now=NOW),
    ):
        with pytest.raises(FleetError, match="kiosk-1 is retired since"):
            again()
