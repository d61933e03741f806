"""What a field may hold: each bad value is rejected with a reason, and its bytes are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from broker.wire import codec
from broker.wire.codec import Rejected
from broker.wire.errors import REASONS, WireError
from broker.wire.events import Answer, AnyEvent, Rating
from broker.wire.messages import (
    Heartbeat,
)
from tests.wire.samples import (
    HEARTBEAT,
    RATING_ID,
    answer,
    correction,
    encoded,
    event_id,
    rating,
    without,
)

BAD_INTEGERS = ["true", "false", '"5"', "5.0", "1e3", "-1", "NaN", "Infinity", "1e400", "null"]
BAD_INTEGERS += ["[]", "{}", "0x10", "05", "9007199254740992", "18446744073709551616", "1" * 5000]


def read_with(field: str, json: str, event: dict[str, Any]) -> AnyEvent | Rejected:
    """Read ``event`` with ``field`` set to raw JSON, and check what every rejection has."""
    raw = encoded({**event, field: "@@"}).replace(b'"@@"', json.encode())
    read = codec.read_event(raw)
    if isinstance(read, Rejected):
        assert read.raw == raw
        assert read.reason in REASONS
        assert read.detail.isprintable()
        assert len(read.detail) <= 400
    return read


@pytest.mark.parametrize("bad", BAD_INTEGERS)
@pytest.mark.parametrize("field", ["seq", "survey_version", "uptime_ms", "value"])
def test_integers_are_integers(field: str, bad: str) -> None:
    """No booleans, texts, fractions, negatives, nor what is not the same in every language."""
    assert isinstance(read_with(field, bad, rating()), Rejected)


def test_greatest_integers() -> None:
    """2^53 - 1 is the greatest number of a stream and of an uptime; 0 is no number of a stream."""
    read = read_with("seq", str(2**53 - 1), rating(uptime_ms=2**53 - 1))
    assert isinstance(read, Rating)
    assert read.seq == read.uptime_ms == 2**53 - 1
    assert isinstance(read_with("seq", "0", rating()), Rejected)


@pytest.mark.parametrize(
    "bad",
    [
        event_id(1).upper(),
        f"{{{event_id(1)}}}",
        f"urn:uuid:{event_id(1)}",
        event_id(1).replace("-", ""),
        event_id(1) + "\n",
        " " + event_id(1),
        event_id(1)[:-1],
        event_id(1) + "0",
        event_id(1).replace("0", "٠"),  # a digit, but not of ASCII
        "",
        "\0",
    ],
)
def test_ids_have_one_form(bad: str) -> None:
    """Upper case, braces, a missing dash, a line feed: the same id must not have two spellings."""
    assert isinstance(codec.read_event(encoded(rating(id=bad))), Rejected)
    assert isinstance(codec.read_event(encoded(correction(rating=bad))), Rejected)
    assert isinstance(codec.read_event(encoded(answer(rating=bad))), Rejected)


def test_any_version_of_uuid_is_an_id() -> None:
    """The form counts, not the version: even the nil UUID is well formed."""
    nil = "00000000-0000-0000-0000-000000000000"
    read = codec.read_event(encoded(rating(id=nil)))
    assert isinstance(read, Rating)
    assert read.id == nil


@pytest.mark.parametrize(
    "bad",
    [
        '"2026-11-21T09:15:02"',
        '"2026-11-21T09:15:02.118"',
        '"9999-12-31T23:59:59Z"',
        '"9999-12-31T23:59:59-12:00"',
        '"0001-01-01T00:00:00+12:00"',
        '"2026-12-31T23:59:60Z"',
        '"2026-02-29T12:00:00Z"',
        '"2026-11-21T24:00:00Z"',
        '"2026-11-21T09:15Z"',
        '"2026-11-21"',
        '"1763716502"',
        '"+12026-11-21T09:15:02Z"',
        '"21.11.2026 09:15"',
        '""',
        "0",
        "-1",
        "1763716502118",
        "1763716502.118",
        "true",
        "null",
    ],
)
def test_times_have_a_zone_and_exist(bad: str) -> None:
    """No zone, a leap second, a number, a day that is none: rejected, not guessed."""
    assert isinstance(read_with("answered_at", bad, rating()), Rejected)
    with pytest.raises(WireError):
        codec.read(encoded({**HEARTBEAT, "sent_at": "@"}).replace(b'"@"', bad.encode()), Heartbeat)


def test_times_of_any_zone_and_precision_are_read() -> None:
    """Offsets and fractions are the sender's choice; the instant is the same."""
    for text in ("2026-11-21T09:15:02Z", "2026-11-21T11:15:02+02:00", "2026-11-21T09:15:02.000Z"):
        read = read_with("answered_at", f'"{text}"', rating())
        assert isinstance(read, Rating)
        assert read.answered_at == datetime(2026, 11, 21, 9, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("field", ["touchpoint", "survey", "question", "input"])
@pytest.mark.parametrize(
    "bad", ["", "-a", "Hall", "зала", "a b", "a\n", "a\0", "a/b", "a_b", "x" * 64, "\u202ea"]
)
def test_codes_are_plain(field: str, bad: str) -> None:
    """Codes are lower-case ASCII, at most 63 characters: safe in addresses, files and logs."""
    assert isinstance(codec.read_event(encoded({**rating(), field: bad})), Rejected)


@pytest.mark.parametrize("field", ["visit", "boot"])
@pytest.mark.parametrize("bad", ["", "abc", "x" * 12, "A1B2C3D4", "0" * 37, "01234567\n"])
def test_tokens_are_hexadecimal(field: str, bad: str) -> None:
    """Visits and boots are 8 to 36 hexadecimal digits and dashes: no room for a name."""
    assert isinstance(codec.read_event(encoded({**rating(), field: bad})), Rejected)


@pytest.mark.parametrize("bad", ["", "b", "Bulgarian", "bg_BG", "bg-", "BG", "български", "bg\n"])
def test_languages_are_tags(bad: str) -> None:
    """A language is a BCP 47 tag."""
    assert isinstance(codec.read_event(encoded(rating(language=bad))), Rejected)


@pytest.mark.parametrize("field", ["channel", "clock", "precision", "scale", "kind"])
@pytest.mark.parametrize("bad", ['""', '"Device"', '"x\\u0000\\n"', "1", "null", "[]"])
def test_words_are_those_of_the_contract(field: str, bad: str) -> None:
    """What is not on the list is rejected."""
    assert isinstance(read_with(field, bad, rating()), Rejected)


@pytest.mark.parametrize(
    ("scale", "good", "bad"),
    [
        ("faces-4", [1, 4], [0, 5, 10]),
        ("faces-5", [1, 5], [0, 6, 10]),
        ("nps-11", [0, 10], [11, -1]),
        ("yes-no", [0, 1], [2, 10]),
    ],
)
def test_values_are_on_their_scale(scale: str, good: list[int], bad: list[int]) -> None:
    """The ends of a scale are read, what lies beyond is rejected."""
    for value in good:
        assert isinstance(codec.read_event(encoded(rating(scale=scale, value=value))), Rating)
    for value in bad:
        assert isinstance(codec.read_event(encoded(rating(scale=scale, value=value))), Rejected)


ANSWERED = [{"options": ["a", "b"]}, {"number": -2.5}, {"number": 7}, {"date": "2024-02-29"}]


@pytest.mark.parametrize("said", ANSWERED)
def test_answers_say_one_thing(said: dict[str, Any]) -> None:
    """Options, a number or a date: one is an answer; with a silence it is a contradiction."""
    plain = without(answer(), "options")
    assert isinstance(codec.read_event(encoded({**plain, **said})), Answer)
    for outcome in ("skipped", "timeout"):
        silent = {**plain, "outcome": outcome}
        assert isinstance(codec.read_event(encoded(silent)), Answer)
        assert isinstance(codec.read_event(encoded({**silent, **said})), Rejected)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"options": ["a"], "number": 1},
        {"options": ["a"], "date": "2026-11-20"},
        {"number": 1, "date": "2026-11-20"},
        {"options": ["a"], "number": 1, "date": "2026-11-20"},
        {"options": []},
        {"options": ["a", "a"]},
        {"options": [f"o{n}" for n in range(33)]},
        {"options": ["Чакане"]},
        {"options": "a"},
        {"number": "5"},
        {"number": True},
        {"date": "2026-02-30"},
        {"date": "20.11.2026"},
        {"date": 0},
        {"text": "everything was fine"},
    ],
)
def test_answers_that_say_nothing_or_too_much(said: dict[str, Any]) -> None:
    """None, two or three of them, none on the list, one twice: rejected."""
    assert isinstance(codec.read_event(encoded({**without(answer(), "options"), **said})), Rejected)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e", "+1"])
