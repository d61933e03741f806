"""Messages as once sent: every later version of this program must read them alike."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct

from broker.wire import codec
from broker.wire.configuration import Configuration, Hours, Presentation
from broker.wire.events import Answer, Correction, Rating
from broker.wire.messages import Command, Heartbeat, Message, Receipt, Reply
from broker.wire.schema import json_schema
from broker.wire.surveys import Condition
from tests.wire.samples import DATA, STREAM, event_id

MESSAGES: dict[str, type[Message]] = {
    "receipt": Receipt,
    "heartbeat": Heartbeat,
    "heartbeat-first": Heartbeat,
    "configuration": Configuration,
    "configuration-full": Configuration,
    "command": Command,
    "reply": Reply,
}


def golden(name: str) -> bytes:
    """The bytes of one message."""
    return (DATA / name).read_bytes()


def test_golden_messages_are_never_edited() -> None:
    """Each file is as it was when it was written down; a new meaning gets a new file."""
    lines = (DATA / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    listed = {name: digest for digest, name in map(str.split, lines)}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in DATA.iterdir()
        if path.name != "SHA256SUMS"
    }
    assert found == listed


def test_batch_is_read_whole() -> None:
    """The batch with every kind of event is read without a rejection, in its order."""
    reading = codec.read_batch(golden("batch.json"))
    assert reading.rejected == []
    assert reading.stream == STREAM
    assert [event.seq for event in reading.events] == list(range(41, 51))
    assert [type(event) for event in reading.events] == [
        *(Rating, Correction, Answer, Answer, Answer),
        *(Answer, Answer, Rating, Rating, Rating),
    ]


def test_rating_keeps_all_that_was_said() -> None:
    """Every field of a rating comes out as it went in, its time in UTC."""
    rating = codec.read_batch(golden("batch.json")).events[0]
    assert rating == Rating(
        id=event_id(41),
        seq=41,
        visit="c41f09d2a77e4b10",
        touchpoint="hall-desk-3",
        survey="reception",
        survey_version=2,
        channel="device",
        input="button",
        language="bg",
        answered_at=datetime(2026, 11, 21, 9, 15, 2, 118_000, UTC),
        clock="synced",
        boot="b7e2c90d-51aa-4f6e-9d3b-0a1b2c3d4e5f",
        uptime_ms=812_345,
        question="overall",
        scale="faces-4",
        value=4,
    )
    assert rating.precision == "instant"


def test_answers_keep_what_was_chosen() -> None:
    """Options, number, date and silence are told apart."""
    events = codec.read_batch(golden("batch.json")).events
    answers = {e.question: e for e in events if isinstance(e, Answer)}
    assert answers["reason"].options == ("waiting-time", "opening-hours")
    assert answers["reason"].rating == event_id(41)
    assert answers["came-for"].outcome == "skipped"
    assert answers["visit-again"].outcome == "timeout"
    assert answers["minutes-waited"].number == 12.5
    assert answers["came-on"].date == date(2026, 11, 20)


def test_correction_and_special_ratings_keep_what_was_said() -> None:
    """A correction names its rating; day precision, an unknown clock and other scales survive."""
    events = codec.read_batch(golden("batch.json")).events
    assert isinstance(events[1], Correction)
    assert (events[1].rating, events[1].value) == (event_id(41), 3)
    paper, early, web = events[7:]
    assert isinstance(paper, Rating)
    assert (paper.precision, paper.channel, paper.scale) == ("day", "paper", "nps-11")
    assert paper.value == 0
    assert (early.clock, early.answered_at.year) == ("unknown", 1970)
    assert (web.channel, web.language, web.clock) == ("qr", "tr", "estimated")


def test_fields_of_a_later_version_are_ignored() -> None:
    """Unknown fields in batch and event change nothing."""
    reading = codec.read_batch(golden("batch-later-version-fields.json"))
    assert reading.rejected == []
    assert [(e.id, e.seq) for e in reading.events] == [(event_id(0xA1), 901)]


def test_batch_of_another_version_is_rejected_event_by_event() -> None:
    """A batch of version 2 is kept whole, and each event's id and number can be read."""
    reading = codec.read_batch(golden("batch-version-2.json"))
    assert reading.stream == STREAM
    assert reading.events == []
    assert [(r.reason, r.id, r.seq) for r in reading.rejected] == [
        ("unknown-version", event_id(0xB1), 951),
        ("unknown-version", event_id(0xB2), 952),
    ]


def test_receipt_is_read() -> None:
    """A receipt tells what was accepted and what was quarantined, with the reason."""
    receipt = codec.read(golden("receipt.json"), Receipt)
    assert receipt.stream == STREAM
    assert receipt.accepted == [event_id(41), event_id(42)]
    assert [(q.id, q.reason) for q in receipt.quarantined] == [(event_id(46), "unknown-touchpoint")]


def test_heartbeats_are_read() -> None:
    """A full heartbeat, and the first one of a device's life."""
    full = codec.read(golden("heartbeat.json"), Heartbeat)
    assert (full.last_seq, full.waiting, full.configuration) == (50, 3, 7)
    assert full.faults == ("face-1:stuck", "lamp-2:dead")
    assert full.disk_free_bytes == 2_147_483_648
    assert full.clock == "estimated"
    first = codec.read(golden("heartbeat-first.json"), Heartbeat)
    assert (first.last_seq, first.configuration, first.faults) == (0, 0, ())
    assert first.disk_free_bytes is None


