"""What becomes of events, one transaction at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from broker.intake.delivery import Delivery, Outcome
from broker.intake.intake import Intake
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.quarantine import list_entries
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.store.tables import AnswerDay, Event, FeedbackTable, Flag, RatingDay, table_of
from broker.wire.events import AnyEvent
from tests.intake.making import (
    NOON,
    TOUCHPOINT,
    answer,
    correction,
    delivery,
    new_id,
    rating,
    register,
)

OTHER_STREAM = "6" * 32


@pytest.fixture
def intake(database: Database) -> Intake:
    """An intake over a database with two touchpoints, and a kiosk on each."""
    register(database)
    return Intake(database)


def rows(database: Database, model: type[FeedbackTable]) -> list[Any]:
    """All rows of a table."""
    with database.reading() as connection:
        return list(connection.execute(select(table_of(model))).all())


def flags(database: Database) -> set[tuple[str, str]]:
    """Event and reason of all flags."""
    return {(row.event_id, row.reason) for row in rows(database, Flag)}


def reasons(outcomes: Sequence[Outcome]) -> list[str]:
    """Why things were refused."""
    return [refused.reason for outcome in outcomes for refused in outcome.refused]


def test_events_are_stored_as_sent(database: Database, intake: Intake) -> None:
    """Every field of a rating is in its row, and its time to the millisecond."""
    at = NOON + timedelta(milliseconds=118)
    sent = rating(41, 2, answered_at=at, language="en", uptime_ms=812_345)
    (outcome,) = intake.admit([delivery(sent)])
    assert outcome.accepted == [sent.id]
    assert outcome.quarantined == []
    (row,) = rows(database, Event)
    for name in ("id", "seq", "visit", "touchpoint", "survey", "survey_version", "question"):
        assert getattr(row, name) == getattr(sent, name)
    for name in ("scale", "value", "channel", "input", "language", "clock", "boot", "uptime_ms"):
        assert getattr(row, name) == getattr(sent, name)
    assert (row.kind, row.site, row.device) == ("rating", "troyan", "kiosk-1")
    assert (row.answered_at, row.claimed_at) == (at, None)
    assert row.received_at == NOON + timedelta(hours=1)


def test_a_duplicate_is_accepted_and_stored_once(database: Database, intake: Intake) -> None:
    """Whether it comes in the same message, the same transaction or much later."""
    sent = rating(1)
    later = msgspec.structs.replace(sent, answered_at=NOON, clock="estimated", visit=new_id())
    first, second = intake.admit([delivery(sent, sent), delivery(sent, device="kiosk-1")])
    (third,) = intake.admit([delivery(later, rating(2))])
    assert first.accepted == [sent.id, sent.id]
    assert second.accepted == [sent.id]
    assert third.accepted[0] == sent.id
    assert len(rows(database, Event)) == 2
    assert sum(row.raw for row in rows(database, RatingDay)) == 2


@pytest.mark.parametrize("is_one_batch", [True, False])
def test_the_same_id_with_other_content(
    database: Database, intake: Intake, is_one_batch: bool
) -> None:
    """The first stays, the second goes to quarantine."""
    first = rating(1, 4)
    second = rating(2, 1, id=first.id)
    batches = (
        [[delivery(first, second)]] if is_one_batch else [[delivery(first)], [delivery(second)]]
    )
    outcomes = [outcome for batch in batches for outcome in intake.admit(batch)]
    assert reasons(outcomes) == ["id-conflict"]
    (row,) = rows(database, Event)
    assert row.value == 4
    (entry,) = list_entries(database)
    assert (entry.event_id, entry.seq, entry.reason) == (first.id, 2, "id-conflict")


def test_corrections_count_raw_first_and_filtered_last(database: Database, intake: Intake) -> None:
    """Both are kept; by ``seq``, not by arrival, and across transactions."""
    pressed = rating(1, 4)
    third, second = correction(3, pressed, 1), correction(2, pressed, 3)
    intake.admit([delivery(pressed)])
    intake.admit([delivery(third)])
    intake.admit([delivery(second)])
    counts = {row.value: (row.raw, row.filtered) for row in rows(database, RatingDay)}
    assert counts.pop(4) == (1, 0)
    assert counts.pop(1) == (0, 1)
    assert all(count == (0, 0) for count in counts.values())
    stored = {row.id: row for row in rows(database, Event)}
    assert (stored[third.id].question, stored[third.id].scale) == ("overall", "faces-4")


def test_answers_are_counted_by_option(database: Database, intake: Intake) -> None:
    """The empty option counts answers, so that response rates can be told."""
    pressed = rating(1)
    skipped = answer(3, outcome="skipped", options=None, question="came-for")
    number = answer(4, options=None, number=2.5, question="minutes")
    (outcome,) = intake.admit([delivery(pressed, answer(2, pressed), skipped, number)])
    assert len(outcome.accepted) == 4
    found = {(row.question, row.outcome, row.option): row.raw for row in rows(database, AnswerDay)}
    assert found == {
        ("reason", "answered", ""): 1,
        ("reason", "answered", "waiting-time"): 1,
        ("reason", "answered", "noise"): 1,
        ("came-for", "skipped", ""): 1,
        ("minutes", "answered", ""): 1,
    }


def judged(case: str) -> tuple[Delivery, list[str]]:
    """A delivery that is refused in part, and the reasons why."""
    pressed = rating(1, 4)
    cases: dict[str, tuple[Delivery, list[str]]] = {
        "site": (delivery(pressed, site="sofia"), ["unknown-site"]),
        "device": (delivery(pressed, device="stranger"), ["unknown-device"]),
        "touchpoint": (delivery(rating(1, touchpoint="cellar")), ["unknown-touchpoint"]),
        "future": (delivery(rating(1, answered_at=NOON + timedelta(minutes=66))), ["future-time"]),
        "past": (delivery(rating(1, answered_at=NOON.replace(year=1970))), ["past-time"]),
        "no rating": (delivery(correction(1, rating(9), 1)), ["unknown-rating"]),
        "no rating for an answer": (delivery(answer(1, rating(9))), ["unknown-rating"]),
        "scale": (delivery(pressed, correction(2, pressed, 9)), ["value-not-on-scale"]),
        "elsewhere": (
            delivery(pressed, correction(2, pressed, 1, touchpoint="hall-desk-2")),
            ["other-touchpoint"],
        ),
        "no stream": (delivery(pressed, stream=None), ["invalid"]),
    }
    return cases[case]


@pytest.mark.parametrize(
    "case",
    [
        *("site", "device", "touchpoint", "future", "past", "no rating", "scale", "elsewhere"),
        *("no rating for an answer", "no stream"),
    ],
)
def test_what_is_not_acceptable_is_kept_with_its_reason(
    database: Database, intake: Intake, case: str
) -> None:
    """It goes to quarantine whole, the receipt can say so, and others go on."""
    bad, expected = judged(case)
    outcomes = intake.admit([bad])
    assert reasons(outcomes) == expected
    (entry,) = list_entries(database)
    assert entry.reason == expected[0]
    assert entry.event_id == outcomes[0].quarantined[0][0]
    assert entry.payload is not None
    assert entry.detail


def test_what_is_refused_again_is_kept_once(database: Database, intake: Intake) -> None:
    """However often it is sent; the receipt repeats the reason."""
    bad = rating(1, touchpoint="cellar")
    for _ in range(3):
        (outcome,) = intake.admit([delivery(bad)])
        assert outcome.quarantined == [(bad.id, "unknown-touchpoint")]
    (entry,) = list_entries(database)
    assert entry.times_seen == 3


def test_what_has_become_acceptable_is_accepted(database: Database, intake: Intake) -> None:
    """Sent again after the touchpoint was added, an event is stored and its entry closed."""
    bad = rating(1, touchpoint="cellar")
    intake.admit([delivery(bad)])
    add_touchpoint(database, "cellar", site="troyan")
    (outcome,) = intake.admit([delivery(bad)])
    assert outcome.accepted == [bad.id]
    assert list_entries(database) == []
    (entry,) = list_entries(database, is_waiting=False)
    assert entry.readmitted_at is not None


def test_a_touchpoint_of_another_site_is_unknown(database: Database, intake: Intake) -> None:
    """Devices of one municipality don't speak for another."""
    add_site(database, "lovech")
    add_touchpoint(database, "their-desk", site="lovech")
    add_device(database, "their-kiosk", touchpoint="their-desk")
    outcomes = intake.admit(
        [
            delivery(rating(1, touchpoint="their-desk")),
            delivery(rating(1), device="their-kiosk", stream=OTHER_STREAM),
        ]
    )
    assert reasons(outcomes) == ["unknown-touchpoint", "unknown-device"]