def test_numbers_are_finite(number: str) -> None:
    """NaN and infinity are no JSON and no answer."""
    plain = without(answer(), "options")
    assert isinstance(read_with("number", number, plain), Rejected)


@pytest.mark.parametrize("event", [rating(), correction(), answer()])
def test_every_field_is_needed(event: dict[str, Any]) -> None:
    """Without any one of its required fields an event is rejected, never filled in."""
    for field in event.keys() - {"rating"}:
        read = codec.read_event(encoded(without(event, field)))
        assert isinstance(read, Rejected), field
        assert read.reason == "invalid"
        assert read.id == (None if field == "id" else event["id"])
        assert read.seq == (None if field == "seq" else event["seq"])


def test_correction_names_its_rating() -> None:
    """A correction without the rating that it corrects is rejected."""
    assert isinstance(codec.read_event(encoded(without(correction(), "rating"))), Rejected)


def test_unknown_fields_are_ignored() -> None:
    """Fields of later versions change nothing, whatever is in them."""
    plain = codec.read_event(encoded(rating()))
    for later in ("1e400", "[[]]", '{"id":1}', '"\\u0000"', '"\\ud83d\\ude00"', "null"):
        assert read_with("later", later, rating()) == plain


def test_unknown_kind_is_told_apart() -> None:
    """A kind of a later version is kept with its id, and the reason says what is known here."""
    raw = encoded({"kind": "gesture", "id": RATING_ID, "seq": 7})
    read = codec.read_event(raw)
    assert isinstance(read, Rejected)
    assert (read.reason, read.id, read.seq, read.raw) == ("unknown-kind", RATING_ID, 7, raw)
    assert "'gesture'" in read.detail
    assert "rating" in read.detail


@pytest.mark.parametrize("bad", ["\0", "a\nb", "x" * 65, "", "\u2028", 5, None, ["a"]])
def test_unusable_ids_are_not_passed_on(bad: object) -> None:
    """An id that neither a receipt nor a database can carry is left out; the bytes are kept."""
    raw = encoded(rating(id=bad, value=99))
    read = codec.read_event(raw)
    assert isinstance(read, Rejected)
    assert (read.id, read.raw) == (None, raw)


@pytest.mark.parametrize("bad", [True, 0, -1, 2**53, 2**64, 1.5, "7", None])
def test_unusable_numbers_are_not_passed_on(bad: object) -> None:
    """A number that can't be one of a stream's is left out; the id still counts."""
    read = codec.read_event(encoded({**rating(), "seq": bad}))
    assert isinstance(read, Rejected)
    assert (read.id, read.seq) == (event_id(1), None)
