"""Commands: each is done once, in time, and answered, whatever its handler does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import pytest

from broker.wire.codec import read, write
from broker.wire.errors import WireError
from broker.wire.messages import MAX_REPORT, VERSION, Command, Reply
from kiosk.clock import instant
from kiosk.commands import MAX_WAITING, REMEMBERED, Answer, Commands, Handler, fit, pong
from tests.kiosk.builders import HandClock

DEADLINE_S = 20.0


class Table:
    """Commands whose slow ones wait until they may go on."""

    def __init__(self, quick: Mapping[str, Handler] | None = None) -> None:
        self.clock = HandClock()
        self.is_answered = threading.Semaphore(0)
        self.may_go_on = threading.Semaphore(0)
        self.began = threading.Semaphore(0)
        self.commands = Commands(
            quick or {"ping": pong},
            {"think": self._think},
            clock=self.clock,
            when_answered=self.is_answered.release,
        )

    def _think(self, _command: Command) -> Answer:
        self.began.release()
        assert self.may_go_on.acquire(timeout=DEADLINE_S)
        return Answer(detail="thought")

    def give(
        self, name: str, number: int = 0, expires_in_s: int = 60, sent_at: datetime | None = None
    ) -> None:
        """A command comes."""
        token = f"{number:08x}"
        order = Command(v=VERSION, id=token, name=name, expires_in_s=expires_in_s, sent_at=sent_at)
        self.commands.take(write(order))

    def replies(self) -> list[Reply]:
        """What was replied since the last time."""
        return [answered.reply for answered in self.commands.answered()]

    def let_go(self, count: int = 1) -> None:
        """Let slow ones go on, and wait until they are answered."""
        self.may_go_on.release(count)
        for _ in range(count):
            assert self.is_answered.acquire(timeout=DEADLINE_S)


@pytest.fixture
def table() -> Iterator[Table]:
    """Commands, ended afterwards."""
    made = Table()
    yield made
    made.may_go_on.release(2 * MAX_WAITING)
    made.commands.close()


def test_a_quick_one_is_answered_at_once(table: Table) -> None:
    """With its own id, and only once."""
    table.give("ping", 7)
    assert table.replies() == [Reply(v=VERSION, command="00000007", ok=True, detail="pong")]
    assert table.replies() == []


def test_one_that_was_sent_too_long_ago_is_not_done(table: Table) -> None:
    """A kiosk that was frozen reads it late, and whoever asked has given up."""
    sent_at = instant(table.clock.read().wall_ms)
    table.clock.advance(30)
    table.give("ping", 1, expires_in_s=31, sent_at=sent_at)
    table.give("ping", 2, expires_in_s=29, sent_at=sent_at)
    table.give("think", 3, expires_in_s=29, sent_at=sent_at)
    assert [reply.ok for reply in table.replies()] == [True, False, False]
    assert not table.began.acquire(blocking=False)


def test_a_clock_that_is_not_set_counts_from_when_it_came(table: Table) -> None:
    """What it says of now means nothing beside the fleet's time."""
    table.clock.is_synced = False
    long_ago = instant(table.clock.read().wall_ms) - timedelta(days=1)
    table.give("ping", 1, expires_in_s=5, sent_at=long_ago)
    assert [reply.ok for reply in table.replies()] == [True]


def test_one_that_comes_twice_is_done_once(table: Table) -> None:
    """A bridge between brokers may double what was sent without acknowledgement."""
    table.give("ping", 7)
    table.give("ping", 7)
    assert len(table.replies()) == 1
    for number in range(100, 100 + REMEMBERED):
        table.give("ping", number)
    assert len(table.replies()) == REMEMBERED


def test_an_unknown_one_is_answered_with_what_is_known(table: Table) -> None:
    """Whoever asks learns what this version can do."""
    table.give("make-coffee")
    (reply,) = table.replies()
    assert not reply.ok
    assert reply.detail == "unknown command; this kiosk knows ping, think"


def test_what_is_no_command_has_nobody_to_reply_to(table: Table) -> None:
    """It is told to the relay, which writes it into the log."""
    with pytest.raises(WireError):
        table.commands.take(b"nonsense")
    assert table.replies() == []


