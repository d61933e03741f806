"""docs/wire.md says all that the contract says, and nothing else."""

from __future__ import annotations

import re
from typing import get_args

import msgspec
import pytest

from broker.intake.reasons import EXPLANATIONS
from broker.wire import codec
from broker.wire.codec import MAX_DEPTH, MAX_RECEIVED_BYTES, MAX_SENT_BYTES
from broker.wire.configuration import Configuration
from broker.wire.errors import REASONS
from broker.wire.events import Answer, Channel, Correction, Rating
from broker.wire.messages import (
    MAX_EVENTS,
    Batch,
    Command,
    Heartbeat,
    Message,
    Quarantined,
    Receipt,
    Reply,
)
from broker.wire.scales import SCALES
from broker.wire.schema import LANES, Lane
from broker.wire.texts import CODE
from broker.wire.topics import NAME_PATTERN
from tests.wire import page

EXAMPLES: dict[str, type[Message]] = {
    "receipt": Receipt,
    "heartbeat": Heartbeat,
    "configuration": Configuration,
    "command": Command,
    "reply": Reply,
}
STRUCTS = (Batch, Rating, Correction, Answer, Quarantined, *EXAMPLES.values())


def row_of(key: str) -> list[str]:
    """The one row of a table that begins with ``key``."""
    (found,) = [row for row in page.rows() if row[0] == key]
    return found


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.channel)
def test_every_topic_has_its_row(lane: Lane) -> None:
    """Topic, direction, QoS and retention are those of the program."""
    _, direction, qos, retained, _ = row_of(f"otziv/v1/SITE/DEVICE/{lane.channel}")
    assert direction.split(" → ")[0] == ("device" if lane.sender == "device" else "server")
    assert qos == str(lane.qos)
    assert retained == ("yes" if lane.retained else "no")


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_is_explained(struct: type[msgspec.Struct]) -> None:
    """No field of any message is left out."""
    for field in msgspec.structs.fields(struct):
        assert re.search(rf"[`{{ ]{field.encode_name}[`,}}]", page.TEXT), field.encode_name


def test_limits_are_told() -> None:
    """Sizes, counts, depth and forms."""
    for limit in (f"{MAX_SENT_BYTES:,}", f"{MAX_RECEIVED_BYTES:,}", f"{MAX_DEPTH} levels"):
        assert limit in page.TEXT
    assert f"1 to {MAX_EVENTS} events" in page.TEXT
    assert NAME_PATTERN in page.TEXT
    assert f"^{CODE}$" in page.TEXT


def test_every_reason_is_explained() -> None:
    """What a receipt may say, the page explains, with what to do; and no reason is invented."""
    assert REASONS.keys() <= EXPLANATIONS.keys()
    told = page.TEXT.split("\n## Reasons\n")[1].split("\n## ")[0]
    listed = [row[0] for row in page.rows(told)][1:]
    assert sorted(listed) == sorted(EXPLANATIONS)
    for reason in listed:
        assert all(row_of(reason))


@pytest.mark.parametrize("code", SCALES)
def test_every_scale_is_told(code: str) -> None:
    """Values and what counts as satisfied."""
    scale = SCALES[code]
    _, values, satisfied = row_of(code)
    ends = re.split(r"–|, ", values)
    assert [int(ends[0]), int(ends[-1])] == [scale.worst, scale.best]
    assert int(satisfied.removeprefix("from ")) == scale.satisfied_from


def test_every_channel_is_told() -> None:
    """How an event may have come in."""
    _, channels, _ = row_of("channel")
    assert tuple(channels.split(", ")) == get_args(Channel)


def test_example_of_a_batch_is_valid() -> None:
    """It has every kind of event, and is read without a rejection."""
    (example,) = page.blocks("json batch")
    reading = codec.read_batch(example.encode())
    assert reading.rejected == []
    assert {type(event) for event in reading.events} == {Rating, Correction, Answer}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid(name: str) -> None:
    """Every other message has one example, which is read."""
    (example,) = page.blocks(f"json {name}")
    codec.read(example.encode(), EXAMPLES[name])


def test_links_lead_somewhere() -> None:
    """Into the page, and to the files beside it."""
    for target in re.findall(r"\]\(([^)]+)\)", page.TEXT):
        if target.startswith("#"):
            assert target[1:] in page.anchors(), target
        else:
            assert (page.PATH.parent / target).is_file(), target
