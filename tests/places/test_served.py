"""People served: entered all or not at all, of one source, and set against ratings."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from broker.fleet.errors import FleetError
from broker.fleet.places import move, set_test_mode
from broker.fleet.served import Recorded, ServedError, ServedRow, record_served
from broker.fleet.served_reports import accept_served, read_csv
from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.flags import flag
from broker.store.registry import add_importer, list_touchpoints
from broker.store.served import ResponseRate, ServedHour, response_rate, served_between
from tests.intake.making import answer, delivery, rating
from tests.places.town import LONG_AGO, NOW, SITE, SOFIA, TODAY

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MORNING = datetime.combine(TODAY - 3 * DAY, datetime.min.time(), SOFIA) + 9 * HOUR
TOKEN = "a-good-token"


SEQ = count(1)


@pytest.fixture
def town(town: Database) -> Database:
    """The same, with each desk in its hall for long."""
    for number in (1, 2):
        desk, hall = f"desk-{number}", f"hall-{number}"
        move(town, "touchpoint", desk, hall, now=NOW, from_on=LONG_AGO)
    return town


def row(place: str, hour: datetime, people: int, source: str = "queue") -> ServedRow:
    """One report."""
    return ServedRow("line 2", place, hour, people, source)


def counted(database: Database, kind: str, code: str) -> list[ServedHour]:
    """The served hours of the day of ``MORNING``."""
    with database.reading() as connection:
        return served_between(connection, kind, code, MORNING - 9 * HOUR, MORNING + 15 * HOUR)


def rate(database: Database, kind: str, code: str) -> ResponseRate:
    """The response rate of that day."""
    with database.reading() as connection:
        return response_rate(connection, kind, code, MORNING - 9 * HOUR, MORNING + 15 * HOUR)


def test_what_is_recorded_is_read_and_replaced(town: Database) -> None:
    """A source that says it again says the same, or corrects itself."""
    rows = [row("hall-1", MORNING, 12), row("hall-1", MORNING + HOUR, 8)]
    assert record_served(town, rows, NOW) == Recorded(new=2)
    assert record_served(town, [rows[0], row("hall-1", MORNING + HOUR, 9)], NOW) == Recorded(
        changed=1, same=1
    )
    assert [(each.hour_at, each.people) for each in counted(town, "location", "hall-1")] == [
        (MORNING, 12),
        (MORNING + HOUR, 9),
    ]


def test_of_several_sources_one_is_believed(town: Database) -> None:
    """The queue system before the register, that before a person, and never the sum."""
    for source in ("guess", "hand", "register", "queue"):
        record_served(town, [row("hall-1", MORNING, len(source), source)], NOW)
        (found,) = counted(town, "location", "hall-1")
        assert (found.source, found.people) == (source, len(source))
    record_served(town, [row("hall-1", MORNING, 99, "hand")], NOW)
    assert counted(town, "location", "hall-1")[0].source == "queue"


def test_places_below_stand_for_one_that_did_not_count(town: Database) -> None:
    """As far as they did; what the place itself counted wins."""
    record_served(town, [row("hall-1", MORNING, 5), row("desk-2", MORNING, 3)], NOW)
    assert [each.people for each in counted(town, "site", SITE)] == [5, 3]
    assert [each.people for each in counted(town, "location", "hall-2")] == [3]
    record_served(town, [row("centre", MORNING, 10, "hand")], NOW)
    assert [each.people for each in counted(town, "site", SITE)] == [10]
    with town.reading() as connection, pytest.raises(RegistryError, match="no location hall-9"):
        served_between(connection, "location", "hall-9", MORNING, MORNING + HOUR)


def votes(town: Database, desk: str, visitors: int, hour: int = 0, **said: object) -> list[str]:
    """Visitors rate, the last with one more answer; the ids of the ratings."""
    times = [MORNING + hour * HOUR + number * timedelta(minutes=7) for number in range(visitors)]
    rated = [rating(next(SEQ), 4, touchpoint=desk, answered_at=at, **said) for at in times]
    more = answer(next(SEQ), rated[-1], touchpoint=desk, answered_at=times[-1])
    add_importer(town, "replay", site=SITE)
    Intake(town).admit([delivery(*rated, more, device="replay", received_at=NOW)])
    return [each.id for each in rated]


def test_the_response_rate_is_of_the_same_hours(town: Database) -> None:
    """Ratings of hours that nobody counted are not in it, nor those of places that did not."""
    votes(town, "desk-1", 4)
    votes(town, "desk-1", 5, hour=3)
    votes(town, "desk-2", 3)
    record_served(town, [row("hall-1", MORNING, 16)], NOW)
    assert rate(town, "location", "hall-1") == ResponseRate(hours=1, people=16, raw=4, filtered=4)
    assert rate(town, "location", "hall-1").share == 0.25
    assert rate(town, "site", SITE) == rate(town, "location", "hall-1")
    assert rate(town, "location", "hall-2") == ResponseRate(0, 0, 0, 0)
    assert rate(town, "location", "hall-2").share is None


def test_misuse_and_doubtful_hours_are_told_apart(town: Database) -> None:
    """Flagged visits are in the raw number only; of an unknown hour nothing is said."""
    ids = votes(town, "desk-1", 4)
    votes(town, "desk-1", 2, precision="day")
    flag(town, ids[:1], reason="burst", rule_version=1, at=NOW)
    record_served(town, [row("desk-1", MORNING, 10)], NOW)
    assert rate(town, "touchpoint", "desk-1") == ResponseRate(1, 10, raw=4, filtered=3)


def test_test_mode_counts_for_itself_only(town: Database) -> None:
    """As in every figure."""
    set_test_mode(town, "desk-1", is_test=True)
    votes(town, "desk-1", 4)
    record_served(town, [row("hall-1", MORNING, 10), row("desk-1", MORNING, 4)], NOW)
    assert rate(town, "location", "hall-1").raw == 0
    assert rate(town, "touchpoint", "desk-1").raw == 4


@pytest.mark.parametrize("is_test", [False, True])
def test_votes_keep_the_mode_in_which_they_were_given(town: Database, *, is_test: bool) -> None:
    """Real ones would be laid open one by one, or trials would count."""
    set_test_mode(town, "desk-1", is_test=is_test)
    votes(town, "desk-1", 1)
    with pytest.raises(FleetError, match="register another touchpoint for trials"):
        set_test_mode(town, "desk-1", is_test=not is_test)
    assert set_test_mode(town, "desk-1", is_test=is_test) is False
    assert list_touchpoints(town)[0].is_test is is_test


def test_a_move_takes_its_ratings_along_from_its_day_on(town: Database) -> None:
    """The desk's votes belong to the hall in which it stood that day."""
    move(town, "touchpoint", "desk-1", "hall-2", now=NOW, from_on=MORNING.date() - 9 * DAY)
    move(town, "touchpoint", "desk-1", "hall-1", now=NOW, from_on=MORNING.date() + DAY)
    votes(town, "desk-1", 4)
    for hall in ("hall-1", "hall-2"):
        record_served(town, [row(hall, MORNING, 10)], NOW)
    assert (rate(town, "location", "hall-1").raw, rate(town, "location", "hall-2").raw) == (0, 4)


