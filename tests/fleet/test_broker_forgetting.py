"""What is forgotten in time, so that nothing grows for ever: configurations and notices."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, update

from broker.fleet.configurations import refresh
from broker.fleet.notices import close_notice, forget_notices, list_notices, open_notice
from broker.fleet.revisions import forget_revisions, revisions_of
from broker.store.database import Database
from broker.store.fleet_tables import DeviceConfiguration
from broker.store.tables import Device, table_of
from tests.fleet.config_town import NOW, SITE, build, say


def numbers(database: Database, device: str) -> list[int]:
    """Revisions that are known of a device, the newest first."""
    with database.reading() as connection:
        return [each.revision for each in revisions_of(connection, device)]


def test_old_configurations_go_and_what_is_in_use_stays(database: Database) -> None:
    """Also what a device is held to; each device has its own."""
    build(database)
    made = refresh(database, NOW).made
    row = {"device": "kiosk-1", "content": "{}", "note": "", "made_at": NOW}
    rows = [row | {"revision": number} for number in range(11, 21)]
    with database.transaction() as connection:
        connection.execute(insert(table_of(DeviceConfiguration)), rows)
    first = made["kiosk-1"]
    *newest, old, pinned, used = numbers(database, "kiosk-1")[:6]
    with database.transaction() as connection:
        device = table_of(Device)
        held = update(device).where(device.c.name == "kiosk-1").values(pinned=pinned)
        connection.execute(held)
    say(database, "kiosk-1", used)
    assert forget_revisions(database, 3) == 6
    assert numbers(database, "kiosk-1") == [*newest, pinned, used]
    assert not {old, first} & set(numbers(database, "kiosk-1"))
    assert numbers(database, "kiosk-2") == [made["kiosk-2"]]
    assert forget_revisions(database, 3) == 0


def test_notices_that_are_long_over_go(database: Database) -> None:
    """Open ones never do."""
    for rule in ("silent", "disk-full", "too-hot"):
        open_notice(database, SITE, "kiosk-1", rule, "", NOW - timedelta(days=900))
    close_notice(database, SITE, "kiosk-1", "silent", NOW - timedelta(days=800))
    close_notice(database, SITE, "kiosk-1", "disk-full", NOW)
    assert forget_notices(database, NOW - timedelta(days=730)) == 1
    left = {view.notice.rule for view in list_notices(database, only_open=False)}
    assert left == {"disk-full", "too-hot"}