def test_configuration_is_read() -> None:
    """A configuration carries its survey, follow-ups and texts."""
    configuration = codec.read(golden("configuration.json"), Configuration)
    assert (configuration.revision, configuration.touchpoint) == (7, "hall-desk-3")
    assert configuration.languages == ("bg", "en", "tr")
    overall, came_for = configuration.survey.questions
    assert overall.scale == "faces-4"
    assert overall.follow_ups[0].when == (1, 2)
    assert [o.code for o in overall.follow_ups[0].options] == ["waiting-time", "clarity"]
    assert came_for.options[1].texts["bg"] == "Гражданско състояние"


def test_full_configuration_is_read() -> None:
    """Hours, plans, conditions and presentation come out as they went in."""
    configuration = codec.read(golden("configuration-full.json"), Configuration)
    overall, came_for, settled, recommend = configuration.survey.questions
    assert [follow_up.when for follow_up in overall.follow_ups] == [(1, 2, 3), (5,)]
    assert [o.pictogram for o in overall.follow_ups[0].options] == [None, "chair"]
    assert settled.only_if == (
        Condition(question=overall.code, values=(1, 2)),
        Condition(question=came_for.code, options=("taxes",)),
    )
    assert recommend.scale == "nps-11"
    (planned,) = configuration.planned
    assert (planned.days, planned.survey.code) == ((6, 7), "fair")
    assert (planned.first_on, planned.last_on) == (date(2026, 12, 1), date(2026, 12, 31))
    opening = configuration.opening
    assert opening is not None
    assert [(h.opens_at, h.closes_at) for h in opening.weekly] == [
        ("08:30", "12:00"),
        ("13:00", "24:00"),
    ]
    eve, saturday = opening.special_days
    assert (eve.on, eve.hours, eve.texts["en"]) == (date(2026, 12, 24), (), "Christmas Eve")
    assert saturday.hours == (Hours(opens_at="09:00", closes_at="12:00"),)
    assert (opening.grace_min, configuration.timezone) == (45, "Europe/Athens")


def test_full_presentation_is_read() -> None:
    """What is shown besides questions, too."""
    presentation = codec.read(golden("configuration-full.json"), Configuration).presentation
    assert presentation.name["bg"] == "Община Троян"
    assert [deed.did["en"] for deed in presentation.deeds] == ["We put up ten chairs."]
    result = presentation.result
    assert result is not None
    assert (result.month, result.satisfied_percent) == (date(2026, 10, 1), 87.5)
    assert (result.ratings, result.unit["en"]) == (1240, "Service centre")
    assert presentation.write_url == "https://otziv.example/w/hall"
    assert presentation.is_high_contrast
    assert presentation.is_slow
    assert presentation.reads_aloud


class EarlierConfiguration(Message, frozen=True, kw_only=True):
    """What a kiosk of the first release reads of a configuration."""

    revision: int
    touchpoint: str
    survey: EarlierSurvey
    languages: tuple[str, ...] = ("bg", "en")


class EarlierSurvey(Struct, frozen=True):
    """Its survey, whose questions knew no conditions."""

    code: str
    version: int
    questions: tuple[EarlierQuestion, ...]


class EarlierQuestion(Struct, frozen=True):
    """Its question."""

    code: str
    texts: dict[str, str]
    scale: str | None = None
    options: tuple[dict[str, object], ...] = ()
    follow_ups: tuple[dict[str, object], ...] = ()


def test_an_earlier_kiosk_reads_a_later_configuration() -> None:
    """It asks the standing survey, and leaves alone what it does not know."""
    read = codec.read(golden("configuration-full.json"), EarlierConfiguration)
    assert [question.code for question in read.survey.questions] == [
        *("overall", "came-for", "settled", "recommend")
    ]


def test_a_later_kiosk_reads_an_earlier_configuration() -> None:
    """It is always open, asks every day the same, and shows nothing besides."""
    read = codec.read(golden("configuration.json"), Configuration)
    assert (read.opening, read.planned, read.presentation) == (None, (), Presentation())
    assert all(question.only_if == () for question in read.survey.questions)


def test_command_and_reply_are_read() -> None:
    """A command and its reply name each other."""
    command = codec.read(golden("command.json"), Command)
    assert (command.name, command.args, command.expires_in_s) == (
        "show-lights",
        {"seconds": "5"},
        30,
    )
    reply = codec.read(golden("reply.json"), Reply)
    assert (reply.command, reply.ok) == (command.id, False)
    assert reply.detail == "lamp-2 does not answer"


@pytest.mark.parametrize("word", ["online", "offline"])
def test_availability_is_read(word: str) -> None:
    """Availability is bare text."""
    assert codec.read_availability(golden(f"availability-{word}.txt")) == word


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_written_as_they_were(name: str) -> None:
    """What was read is written with the same meaning."""
    payload = golden(f"{name}.json")
    written = codec.write(codec.read(payload, MESSAGES[name]))
    assert json.loads(written) == json.loads(payload)


def test_batch_is_written_as_it_was() -> None:
    """What was read of a batch is written with the same meaning, no field added."""
    payload = golden("batch.json")
    reading = codec.read_batch(payload)
    assert reading.stream is not None
    written = json.loads(codec.write_batch(reading.stream, reading.events))
    once = json.loads(payload)
    for event in (*written["events"], *once["events"]):
        event["answered_at"] = datetime.fromisoformat(event["answered_at"])
    assert written == once


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("batch", "Batch"),
        ("batch-later-version-fields", "Batch"),
        *((name, kind.__name__) for name, kind in MESSAGES.items()),
    ],
)
def test_schema_accepts_golden_messages(name: str, definition: str) -> None:
    """JSON Schema, which other languages go by, agrees with the messages once sent."""
    schema: dict[str, Any] = {**json_schema(), "$ref": f"#/$defs/{definition}"}
    Draft202012Validator(schema).validate(json.loads(golden(f"{name}.json")))
