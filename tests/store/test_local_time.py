"""Which day, hour and block an instant belongs to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from broker.store.columns import from_ms, to_ms
from broker.store.local_time import QUARTER_MS, Calendar, Slot

ZONES = st.sampled_from(["Europe/Sofia", "Asia/Kathmandu", "America/St_Johns", "UTC"])
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


@given(at=TIMES, zone=ZONES)
def test_a_slot_is_the_local_day_and_hour(at: datetime, zone: str) -> None:
    """Whatever the zone, its offsets and its summer times."""
    local = at.astimezone(ZoneInfo(zone))
    slot = Calendar(zone)[to_ms(at) // QUARTER_MS]
    assert slot.day == local.date().isoformat()
    assert slot.hour_of_week == local.weekday() * 24 + local.hour


@given(at=TIMES)
def test_blocks_are_28_days_without_gaps(at: datetime) -> None:
    """A block begins at most 27 days before the day, at a whole number of blocks since 1970."""
    slot = Calendar("Europe/Sofia")[to_ms(at) // QUARTER_MS]
    block = date.fromisoformat(slot.block)
    assert timedelta(0) <= date.fromisoformat(slot.day) - block < timedelta(days=28)
    assert (block - date(1970, 1, 1)).days % 28 == 0


def test_days_change_at_local_midnight() -> None:
    """A press at 22:30 UTC is of the next day in Sofia."""
    calendar = Calendar("Europe/Sofia")
    at = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert calendar[to_ms(at) // QUARTER_MS] == Slot("2026-11-21", 5 * 24, "2026-11-19")


@given(at=st.datetimes(timezones=st.just(UTC)))
def test_milliseconds_survive(at: datetime) -> None:
    """To the database and back, nothing but microseconds is lost."""
    assert abs(
        from_ms(to_ms(at.replace(microsecond=118_000))) - at.replace(microsecond=118_000)
    ) == (timedelta(0))
