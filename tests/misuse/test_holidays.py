"""Out of hours: days on which nobody works are known to the rules too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from broker.fleet.place_changes import set_setting
from broker.misuse.reading import PlaceDay, read_door
from broker.store.database import Database
from broker.store.opening import UnreadableSettingError, opening_of
from tests.intake.making import NOON, SITE, register

HOURS = [{"days": [1, 2, 3, 4, 5], "opens_at": "09:00", "closes_at": "17:00"}]
LIBERATION = date(2026, 3, 3)  # a Tuesday
WORKED = [{"on": "2026-03-03", "hours": [{"opens_at": "09:00", "closes_at": "13:00"}]}]


@pytest.mark.parametrize(
    ("key", "value", "is_open"),
    [("opening.grace_min", 30, False), ("holidays", None, True), ("special", WORKED, True)],
)
def test_public_holidays_are_closed(
    database: Database, key: str, value: object, *, is_open: bool
) -> None:
    """Unless nobody's are, or a person said otherwise of that day."""
    register(database, 1)
    day = date(2026, 1, 1)
    set_setting(database, "site", SITE, "opening.weekly", HOURS, day, NOON)
    key = "opening.special_days" if key == "special" else key
    set_setting(database, "site", SITE, key, value, day, NOON)
    with database.reading() as connection:
        door = read_door(connection, PlaceDay("hall-desk-1", LIBERATION, "Europe/Sofia"))
    assert door.is_open(datetime(2026, 3, 3, 9, 0, tzinfo=UTC)) is is_open


def test_hours_that_nobody_can_read_are_an_error_of_their_own() -> None:
    """So that whoever reads them can say so, or go on without."""
    values: dict[str, Any] = {"opening.weekly": [{"days": [9]}], "opening.special_days": []}
    with pytest.raises(UnreadableSettingError, match=r"opening\.weekly"):
        opening_of(values | {"holidays": "BG", "opening.grace_min": 30}, LIBERATION)
