"""Commands from the fleet: a table of what a kiosk does on demand, and the reply to each.

What takes a moment is done at once, in the relay's thread. What may take seconds (a self-test on
a slow card) has a thread of its own, so that neither receipts nor visitors wait for it.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple, TypeAlias

import msgspec

from broker.wire.codec import read
from broker.wire.messages import MAX_REPORT, VERSION, Command, Reply
from kiosk.clock import Clock, instant
from kiosk.log_ring import masked

_log: Final = logging.getLogger(__name__)

MAX_DETAIL: Final = 2_000
MAX_DETAIL_BYTES: Final = 6_000
MAX_REPORT_BYTES: Final = 180_000
"""As JSON; together they stay below what a message may be (``MAX_SENT_BYTES``)."""

CUT: Final = "\n(cut: there was more)"

REMEMBERED: Final = 64
"""Ids of commands that are known, so that one which comes twice is done once."""

MAX_WAITING: Final = 8
"""Slow commands that may wait for each other."""

END_S: Final = 5.0
"""How long the end of the kiosk waits for a slow command."""


def nothing() -> None:
    """What is done after most replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a command.

    Attributes:
        detail: what there is to say, in a line or a few.
        report: what was gathered.
        is_done: whether it was done.
        afterwards: done once the reply is on its way, in the relay's thread.
    """

    detail: str = ""
    report: str = ""
    is_done: bool = True
    afterwards: Callable[[], None] = nothing


Handler: TypeAlias = Callable[[Command], Answer]
"""Does what the command says; what it raises is the reply's reason why it was not done."""


class Answered(NamedTuple):
    """A reply, and what is to be done once it is on its way."""

    reply: Reply
    afterwards: Callable[[], None]


class _Waiting(NamedTuple):
    """A slow command, and the device uptime at which it came."""

    command: Command
    came_at_ms: int


def pong(_command: Command) -> Answer:
    """Answer, which is all that is asked."""
    return Answer(detail="pong")


class Commands:
    """Carries commands out. For one thread, which also fetches the replies.

    Args:
        quick: name of a command → what does it within milliseconds, in the caller's thread.
        slow: the same for what may take seconds: one at a time, in a thread of its own.
        clock: of this kiosk.
        when_answered: called when a slow one is answered, in its thread.
    """

    def __init__(
        self,
        quick: Mapping[str, Handler],
        slow: Mapping[str, Handler] | None = None,
        *,
        clock: Clock,
        when_answered: Callable[[], None] = nothing,
    ) -> None:
        self._quick = quick
        self._slow = slow or {}
        self._clock = clock
        self._when_answered = when_answered
        self._known: deque[str] = deque(maxlen=REMEMBERED)
        self._answered: SimpleQueue[Answered] = SimpleQueue()
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(self, payload: bytes) -> None:
        """Carry a command out, or let it wait for the slow ones before it.

        One that was taken already (a bridge may double what was sent once) is left alone; one that
        was sent too long ago (the kiosk was frozen meanwhile) is answered, and not done.

        Args:
            payload: as received.

        Raises:
            WireError: it is no command, so there is nobody to reply to.
        """
        command = read(payload, Command)
        if command.id in self._known:
            return
        self._known.append(command.id)
        _log.info("command %s", command.name)
        if self._is_late(command):
            self._answer(command, _be_late)
        elif command.name in self._slow:
            self._let_wait(command)
        else:
            self._answer(command, self._quick.get(command.name, self._refuse))

    def answered(self) -> list[Answered]:
        """The replies since the last call, in order."""
        found = []
        while True:
            try:
                found.append(self._answered.get_nowait())
            except Empty:
                return found

    def close(self) -> None:
        """Take no more, and give a slow one some time to end."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(END_S)

    def _is_late(self, command: Command) -> bool:
        """Whether it was sent too long ago, as far as our clock can tell."""
        now = self._clock.read()
        if command.sent_at is None or not now.is_synced:
            return False
        return instant(now.wall_ms) - command.sent_at > timedelta(seconds=command.expires_in_s)

    def _let_wait(self, command: Command) -> None:
        if self._waiting.qsize() >= MAX_WAITING:
            self._answer(command, _be_busy)
            return
        self._waiting.put(_Waiting(command, self._clock.uptime_ms()))
        if self._thread is None:
            # A daemon: a disk that never answers must not keep the kiosk from ending.
            self._thread = threading.Thread(target=self._work, name="commands", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """Do the slow ones, one by one, unless they have waited for too long."""
        while (waiting := self._waiting.get()) is not None:
            command = waiting.command
            is_late = self._clock.uptime_ms() - waiting.came_at_ms > command.expires_in_s * 1000
            self._answer(command, _be_late if is_late else self._slow[command.name])
            self._when_answered()

    def _answer(self, command: Command, handler: Handler) -> None:
        try:
            answer = handler(command)
        except Exception as error:  # noqa: BLE001  # the reply tells it, and the kiosk lives on
            _log.exception("command %s failed", command.name)
            told = f"failed: {type(error).__name__}: {error}"[:MAX_DETAIL]
            answer = Answer(detail=masked(told), is_done=False)  # it may quote anything
        reply = Reply(
            v=VERSION,
            command=command.id,
            ok=answer.is_done,
            detail=fit(answer.detail, MAX_DETAIL, MAX_DETAIL_BYTES),
            report=fit(answer.report, MAX_REPORT, MAX_REPORT_BYTES),
        )
        self._answered.put(Answered(reply, answer.afterwards))

    def _refuse(self, _command: Command) -> Answer:
        known = ", ".join(sorted({*self._quick, *self._slow}))
        return Answer(detail=f"unknown command; this kiosk knows {known}", is_done=False)


def _be_late(command: Command) -> Answer:
    seconds = command.expires_in_s
    return Answer(detail=f"not done: it waited for more than {seconds} s", is_done=False)


def _be_busy(_command: Command) -> Answer:
    return Answer(detail="not done: too many commands wait; ask again later", is_done=False)


def fit(text: str, most: int, most_bytes: int) -> str:
    """``text`` as a reply may carry it: legible, and cut with a note where it is too long.

    Args:
        text: anything.
        most: characters.
        most_bytes: of JSON.
    """
    clean = "".join(_legible(each) for each in text)
    if len(clean) <= most and _json_bytes(clean) <= most_bytes:
        return clean
    kept, room = clean[: most - len(CUT)], most_bytes - _json_bytes(CUT)
    while (size := _json_bytes(kept)) > room:
        kept = kept[: len(kept) * room // size]
    return kept + CUT


def _json_bytes(text: str) -> int:
    return len(msgspec.json.encode(text))


def _legible(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
