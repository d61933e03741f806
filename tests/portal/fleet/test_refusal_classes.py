"""More that verbs refuse, in the reader's words: by its class, about votes, about people served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from broker.fleet.attempts import Result
from broker.fleet.device_places import move_device
from broker.fleet.errors import FleetError
from broker.fleet.place_changes import set_setting
from broker.fleet.places import add_location, rename
from broker.fleet.rollback import roll_back
from broker.fleet.seen import Seen
from broker.fleet.served import ServedError, ServedRow, record_served
from broker.fleet.served_reports import read_csv
from broker.misuse.rulings import Ruling, put_ruling, take_back
from broker.store.errors import ContentionError, StoreError
from broker.store.registry import list_touchpoints
from portal.fleet.refusals import told, told_order, told_row
from portal.fleet.views_orders import RESULTS
from portal.web.language import Language
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, submit
from tests.portal.fleet.test_refusals import vote

BULGARIAN = Language("bg", ZoneInfo("Europe/Sofia"))


def ruling(town: Portal, hours: float, until: float) -> Ruling:
    """About desk 1, so many hours from now."""
    now = town.clock()
    first, last = (now + timedelta(hours=each) for each in (hours, until))
    return Ruling("desk-1", "", first, last, "children")


VERBS: list[tuple[str, Callable[[Portal], object], str]] = [
    (
        "changed",
        lambda town: move_device(
            town.feedback, "kiosk-1", None, now=town.clock(), seen=Seen("desk-9")
        ),
        "някой друг промени това. Вашата промяна не е запазена",
    ),
    (
        "setting",
        lambda town: set_setting(
            town.feedback, "site", SITE, "opening.grace_min", "many", None, town.clock()
        ),
        "Това не може да се приеме така",
    ),
    (
        "never-had",
        lambda town: roll_back(town.feedback, "kiosk-1", town.clock(), 99),
        "никога не е имало тази конфигурация",
    ),
    (
        "name",
        lambda town: rename(town.feedback, "location", "hall-1", "а" * 500),
        "Напишете име от най-много",
    ),
    (
        "code",
        lambda town: add_location(town.feedback, "Зала", site=SITE, now=town.clock(), name="З"),
        "от 1 до 63 малки латински букви",
    ),
    (
        "to-come",
        lambda town: put_ruling(town.feedback, ruling(town, 1, 2), town.clock()),
        "тези часове тепърва предстоят",
    ),
    (
        "too-long",
        lambda town: put_ruling(town.feedback, ruling(town, -2_000, -1), town.clock()),
        "най-много за 31 дни",
    ),
    (
        "taken-back",
        lambda town: take_back(town.feedback, "desk-1", "", town.clock()),
        "Това решение вече е отменено",
    ),
    ("columns", lambda _: read_csv("place;hour\n"), "липсват следните колони: people, source"),
]


@pytest.mark.parametrize(("verb", "said"), [pytest.param(*each[1:], id=each[0]) for each in VERBS])
def test_a_refusal_is_in_the_readers_language(
    town: Portal, verb: Callable[[Portal], object], said: str
) -> None:
    """In Bulgarian, with what it is about put in."""
    with pytest.raises((FleetError, StoreError)) as refused:
        verb(town)
    found = told(refused.value, BULGARIAN)
    assert found.is_ours, refused.value
    assert said in found.text


def test_test_mode_of_a_touchpoint_with_votes_is_refused(
    town: Portal, administrator: TestClient
) -> None:
    """In words, on a page that leads back; it stays as it was."""
    vote(town)
    page = "/staff/places/touchpoint/desk-2"
    sent = submit(administrator, page, {"is_test": "yes"}, "/staff/touchpoints/desk-2/test")
    assert sent.status_code == 422
    assert "Добавете друга точка за обратна връзка за проби" in sent.text
    assert f'href="{page}"' in sent.text
    assert [each.is_test for each in list_touchpoints(town.feedback) if each.code == "desk-2"] == [
        False
    ]


def test_a_database_that_does_not_answer_is_told_of() -> None:
    """By the class of the error, whatever the driver says."""
    found = told(ContentionError("(sqlite3.OperationalError) database is locked"), BULGARIAN)
    assert found.is_ours
    assert "Нищо не е записано" in found.text


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("pong", "Отговаря."),
        ("it blinks and beeps for 5 s, as soon as nobody is at it", "в продължение на 5 секунди"),
        ("not done: it waited for more than 30 s", "повече от 30 секунди"),
        ("unknown command; this kiosk knows ping", "още не познава това"),
    ],
)
def test_what_a_device_answers_is_told(detail: str, said: str) -> None:
    """As its program says it."""
    found = told_order(detail, BULGARIAN)
    assert found.is_ours
    assert said in found.text


def test_every_outcome_of_a_try_has_words() -> None:
    """Of setting up and of renewing certificates; none is shown by its code."""
    assert set(RESULTS) == set(get_args(Result))
    assert not [each for each in RESULTS.values() if BULGARIAN.text(each) == each]


HEAD = "place,hour,people,source\n"
ROWS: list[tuple[str, str]] = [
    ("hall-1,2026-03-02 09:00,,hand", "Ред 2: няма нищо в people"),
    ("hall-1,2026-03-02 09:00,many,hand", "Ред 2: „many“ не е брой хора"),
    ("hall-1,tomorrow,3,hand", "Ред 2: „tomorrow“ не е ден с час"),
    ("nowhere,2026-03-02 09:00,3,hand", "Ред 2: няма място с код nowhere"),
    ("hall-1,2026-03-02 09:30,3,hand", "Ред 2: 09:30 не е кръгъл час: напишете 09:00"),
    ("hall-1,2026-03-29 03:00,3,hand", "Ред 2: на 2026-03-29 нямаше 03:00"),
    ("hall-1,2026-10-25 03:00,3,hand", "Ред 2: на 2026-10-25 имаше 03:00 два пъти"),
    ("hall-1,2020-03-02 09:00,3,hand", "Ред 2: мястото съществува едва от 2025-01-01"),
    ("hall-1,2099-03-02 09:00,3,hand", "Ред 2: часът 2099-03-02 09:00 още не е започнал"),
    ("hall-1,2026-03-02 09:00,20000,hand", "Ред 2: не може да има 20000 души"),
    ("hall-1,2026-03-02 09:00,2,На ръка", "Ред 2: използвайте от 1 до 63 малки"),
    ("hall-1,2026-03-02 09:00,2,a\nhall-1,2026-03-02 09:00,3,a", "Ред 3: отнася се за същия час"),
]


@pytest.mark.parametrize(("row", "said"), ROWS, ids=[each[1][7:20] for each in ROWS])
def test_a_row_of_people_served_is_told_of(town: Portal, row: str, said: str) -> None:
    """With its line, and what to write instead."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with pytest.raises(ServedError) as refused:
        record_served(town.feedback, read_csv(HEAD + row), now)
    (fault,) = refused.value.faults
    assert told_row(fault, BULGARIAN).startswith(said), fault


def test_a_row_that_nobody_foresaw_keeps_its_words() -> None:
    """Only where it stands is translated."""
    assert told_row("line 7: the moon is down", BULGARIAN) == "Ред 7: the moon is down"
    row = ServedRow("hour-9", "hall-1", datetime(2026, 1, 1, 9, tzinfo=UTC), 3, "hand", None)
    assert told_row(f"{row.where}: 3 is strange", BULGARIAN) == "hour-9: 3 is strange"