def test_a_local_hour_is_of_the_sites_clock(town: Database) -> None:
    """Without an offset; in winter nine o'clock is seven in UTC."""
    naive = datetime(2026, 1, 15, 9)  # noqa: DTZ001  local to the site
    record_served(town, [row("hall-1", naive, 7)], NOW)
    with town.reading() as connection:
        at = datetime(2026, 1, 15, 7, tzinfo=UTC)
        (found,) = served_between(connection, "location", "hall-1", at, at + HOUR)
    assert found.hour_at == at


def test_hours_that_can_not_be_are_told(town: Database) -> None:
    """The day on which clocks change, half hours, and the future."""
    for hour, why in (
        ("2026-03-29T03:00", "there was no 03:00 on 2026-03-29"),
        ("2025-10-26T03:00", r"came twice on 2025-10-26: .*10-26T03:00\+03:00 or .*\+02:00"),
        ("2026-03-27T09:30", "09:30 is no full hour: write 09:00"),
        ("2098-01-01T09:00", "has not begun yet"),
    ):
        with pytest.raises(ServedError, match=why):
            record_served(town, [row("hall-1", datetime.fromisoformat(hour), 7)], NOW)


def test_the_hour_that_comes_twice_is_two(town: Database) -> None:
    """With their offsets both are recorded."""
    twice = [datetime.fromisoformat(f"2025-10-26T03:00+0{offset}:00") for offset in (3, 2)]
    rows = [row("hall-1", hour, 5) for hour in twice]
    assert record_served(town, rows, NOW) == Recorded(new=2)


