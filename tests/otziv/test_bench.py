"""Benchmarks: what they say, what they send, and that they run."""

from __future__ import annotations

import json
import statistics

import pytest

from broker.wire.codec import MAX_RECEIVED_BYTES, read_batch
from otziv.bench import ingest
from otziv.bench.publisher import DEVICES, make_batches, publish_packet
from otziv.bench.report import Report, Target, interleave, medians
from tests.otziv.documents import check_document


@pytest.mark.parametrize(
    ("target", "is_met"),
    [
        (Target(2, 1, "at least"), True),
        (Target(1, 1, "at least"), True),
        (Target(0.99, 1, "at least"), False),
        (Target(0, 1, "at most"), True),
        (Target(1, 1, "at most"), True),
        (Target(1.01, 1, "at most"), False),
        (Target(float("nan"), 1, "at most"), False),
    ],
)
def test_a_target_is_met_up_to_its_bound(target: Target, *, is_met: bool) -> None:
    """The bound itself is good enough; a value that is none is not."""
    assert target.is_met is is_met


def test_a_report_is_one_document() -> None:
    """Figures, peers, targets with their bounds, and where it was measured; all of it JSON."""
    good, bad = Target(2, 1, "at least"), Target(2, 1, "at most")
    report = Report("x", {"rate": 5}, {"peer": 4}, {"good": good, "bad": bad}, ("a note",))
    assert not report.is_met
    assert Report("x", {}, {}, {"good": good}).is_met
    document = json.loads(json.dumps(report.as_document()))
    assert document["targets"] == {
        "good": {"value": 2, "bound": 1, "must_be": "at least", "met": True},
        "bad": {"value": 2, "bound": 1, "must_be": "at most", "met": False},
    }
    assert (document["name"], document["figures"]) == ("x", {"rate": 5})
    assert (document["compared_with"], document["notes"]) == ({"peer": 4}, ["a note"])
    assert set(document["machine"]) == {"cores", "processor", "python", "load"}


def test_measures_take_turns() -> None:
    """A noisy minute hits all alike: a, b, a, b; and the median is taken of each."""
    order: list[str] = []

    def measure(name: str, value: float) -> float:
        order.append(name)
        return value + len(order)

    taken = interleave(3, {"a": lambda: measure("a", 0), "b": lambda: measure("b", 10)})
    assert order == ["a", "b"] * 3
    assert taken == {"a": [1, 3, 5], "b": [12, 14, 16]}
    assert medians(taken) == {name: statistics.median(each) for name, each in taken.items()}


def take_apart(packet: bytes) -> tuple[str, int, bytes]:
    """Topic, packet id and payload of a PUBLISH, read by the standard's own words (3.3)."""
    assert packet[0] == 0b0011_0010  # PUBLISH, QoS 1, neither again nor retained
    size, shift, at = 0, 0, 1
    while True:
        size |= (packet[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not packet[at - 1] & 0x80:
            break
    assert len(packet) == at + size
    assert at - 1 == len_of_length(size)
    topic_end = at + 2 + int.from_bytes(packet[at : at + 2], "big")
    mid = int.from_bytes(packet[topic_end : topic_end + 2], "big")
    return packet[at + 2 : topic_end].decode(), mid, packet[topic_end + 2 :]


def len_of_length(size: int) -> int:
    """Bytes that the remaining length takes (table 2.4 of the standard)."""
    return next(
        n for n, most in enumerate((127, 16_383, 2_097_151, 268_435_455), 1) if size <= most
    )


@pytest.mark.parametrize("remaining", [5, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
def test_a_packet_can_be_read_back(remaining: int) -> None:
    """Around each length at which its length takes one byte more."""
    payload = b"x" * (remaining - 2 - len("a") - 2)
    assert take_apart(publish_packet("a", payload, 65_535)) == ("a", 65_535, payload)


def test_batches_are_what_devices_send() -> None:
    """Valid, of equal shares, numbered without gaps by stream, each id once, each size right."""
    batches = list(make_batches(3 * DEVICES, 10, seed=1))
    assert [device for device, _ in batches] == list(range(DEVICES)) * 3
    readings = [read_batch(payload) for _, payload in batches]
    assert not any(reading.rejected for reading in readings)
    assert all(len(payload) < MAX_RECEIVED_BYTES for _, payload in batches)
    by_stream: dict[str | None, list[int]] = {}
    for reading in readings:
        by_stream.setdefault(reading.stream, []).extend(event.seq for event in reading.events)
    assert len(by_stream) == DEVICES
    assert all(seqs == list(range(1, 31)) for seqs in by_stream.values())
    ids = {event.id for reading in readings for event in reading.events}
    assert len(ids) == 3 * DEVICES * 10


def test_bench_ingest_in_small() -> None:
    """Real brokers, collectors and peers, a few messages: nothing is lost, every figure is there.

    Whether targets are met is told by the full run only.
    """
    sizes = ingest.Sizes(singles=240, naive=24, batches=24)
    document = ingest.measure(runs=1, sizes=sizes).as_document()
    figures = {"single_events_per_s", "batched_ratings_per_s", "rollups_share_of_insert", "lost"}
    peers = {"counting_subscriber_per_s", "naive_collector_per_s", "executemany_rows_per_s"}
    check_document(document, figures | {"runs"}, peers, 4)
    assert document["figures"]["lost"] == 0
    assert all(len(each) == 1 for each in document["figures"]["runs"].values())
    assert "240 single events, 24 batches of 100" in document["notes"][0]