def test_an_unknown_clock_is_bounded_by_the_arrival(database: Database, intake: Intake) -> None:
    """Dated at its arrival, with what the device claimed kept, flagged, and in no hour."""
    sent = rating(1, clock="unknown", answered_at=NOON.replace(year=1970))
    (outcome,) = intake.admit([delivery(sent)])
    assert outcome.accepted == [sent.id]
    (row,) = rows(database, Event)
    assert row.answered_at == row.received_at
    assert row.claimed_at == sent.answered_at
    assert flags(database) == {(sent.id, "clock-unknown")}
    assert [(row.day.isoformat(), row.filtered) for row in rows(database, RatingDay)] == [
        ("2026-11-20", 1)
    ]


def test_a_foreign_stream_is_stored_and_flagged(database: Database, intake: Intake) -> None:
    """A stream belongs to the first device that used it."""
    own, foreign = rating(1), rating(2, touchpoint="hall-desk-2")
    intake.admit([delivery(own)])
    (outcome,) = intake.admit([delivery(foreign, device="kiosk-2")])
    assert outcome.accepted == [foreign.id]
    assert outcome.alarms == [(foreign.id, "foreign-stream")]
    assert flags(database) == {(foreign.id, "foreign-stream")}
    assert all(row.filtered == row.raw for row in rows(database, RatingDay))


