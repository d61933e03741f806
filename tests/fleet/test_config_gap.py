"""After a restore: numbers that kiosks may have already are not used again."""

from __future__ import annotations

from datetime import timedelta

from broker.fleet.configurations import history, refresh, show
from broker.fleet.revisions import GAP, LEAP, leave_gap
from broker.store.database import Database
from tests.fleet.config_town import NOW, build, say, set_at

DAY = timedelta(days=1)


def restored(database: Database, age: timedelta = timedelta()) -> int:
    """The first number after the database was restored from a backup of that age."""
    return leave_gap(database, NOW - age, NOW)


def test_every_device_gets_its_own_anew_above_the_gap(database: Database) -> None:
    """Nothing else than before is wanted, but who knows what it got since the backup."""
    build(database)
    refresh(database, NOW)
    assert restored(database) == 2 + GAP + 1
    assert show(database, "kiosk-1", NOW).is_due
    assert refresh(database, NOW).made == {"kiosk-1": GAP + 3, "kiosk-2": GAP + 4}
    assert history(database, "kiosk-1", NOW)[0].note == "above what it has: a backup was restored"
    assert refresh(database, NOW).made == {}
    assert not show(database, "kiosk-1", NOW).is_due


def test_a_kiosk_that_has_our_number_with_another_content_takes_the_new_one(
    database: Database,
) -> None:
    """Its heartbeat tells a number that we would make next: it is never that."""
    build(database)
    refresh(database, NOW)
    restored(database)
    say(database, "kiosk-1", 3)
    set_at(database, "desk-1", "presentation.is_slow", value=True)
    made = refresh(database, NOW).made
    assert min(made.values()) > GAP
    assert show(database, "kiosk-1", NOW).says == "made; to be published"


def test_a_second_restore_adds_to_the_first(database: Database) -> None:
    """Also where nothing was made between them."""
    build(database)
    refresh(database, NOW)
    first = restored(database)
    assert restored(database) == first + GAP


def test_the_same_backup_restored_again_leaves_a_wider_gap(database: Database) -> None:
    """It knows nothing of the first time; the older it is, the more was made since."""
    build(database)
    refresh(database, NOW)
    hour, day = restored(database, DAY / 24), restored(database, DAY)
    assert hour == 2 + GAP + 600 + 1
    assert day - hour == GAP + 14_400


def test_a_gap_is_believed_of_kiosks(database: Database) -> None:
    """However old the backup: what a kiosk then has is below what a heartbeat is believed."""
    build(database)
    assert restored(database, 1000 * DAY) < LEAP
    assert restored(database, -DAY) < LEAP + GAP
