"""An outbox under another name: a new stream for what is pressed from then on, nothing lost."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.identity import Identity
from kiosk.opening import salvaged_outboxes
from kiosk.outbox import Entry, Outbox
from kiosk.owner import OWNER_NAME, hand_over
from tests.kiosk.builders import HandClock, draft, uuid

HALL = Identity("troyan", "hall-3")
OTHER = Identity("troyan", "hall-4")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is to be."""
    return tmp_path / "data/outbox.db"


def _press(path: Path, *numbers: int) -> str:
    """Open the outbox, as a start of the kiosk does, and add to it; returns its stream."""
    with closing(Outbox(path)) as outbox:
        outbox.add(Entry(draft(number), HandClock().read()) for number in numbers)
        stream: str = outbox.stream
        return stream


def _waiting(path: Path) -> tuple[str, list[tuple[int, str]]]:
    """The stream of an outbox, and what waits in it."""
    backlog = Backlog(path, Ballast(path.with_name("ballast")))
    with closing(backlog):
        return backlog.stream, [(event.seq, event.id) for event in backlog.pending(100)]


def test_one_name_is_one_stream(path: Path) -> None:
    """However often it starts, and whether or not an older program has written the name."""
    before = _press(path, 1)
    for _ in range(3):
        assert hand_over(path, HALL) is None
        assert _press(path) == before
    assert path.with_name(OWNER_NAME).read_text() == "troyan/hall-3\n"
    assert _waiting(path) == (before, [(1, uuid(1))])


def test_another_name_is_another_stream(path: Path) -> None:
    """What waits keeps its stream and numbers, and is sent beside the new one."""
    hand_over(path, HALL)
    before = _press(path, 1, 2)
    aside = hand_over(path, OTHER)
    assert aside is not None
    assert salvaged_outboxes(path) == [aside]
    after = _press(path, 3)
    assert after != before
    assert _waiting(aside) == (before, [(1, uuid(1)), (2, uuid(2))])
    assert _waiting(path) == (after, [(1, uuid(3))])
    assert hand_over(path, OTHER) is None


def test_a_kiosk_that_gets_its_first_name_keeps_its_stream(path: Path) -> None:
    """Nobody has heard of the stream before the kiosk is enrolled."""
    hand_over(path, Identity("not-enrolled", "not-enrolled"))
    before = _press(path, 1)
    assert hand_over(path, HALL) is None
    assert _press(path, 2) == before


def test_names_come_and_go(path: Path) -> None:
    """Each change is a stream, also one back to a name of before; none takes another's place."""
    streams = []
    for number, identity in enumerate((HALL, OTHER, HALL, OTHER), 1):
        hand_over(path, identity)
        streams.append(_press(path, number))
    assert len(set(streams)) == 4
    found = [_waiting(each) for each in (*salvaged_outboxes(path), path)]
    assert found == [(stream, [(1, uuid(n))]) for n, stream in enumerate(streams, 1)]


def test_what_is_still_in_the_log_comes_along(path: Path) -> None:
    """A kiosk that was killed leaves its last presses beside the file."""
    hand_over(path, HALL)
    outbox = Outbox(path)
    outbox.add(Entry(draft(number), HandClock().read()) for number in (1, 2))
    copies = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    outbox.close()
    for name, content in copies.items():
        path.with_name(name).write_bytes(content)
    path.with_name("outbox.db-shm").unlink()  # a new boot has none
    assert path.with_name("outbox.db-wal").stat().st_size > 0
    aside = hand_over(path, OTHER)
    assert aside is not None
    assert [number for number, _ in _waiting(aside)[1]] == [1, 2]
    assert _waiting_after_start(path) == []


def _waiting_after_start(path: Path) -> list[tuple[int, str]]:
    _press(path)
    return _waiting(path)[1]


def test_a_power_cut_after_the_renaming_is_no_harm(path: Path) -> None:
    """The name was not written yet: the next start finds no outbox, and writes it."""
    hand_over(path, HALL)
    _press(path, 1)
    aside = hand_over(path, OTHER)
    path.with_name(OWNER_NAME).write_text("troyan/hall-3\n")
    assert hand_over(path, OTHER) is None
    assert salvaged_outboxes(path) == [aside]


def test_a_broken_outbox_is_left_to_be_salvaged(path: Path) -> None:
    """Renamed whole it would be given up with the first page that can't be read."""
    hand_over(path, HALL)
    with closing(Outbox(path)) as outbox:
        outbox.add(Entry(draft(n), HandClock().read()) for n in range(1, 400))
    content = bytearray(path.read_bytes())
    content[81_920:84_000] = b"\xa5" * 2_080
    path.write_bytes(content)
    assert hand_over(path, OTHER) is None
    with closing(Outbox(path)) as outbox:
        assert outbox.set_aside is not None
    (salvaged,) = salvaged_outboxes(path)
    assert len(_waiting(salvaged)[1]) == 100


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 5_000])
def test_a_damaged_name_costs_no_answer(path: Path, content: bytes) -> None:
    """Whoever it was, what waits is sent, and the name is written anew."""
    hand_over(path, HALL)
    _press(path, 1)
    path.with_name(OWNER_NAME).write_bytes(content)
    hand_over(path, HALL)
    _press(path)
    found = [event for each in (*salvaged_outboxes(path), path) for event in _waiting(each)[1]]
    assert found == [(1, uuid(1))]
    assert hand_over(path, HALL) is None
