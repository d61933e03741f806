"""Whatever comes in: it ends in quarantine with its reason, and the line goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from broker.store.tables import Event, table_of
from tests.system.serving import Device, Served, wait_for
from tests.wire.samples import batch, encoded

KIB = 1024
Rating = dict[str, Any]


class Neighbour:
    """A device that does everything right, over one connection, while others don't."""

    def __init__(self, served: Served) -> None:
        """Register and connect."""
        served.register("neighbour")
        self.device = Device(served.port, "neighbour")
        self._seqs = count(1)

    def check(self) -> None:
        """The line goes on: a press gets its receipt, over the same connection as ever."""
        press = self.device.rating(next(self._seqs))
        self.device.send_events(press)
        assert self.device.wait_for_words(press["id"]) == ["accepted"]
        assert self.device.disconnections == 0


@pytest.fixture(
    scope="module",
    params=["nats", pytest.param("mosquitto", marks=[pytest.mark.mosquitto, pytest.mark.slow])],
)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A running installation, once on each broker."""
    data = tmp_path_factory.mktemp(request.param) / "data"
    with Served(data, "--no-dashboard", "--no-portal", OTZIV_BROKER=request.param) as running:
        yield running


@pytest.fixture(scope="module")
def neighbour(served: Served) -> Iterator[Neighbour]:
    """The one beside whom everything happens."""
    found = Neighbour(served)
    with closing(found.device):
        yield found


@pytest.fixture
def device(served: Served) -> Iterator[Device]:
    """A registered device of the test's own."""
    with closing(Device(served.port)) as found:
        served.register(found.name)
        yield found


def kept(served: Served, device: Device) -> list[dict[str, Any]]:
    """What waits in quarantine of ``device``, as the operator sees it."""
    entries = served.ask("feedback", "quarantine", "list")
    return [entry for entry in entries if entry["device"] == device.name]


class Case(NamedTuple):
    """A way to bend a message, and the reason that it must get."""

    reason: str
    bend: Callable[[str, Rating], bytes]
    is_id_readable: bool = True


def changed(**changes: object) -> Callable[[str, Rating], bytes]:
    """A batch whose event has other fields."""
    return lambda stream, event: encoded(batch(event | changes, stream=stream))


