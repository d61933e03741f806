"""What holds of every kind of message: its version, unknown fields, what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from broker.wire import codec
from broker.wire.codec import Rejected
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError
from broker.wire.events import Rating
from broker.wire.messages import Command, Heartbeat, Message, Receipt, Reply
from tests.wire.samples import (
    COMMAND,
    CONFIGURATION,
    HEARTBEAT,
    RECEIPT,
    REPLY,
    answer,
    batch,
    correction,
    encoded,
    event_id,
    rating,
    without,
)

MESSAGES: list[tuple[dict[str, Any], type[Message]]] = [
    (RECEIPT, Receipt),
    (HEARTBEAT, Heartbeat),
    (CONFIGURATION, Configuration),
    (COMMAND, Command),
    (REPLY, Reply),
]


@pytest.mark.parametrize(("message", "kind"), MESSAGES)
def test_every_message_says_its_version(message: dict[str, Any], kind: type[Message]) -> None:
    """Without ``v`` a message is invalid, with another one unknown; with 1 it is read."""
    codec.read(encoded(message), kind)
    for bad in ({}, {"v": None}, {"v": True}, {"v": "1"}, {"v": 1.0}):
        with pytest.raises(WireError) as caught:
            codec.read(encoded({**without(message, "v"), **bad}), kind)
        assert caught.value.reason == "invalid"
    for version in (0, 2, -1, 2**40):
        with pytest.raises(WireError) as caught:
            codec.read(encoded({**message, "v": version}), kind)
        assert caught.value.reason == "unknown-version"


def test_every_batch_says_its_version() -> None:
    """A batch without ``v`` is rejected event by event, ids readable: a receipt can name them."""
    for version, reason in (
        (None, "invalid"),
        (True, "invalid"),
        ("1", "invalid"),
        (0, "unknown-version"),
        (2, "unknown-version"),
    ):
        reading = codec.read_batch(encoded(batch(rating(1), answer(2), v=version)))
        assert reading.events == []
        assert [(r.reason, r.id) for r in reading.rejected] == [
            (reason, event_id(1)),
            (reason, event_id(2)),
        ]
    missing = codec.read_batch(encoded(without(batch(rating()), "v")))
    assert [(r.reason, r.id) for r in missing.rejected] == [("invalid", event_id(1))]


@pytest.mark.parametrize(("message", "kind"), MESSAGES)
def test_every_message_ignores_unknown_fields(message: dict[str, Any], kind: type[Message]) -> None:
    """A later version may add fields to any message."""
    assert codec.read(encoded({**message, "later": [1, {}]}), kind) == codec.read(
        encoded(message), kind
    )


@pytest.mark.parametrize(("message", "kind"), MESSAGES)
def test_nothing_optional_is_sent_as_null(message: dict[str, Any], kind: type[Message]) -> None:
    """What there is not is left out, so that a reader needs one way to tell."""
    assert b"null" not in codec.write(codec.read(encoded(message), kind))
    for event in (rating(), correction(), answer(), answer(outcome="skipped", options=None)):
        read = codec.read_event(encoded(event))
        assert not isinstance(read, Rejected)
        assert b"null" not in codec.write_event(read)


@pytest.mark.parametrize(
    "survey",
    [
        {"questions": []},
        {"questions": [{"code": "a", "texts": {}}]},
        {"questions": [{"code": "a", "texts": {}, "scale": "faces-4"}] * 2},
        {"questions": [{"code": "a", "texts": {}, "scale": "stars"}]},
        {"version": 0},
        {"code": "Приемна"},
    ],
)
def test_surveys_that_cannot_be_asked(survey: dict[str, Any]) -> None:
    """A configuration whose survey has no question, a twin, or an unknown scale is refused."""
    bad = {**CONFIGURATION, "survey": {**CONFIGURATION["survey"], **survey}}
    with pytest.raises(WireError) as caught:
        codec.read(encoded(bad), Configuration)
    assert caught.value.reason == "invalid"


@pytest.mark.parametrize(
    "bad", [b"", b"Online", b"ONLINE", b"online\n", b'"online"', b"offline\0", b"on", b"\xff", b"1"]
)
def test_availability_is_one_of_two_words(bad: bytes) -> None:
    """Anything but the two words is invalid, and the error stays readable."""
    with pytest.raises(WireError) as caught:
        codec.read_availability(bad)
    assert caught.value.reason == "invalid"
    assert caught.value.detail.isprintable()


def test_device_can_not_make_a_bad_event() -> None:
    """What a reader refuses, the class refuses to be: no device finds out by quarantine."""
    good = codec.read_event(encoded(rating()))
    assert isinstance(good, Rating)
    fields = {name: getattr(good, name) for name in good.__struct_fields__}
    assert Rating(**fields) == good
    for bad in ({"touchpoint": "Зала"}, {"value": 5}, {"id": "x"}, {"boot": ""}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            Rating(**{**fields, **bad})