def test_a_handler_that_fails_is_a_reply() -> None:
    """With the reason; and the next one is answered as ever."""

    def fail(_command: Command) -> Answer:
        raise OSError(5, "Input/output error")

    table = Table({"break": fail, "ping": pong})
    table.give("break", 1)
    table.give("ping", 2)
    broken, well = table.replies()
    assert not broken.ok
    assert broken.detail == "failed: OSError: [Errno 5] Input/output error"
    assert well.ok


def test_what_a_handler_fails_with_is_masked() -> None:
    """A library's error may quote anything; and it may be long."""

    def fail(_command: Command) -> Answer:
        raise OSError("password=abc123" + "x" * 300_000)

    table = Table({"break": fail})
    table.give("break")
    assert table.replies()[0].detail == "failed: OSError: password=***"


def test_a_slow_one_keeps_nobody_waiting(table: Table) -> None:
    """What is quick is answered meanwhile, and the slow one when it is done."""
    table.give("think", 1)
    assert table.began.acquire(timeout=DEADLINE_S)
    table.give("ping", 2)
    assert [reply.command for reply in table.replies()] == ["00000002"]
    table.let_go()
    (reply,) = table.replies()
    assert (reply.command, reply.ok, reply.detail) == ("00000001", True, "thought")


def test_one_that_waited_for_too_long_is_not_done(table: Table) -> None:
    """Counted from when it came: it can only have waited in our own queue."""
    table.give("think", 1)
    assert table.began.acquire(timeout=DEADLINE_S)
    table.give("think", 2, expires_in_s=5)
    table.give("think", 3, expires_in_s=60)
    table.clock.advance(6)
    table.let_go(3)
    late = {reply.command: reply for reply in table.replies()}
    assert late["00000001"].ok
    assert not late["00000002"].ok
    assert "more than 5 s" in late["00000002"].detail
    assert late["00000003"].ok


def test_too_many_slow_ones_are_refused(table: Table) -> None:
    """At once, and what was taken is done."""
    for number in range(MAX_WAITING + 5):
        table.give("think", number)
    busy = [reply for reply in table.replies() if not reply.ok]
    assert 4 <= len(busy) <= 5
    assert "too many" in busy[0].detail


def test_the_end_waits_for_a_slow_one(table: Table) -> None:
    """Its answer is there when the relay says good-bye."""
    table.give("think", 1)
    table.may_go_on.release()
    table.commands.close()
    assert [reply.ok for reply in table.replies()] == [True]


MANY = {
    "letters": "я" * 300_000,
    "lines": "\n" * 300_000,
    "quotes": '"' * 300_000,
    "control characters": "\x01\x1b[31m" * 60_000,
    "emoji": "\N{GRINNING FACE}" * 300_000,
    "half a letter": "\ud800" * 300_000,
    "quotes and wide ones": '"' * 50_000 + "好" * 50_001,
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY.keys())
def test_whatever_is_gathered_fits_into_a_message(text: str) -> None:
    """Cut with a note; the reply is as long as a sender's message may be."""

    def gather(_command: Command) -> Answer:
        return Answer(detail=text, report=text)

    table = Table({"gather": gather})
    table.give("gather")
    payload = write(table.replies()[0])
    reply = read(payload, Reply)
    assert reply.report.endswith("(cut: there was more)")
    assert reply.detail.endswith("(cut: there was more)")


def test_what_fits_is_left_as_it_is() -> None:
    """But for what nobody can read."""
    assert fit("Работи: да\nвсичко", 100, 100) == "Работи: да\nвсичко"
    assert fit("a\tb\xa0c\x1bd", 100, 100) == "a b c�d"
    assert len(fit("x" * MAX_REPORT, MAX_REPORT, 2 * MAX_REPORT)) == MAX_REPORT


def test_what_comes_afterwards_is_told_with_the_reply() -> None:
    """The housekeeping publishes the reply first."""
    done: list[str] = []

    def end(_command: Command) -> Answer:
        return Answer(detail="ends", afterwards=_noting(done))

    table = Table({"end": end})
    table.give("end")
    (answered,) = table.commands.answered()
    assert done == []
    answered.afterwards()
    assert done == ["ended"]


def _noting(done: list[str]) -> Callable[[], None]:
    return lambda: done.append("ended")