CASES = {
    "bytes that are no text": Case("not-json", lambda *_: b"\xff\xfe\x00", is_id_readable=False),
    "malformed UTF-8 in an event": Case(
        "not-json",
        lambda stream, event: encoded(batch(event, stream=stream)).replace(b'"bg"', b'"b\xc3"'),
    ),
    "cut short": Case(
        "not-json",
        lambda stream, event: encoded(batch(event, stream=stream))[:-9],
        is_id_readable=False,
    ),
    "no batch": Case("invalid", lambda _, event: encoded([event]), is_id_readable=False),
    "a text for a number": Case("invalid", changed(value="4")),
    "a truth for a number": Case("invalid", changed(value=True)),
    "a number for a text": Case("invalid", changed(visit=7)),
    "a value that the scale has not": Case("invalid", changed(value=5)),
    "a time without a zone": Case("invalid", changed(answered_at="2026-11-21T09:15:02")),
    "a stream that is none": Case(
        "invalid", lambda _, event: encoded(batch(event, stream="card 1"))
    ),
    "from the future": Case(
        "future-time",
        changed(answered_at=(datetime.now(UTC) + timedelta(days=2)).isoformat()),
    ),
    "from before there was feedback": Case(
        "past-time", changed(answered_at="1970-01-01T00:00:07Z")
    ),
    "an unknown kind": Case("unknown-kind", changed(kind="applause")),
    "an unknown version": Case(
        "unknown-version", lambda stream, event: encoded(batch(event, stream=stream, v=2))
    ),
    "a correction of nothing": Case(
        "unknown-rating",
        changed(kind="correction", rating="019aa5a0-1c2d-7e3f-8a4b-000000000000"),
    ),
    "257 KiB": Case("too-large", changed(padding="x" * 257 * KIB), is_id_readable=False),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_kept_with_its_reason(
    served: Served, neighbour: Neighbour, device: Device, name: str
) -> None:
    """One entry, its reason and a detail; the receipt says so where it can name the event."""
    case = CASES[name]
    event = device.rating()
    device.send(case.bend(device.stream, event))
    if case.is_id_readable:
        assert device.wait_for_words(event["id"]) == [case.reason]
    neighbour.check()
    (entry,) = kept(served, device)
    assert entry["reason"] == case.reason
    assert entry["detail"]
    assert entry["event_id"] == (event["id"] if case.is_id_readable else None)


@pytest.mark.parametrize(
    ("site", "reason"), [("town", "unknown-device"), ("elsewhere", "unknown-site")]
)
def test_strangers_are_kept_too(
    served: Served, neighbour: Neighbour, site: str, reason: str
) -> None:
    """Who is not registered is heard and answered, and its votes wait for a decision."""
    with closing(Device(served.port, site=site)) as stranger:
        event = stranger.rating()
        stranger.send_events(event)
        assert stranger.wait_for_words(event["id"]) == [reason]
        neighbour.check()
        (entry,) = kept(served, stranger)
    assert (entry["reason"], entry["site"], entry["event_id"]) == (reason, site, event["id"])


def test_one_bad_event_leaves_its_batch_alone(
    served: Served, neighbour: Neighbour, device: Device
) -> None:
    """Good events around it are stored."""
    first, bad, last = device.rating(1), device.rating(2, value="?"), device.rating(3)
    device.send_events(first, bad, last)
    words = device.wait_for_words(first["id"], bad["id"], last["id"])
    assert words == ["accepted", "invalid", "accepted"]
    neighbour.check()
    assert [entry["seq"] for entry in kept(served, device)] == [2]


def test_an_id_with_other_content(served: Served, neighbour: Neighbour, device: Device) -> None:
    """The first stays, the second is kept; the same again is accepted."""
    first = device.rating(value=4)
    for event, word in ((first, "accepted"), (first | {"value": 1}, "id-conflict")):
        device.send_events(event)
        assert device.wait_for_words(first["id"]) == [word]
    device.send_events(first)
    assert device.wait_for_words(first["id"]) == ["accepted"]
    neighbour.check()
    (entry,) = kept(served, device)
    assert (entry["reason"], entry["event_id"]) == ("id-conflict", first["id"])
    assert stored(served, first["id"])["value"] == 4


def test_a_gap_is_seen(served: Served, neighbour: Neighbour, device: Device) -> None:
    """Numbers that never came are missing by name; what is in quarantine is not."""
    events = [device.rating(1), device.rating(2, value="?"), device.rating(5)]
    device.send_events(*events)
    device.wait_for_words(*(event["id"] for event in events))
    neighbour.check()
    accounts = {each["device"]: each for each in served.ask("feedback", "completeness")}
    account = accounts[device.name]
    assert account["stream"] == device.stream
    assert (account["made"], account["stored"], account["quarantined"]) == (5, 2, 1)
    assert (account["missing"], account["gaps"]) == (2, [[3, 4]])
    assert accounts["neighbour"]["missing"] == 0


def test_one_event_too_many(served: Served, neighbour: Neighbour, device: Device) -> None:
    """501 are all kept, and all told; none is lost, none is missing."""
    events = [device.rating(seq) for seq in range(1, 502)]
    for event in events:
        del event["question"], event["scale"]  # shorter, or the batch would be too large instead
    device.send_events(*events)
    words = device.wait_for_words(*(event["id"] for event in events))
    assert words == ["too-many-events"] * 501
    neighbour.check()
    assert len(kept(served, device)) == 501


def test_a_message_above_the_brokers_limit(
    served: Served, neighbour: Neighbour, device: Device
) -> None:
    """The broker hangs up on its sender and on nobody else; the collector never sees it."""
    device.send(changed(padding="x" * 600 * KIB)(device.stream, device.rating()))
    wait_for(lambda: device.disconnections > 0)
    device.close()
    neighbour.check()
    assert kept(served, device) == []


def test_a_forgotten_touchpoint_costs_no_vote(
    served: Served, neighbour: Neighbour, device: Device
) -> None:
    """Added later and readmitted, the press is in the figures, with the times it came with."""
    pressed_at = datetime(2026, 3, 2, 9, 15, 2, 118_000, tzinfo=UTC)
    event = device.rating(touchpoint="forgotten", answered_at=pressed_at.isoformat())
    device.send_events(event)
    assert device.wait_for_words(event["id"]) == ["unknown-touchpoint"]
    neighbour.check()
    (entry,) = kept(served, device)
    readmit = ("feedback", "quarantine", "readmit", "--reason", "unknown-touchpoint")
    assert "0 of 1 are in the store now; 1 stay" in served.run(*readmit).stdout

    assert served.run("touchpoint", "add", "forgotten").returncode == 0
    assert "1 of 1 are in the store now; 0 stay" in served.run(*readmit).stdout

    row = stored(served, event["id"])
    assert row["answered_at"] == pressed_at
    assert row["received_at"] == datetime.fromisoformat(entry["received_at"])
    assert kept(served, device) == []
    summary = ("feedback", "summary", "--by", "day", "--touchpoint", "forgotten")
    (by_scale,) = served.ask(*summary)
    assert [(each["key"], each["n"]) for each in by_scale["figures"]] == [("2026-03-02", 1)]
    device.send_events(event)  # its device never got the receipt, and sends it again
    assert device.wait_for_words(event["id"]) == ["accepted"]


def stored(served: Served, event_id: str) -> dict[str, Any]:
    """One event's row."""
    event = table_of(Event)
    with served.store() as database, database.reading() as connection:
        query = select(event).where(event.c.id == event_id)
        return dict(connection.execute(query).mappings().one())