def test_one_bad_row_records_nothing(town: Database) -> None:
    """All bad ones are named with their lines; a rehearsal writes nothing either."""
    text = (
        "place;hour;people;source;remark\n"
        "hall-1;2026-01-15 09:00;7;hand;много хора\n"
        "\n"
        "hall-9;2026-01-15 09:00;7;hand;\n"
        "hall-1;15.01.2026 09:00;8;hand;\n"
        "hall-1;2026-01-15 10:00;20000;Иван;\n"
    )
    with pytest.raises(ServedError) as error:
        record_served(town, read_csv(text), NOW)
    assert [fault.partition(":")[0] for fault in error.value.faults] == [
        "line 4",
        "line 5",
        "line 6",
    ]
    assert "there is no place 'hall-9'" in error.value.faults[0]
    assert "the same hour as line 2" in error.value.faults[1]
    good = read_csv(text.partition("\n\n")[0])
    assert record_served(town, good, NOW, is_dry_run=True) == Recorded(new=1)
    assert record_served(town, good, NOW) == Recorded(new=1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column place, hour, people, source"),
        ("place,hour,count,source\n", "no column people"),
        ("place,hour,people,source\nhall-1,tomorrow,7,hand\n", "line 2: hour is 'tomorrow'"),
        ("place,hour,people,source\nhall-1,2026-01-15,7,hand\n", "line 2: hour is '2026-01-15'"),
        ("place,hour,people,source\nhall-1,2026-01-15 09:00,seven,hand\n", "line 2: people"),
        ("place,hour,people,source\nhall-1,2026-01-15 09:00,,\n", "people, source is empty"),
        ('place,hour,people,source\n"hall-1' + "x" * 140_000, "no line of a CSV file"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(text: str, why: str) -> None:
    """Columns and lines are named."""
    with pytest.raises(FleetError, match=why):
        read_csv(text)


def test_a_file_of_a_spreadsheet_is_read() -> None:
    """With its mark of UTF-8, tabs, other columns, and columns in any order."""
    (read,) = read_csv("\ufeffSource\tPeople\tHour\tPlace\r\nhand\t7\t2026-01-15 09:00\thall-1\r\n")
    assert (read.place, read.people, read.source, read.where) == ("hall-1", 7, "hand", "line 2")


def body(**said: object) -> bytes:
    """A report of one row."""
    rows = [{"place": "hall-1", "hour": "2026-01-15T09:00+02:00", "people": 7, **said}]
    return json.dumps({"rows": rows}).encode()


def test_a_queue_system_reports_with_its_token(town: Database) -> None:
    """What it says again is known; without the token nothing is done."""
    good = f"Bearer {TOKEN}"
    for expected in ({"new": 1, "changed": 0, "same": 0}, {"new": 0, "changed": 0, "same": 1}):
        assert accept_served(town, body(), good, TOKEN, NOW) == (200, expected)
    for given, token, status in (
        (None, TOKEN, 401),
        ("Bearer другo", TOKEN, 401),
        (TOKEN, TOKEN, 401),
        (good, "", 403),
        ("Bearer ", "", 403),
    ):
        assert accept_served(town, body(people=8), given, token, NOW)[0] == status
    assert accept_served(town, body(), good, TOKEN, NOW)[1]["same"] == 1


def test_a_bad_report_is_answered_with_why(town: Database) -> None:
    """By the status and by words; nothing is recorded."""
    for sent, status, why in (
        (b"", 400, "truncated"),
        (b"\xff", 400, "malformed"),
        (b'{"rows": []}', 400, "length"),
        (body(place="hall-9"), 400, "rows[0]: there is no place 'hall-9'"),
        (body(hour="nine"), 400, "rows[0]: hour is 'nine'"),
        (body(people=-1), 400, "-1 people in an hour"),
        (body(staff="Иван Иванов"), 400, "unknown field `staff`"),
    ):
        answered, said = accept_served(town, sent, f"Bearer {TOKEN}", TOKEN, NOW)
        assert answered == status
        assert why in json.dumps(said, ensure_ascii=False)
    with town.reading() as connection:
        assert served_between(connection, "site", SITE, NOW - 999 * DAY, NOW) == []