@pytest.mark.parametrize("is_one_batch", [True, False])
def test_a_number_used_twice_raises_an_alarm(
    database: Database, intake: Intake, is_one_batch: bool
) -> None:
    """Both events of a copied card are stored, flagged and seen in the account."""
    one, two = rating(1), rating(1)
    batches = [[one, two]] if is_one_batch else [[one], [two]]
    outcomes = [intake.admit([delivery(*batch)])[0] for batch in batches]
    assert (two.id, "seq-clash") in outcomes[-1].alarms
    assert len(rows(database, Event)) == 2
    assert flags(database) == {(one.id, "seq-clash"), (two.id, "seq-clash")}
    (account,) = completeness(database)
    assert (account.made, account.stored, account.missing, account.clashes) == (1, 1, 0, 2)
    (outcome,) = intake.admit([delivery(two, rating(1))])
    assert [reason for _id, reason in outcome.alarms] == ["seq-clash"] * 2
    assert completeness(database)[0].clashes == 3


def test_gaps_are_counted_and_shown(database: Database, intake: Intake) -> None:
    """Made = stored + only in quarantine + missing."""
    kept = [rating(seq) for seq in (1, 2, 5, 9)]
    intake.admit([delivery(*kept, rating(7, touchpoint="cellar"))])
    (account,) = completeness(database, with_gaps=True)
    assert (account.made, account.stored, account.quarantined, account.missing) == (9, 4, 1, 4)
    assert account.gaps == ((3, 4), (6, 6), (8, 8))
    intake.admit([delivery(rating(3), rating(4))])
    (account,) = completeness(database, with_gaps=True)
    assert (account.stored, account.missing, account.gaps) == (6, 2, ((6, 6), (8, 8)))


def test_nothing_at_all_is_no_error(intake: Intake) -> None:
    """An empty list of deliveries is admitted."""
    assert intake.admit([]) == []
    assert intake.admit([delivery()]) == [Outcome()]


def test_many_streams_in_one_transaction(database: Database, intake: Intake) -> None:
    """Each message gets its own outcome, in the order in which they were handed in."""
    sent: list[AnyEvent] = [rating(seq) for seq in range(1, 31)]
    batches = [
        delivery(event, stream=f"{number % 3:032x}", device=f"kiosk-{number % 2 + 1}")
        for number, event in enumerate(sent)
    ]
    outcomes = intake.admit(batches)
    assert [outcome.accepted for outcome in outcomes] == [[event.id] for event in sent]
    assert {row.touchpoint for row in rows(database, Event)} == {TOUCHPOINT}
