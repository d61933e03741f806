"""Old local times: formats, days, and the two hours a year that need a rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otziv.replay.times import TimeError, TimeReader

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")
LONDON = ZoneInfo("Europe/London")


def utc(text: str) -> datetime:
    """An instant in UTC, from ISO 8601."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-01-31 09:15", "2024-01-31 07:15"),
        ("2024-01-31T09:15:02.118", "2024-01-31 07:15:02.118"),
        ("2024-07-31 09:15:00", "2024-07-31 06:15"),
        ("2024-01-31T09:15:00Z", "2024-01-31 09:15"),
        ("2024-01-31 09:15:00+01:00", "2024-01-31 08:15"),
    ],
)
def test_iso(text: str, at: str) -> None:
    """ISO 8601 is read without a format; an offset in it beats the zone."""
    found = TimeReader(SOFIA, NOW).read(text)
    assert (found.at, found.precision) == (utc(at), "instant")


@pytest.mark.parametrize(
    ("zone", "text", "at", "is_ambiguous", "is_missing"),
    [
        (LONDON, "2023-10-29 00:59:59", "2023-10-28 23:59:59", False, False),
        (LONDON, "2023-10-29 01:00:00", "2023-10-29 00:00:00", True, False),
        (LONDON, "2023-10-29 01:59:59", "2023-10-29 00:59:59", True, False),
        (LONDON, "2023-10-29 02:00:00", "2023-10-29 02:00:00", False, False),
        (LONDON, "2024-03-31 00:59:59", "2024-03-31 00:59:59", False, False),
        (LONDON, "2024-03-31 01:00:00", "2024-03-31 01:00:00", False, True),
        (LONDON, "2024-03-31 01:30:00", "2024-03-31 01:30:00", False, True),
        (LONDON, "2024-03-31 02:00:00", "2024-03-31 01:00:00", False, False),
        (SOFIA, "2025-10-26 02:59:59", "2025-10-25 23:59:59", False, False),
        (SOFIA, "2025-10-26 03:30:00", "2025-10-26 00:30:00", True, False),
        (SOFIA, "2025-10-26 04:00:00", "2025-10-26 02:00:00", False, False),
        (SOFIA, "2025-03-30 02:59:59", "2025-03-30 00:59:59", False, False),
        (SOFIA, "2025-03-30 03:30:00", "2025-03-30 01:30:00", False, True),
        (SOFIA, "2025-03-30 04:00:00", "2025-03-30 01:00:00", False, False),
    ],
)
def test_changes_of_the_clock(
    zone: ZoneInfo, text: str, at: str, is_ambiguous: bool, is_missing: bool
) -> None:
    """Of an hour that comes twice the first is taken; one left out is shifted by the gap."""
    found = TimeReader(zone, NOW).read(text)
    assert found.at == utc(at)
    assert (found.is_ambiguous, found.is_missing) == (is_ambiguous, is_missing)


def test_missing_time_reads_later_on_the_wall() -> None:
    """A time that was left out shows on the clock an hour later."""
    found = TimeReader(SOFIA, NOW).read("2025-03-30 03:30")
    assert f"{found.at.astimezone(SOFIA):%H:%M}" == "04:30"


def test_offset_is_never_ambiguous() -> None:
    """A time with its own offset needs no rule."""
    found = TimeReader(LONDON, NOW).read("2023-10-29 01:30:00+00:00")
    assert (found.at, found.is_ambiguous) == (utc("2023-10-29 01:30"), False)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 20)), st.sampled_from([SOFIA, LONDON]))  # noqa: DTZ001  local times, as in a file
def test_every_local_time_has_an_instant(local: datetime, zone: ZoneInfo) -> None:
    """An instant shows the local time it came from, unless that was left out."""
    found = TimeReader(zone, NOW).read(local.isoformat())
    shown = found.at.astimezone(zone).replace(tzinfo=None)
    assert shown == local or (found.is_missing and shown > local)
    assert not (found.is_ambiguous and found.is_missing)


def test_formats_in_order() -> None:
    """The first format that fits is taken."""
    reader = TimeReader(SOFIA, NOW, ("%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M:%S %p"))
    assert reader.read("31.1.2024 9:15").at == utc("2024-01-31 07:15")
    assert reader.read("01/31/2024 09:15:00 PM").at == utc("2024-01-31 19:15")
    with pytest.raises(TimeError, match=r"is not like '%d\.%m\.%Y %H:%M' or"):
        reader.read("2024-01-31 09:15")


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (TimeReader(SOFIA, NOW), "2024-01-31"),
        (TimeReader(SOFIA, NOW, ("%d.%m.%Y",)), "31.01.2024"),
        (TimeReader(SOFIA, NOW, ("%d.%m.%Y %H:%M",), is_day_only=True), "31.01.2024 00:00"),
        (TimeReader(SOFIA, NOW, is_day_only=True), "2024-01-31 23:59:59"),
        (TimeReader(SOFIA, NOW, ("%Y-%m-%d",), "2024-01-"), "31"),
    ],
)
def test_days(reader: TimeReader, text: str) -> None:
    """Where only the day is known, it is noon there, and said to be a day."""
    found = reader.read(text)
    assert (found.at, found.precision) == (utc("2024-01-31 10:00"), "day")


def test_today_has_come() -> None:
    """A day that has begun is past, and its instant is not in the future."""
    found = TimeReader(SOFIA, NOW).read("2026-11-22")
    assert (found.at, found.precision) == (NOW, "day")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-22 10:00:01", "in the future"),
        ("2026-11-23", "in the future"),
        ("2999-01-01 00:00", "in the future"),
        ("9999-12-31 23:59:59-12:00", "out of range"),
        ("1989-12-31 23:00", "before 1990"),
        ("0001-01-01 00:00", "out of range"),
        ("", "is not ISO 8601"),
        ("31.01.2024 09:15", "give time_format in the map"),
        ("2024-02-30 09:15", "is not ISO 8601"),
    ],
)
def test_unusable_times(text: str, told: str) -> None:
    """A time that can't be is refused with the reason."""
    with pytest.raises(TimeError, match=told):
        TimeReader(SOFIA, NOW).read(text)


def test_milliseconds() -> None:
    """An instant is handed on in milliseconds since 1970."""
    found = TimeReader(SOFIA, NOW).read("2024-01-31T09:15:02.118999+00:00")
    since = timedelta(milliseconds=found.wall_ms)
    assert datetime(1970, 1, 1, tzinfo=UTC) + since == utc("2024-01-31 09:15:02.118")
