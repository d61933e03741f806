"""The life of a link: dial, converse, lose the connection, wait, dial again; without threads."""

from __future__ import annotations

import logging
import select
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from broker.link.backoff import Backoff
from broker.link.dial import Address, Dialling
from broker.link.link import LinkError, Message, check_size
from broker.link.stream import BufferedStream
from broker.link.waker import Waker

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """What is said over one connected socket, from the greeting to its end.

    Attributes:
        stream: the socket.
        received: messages that have come and are not yet handed on.
        is_up: the other side accepted us.
        end: why it ended, for people; ``None`` while it lives.
        call_by_s: when :meth:`converse` is to be called again, though nothing happens.
    """

    stream: BufferedStream
    received: list[Message]
    is_up: bool
    end: str | None
    call_by_s: float

    def converse(self, now_s: float, limit: int) -> None:
        """Send what is queued, and read on until ``limit`` messages are there; never blocks."""

    def publish(self, topic: str, payload: bytes, qos: int, *, retained: bool) -> bool:
        """Queue a message; ``False`` when too much waits already."""

    def acknowledge(self, messages: list[Message]) -> None:
        """Queue acknowledgements of those messages that came in this conversation."""

    def say_good_bye(self) -> None:
        """Send what is queued and the last words; may block for a moment."""


class ReconnectingLink(ABC):
    """A :class:`broker.link.link.Link` that keeps one conversation alive."""

    def __init__(
        self, address: Address, timeout_s: float, backoff: Backoff, clock: Callable[[], float]
    ) -> None:
        """Make a link that dials at its first :meth:`receive`."""
        self._address = address
        self._timeout_s = timeout_s
        self._backoff = backoff
        self._clock = clock
        self._waker = Waker()
        self._dialling: Dialling | None = None
        self._conversation: Conversation | None = None
        self._ready: list[Message] = []
        self._generation = 0
        self._connections = 0
        self._since_s = 0.0
        self._give_up_at_s = 0.0
        self._retry_at_s = 0.0
        self._has_news = False
        self._is_closed = False
        self._last_told = ""
        self._trouble = ""

    @abstractmethod
    def _open(self, stream: BufferedStream, generation: int) -> Conversation:
        """Begin a conversation; ``generation`` marks its messages."""

    @property
    def is_connected(self) -> bool:
        """Whether the other side has accepted us, and no end was seen."""
        return self._conversation is not None and self._conversation.is_up

    @property
    def connections(self) -> int:
        """How many connections were made."""
        return self._connections

    @property
    def trouble(self) -> str:
        """Why the last attempt or connection ended, for people; empty while there is one."""
        return self._trouble

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retained: bool = False) -> bool:
        """Queue a message for the next :meth:`receive`; see :class:`broker.link.link.Link`."""
        check_size(topic, payload)
        if self._conversation is None or not self._conversation.is_up:
            return False
        return self._conversation.publish(topic, payload, qos, retained=retained)

    def receive(self, timeout_s: float, limit: int = 1000) -> list[Message]:
        """Go on with everything; return what has come. See :class:`broker.link.link.Link`.

        Raises:
            LinkError: the link is closed.
        """
        if self._is_closed:
            raise LinkError("this link is closed")
        deadline_s = self._clock() + timeout_s
        while True:
            now_s = self._clock()
            self._advance(now_s, limit)
            if self._ready or self._has_news or now_s >= deadline_s:
                self._has_news = False
                taken, self._ready = self._ready[:limit], self._ready[limit:]
                return taken
            self._wait(deadline_s - now_s, now_s)

    def acknowledge(self, messages: list[Message]) -> None:
        """Queue acknowledgements for the next :meth:`receive`."""
        if self._conversation is not None:
            self._conversation.acknowledge(messages)

    def wake(self) -> None:
        """Make a running or the next :meth:`receive` return at once; from any thread."""
        self._waker.wake()

    def close(self) -> None:
        """Say good-bye and release everything; again is harmless."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._conversation is not None:
            if self._conversation.is_up:
                self._conversation.say_good_bye()
            self._conversation.stream.close()
            self._conversation = None
        if self._dialling is not None:
            self._dialling.close()
        self._waker.close()

    def _advance(self, now_s: float, limit: int) -> None:
        """Do what can be done now, without blocking."""
        try:
            if self._dialling is not None:
                self._dial_on(self._dialling, now_s)
            elif self._conversation is None and now_s >= self._retry_at_s:
                self._give_up_at_s = now_s + self._timeout_s
                self._dialling = Dialling(self._address)
        except OSError as error:
            self._drop_dialling()
            self._retry(f"cannot reach {self._address}: {error}", self._backoff.after_failure())
        if self._conversation is not None:
            self._converse(self._conversation, now_s, limit - len(self._ready))

    def _dial_on(self, dialling: Dialling, now_s: float) -> None:
        connected = dialling.step()
        if connected is not None:
            self._dialling = None
            self._generation += 1
            self._conversation = self._open(BufferedStream(connected), self._generation)
        elif now_s >= self._give_up_at_s:
            self._give_up_at_s = now_s + self._timeout_s
            dialling.try_next(TimeoutError("no answer in time"))

    def _drop_dialling(self) -> None:
        if self._dialling is not None:
            self._dialling.close()
            self._dialling = None

    def _converse(self, conversation: Conversation, now_s: float, limit: int) -> None:
        was_up = conversation.is_up
        conversation.converse(now_s, limit)
        if conversation.is_up and not was_up:
            self._connections += 1
            self._since_s = now_s
            self._has_news = True
            self._trouble = ""
            self._tell(logging.INFO, f"connected to {self._address}")
        # Until it is up, messages of an old session wait: answers to them could not be sent.
        if conversation.is_up or conversation.end or len(conversation.received) >= limit:
            self._ready += conversation.received
            conversation.received.clear()
        if conversation.end is not None:
            self._finish(conversation, conversation.end, now_s)

    def _finish(self, conversation: Conversation, reason: str, now_s: float) -> None:
        self._conversation = None
        conversation.stream.close()
        if not conversation.is_up:
            wait_s = self._backoff.after_failure(was_reached=True)
            self._retry(f"{self._address}: {reason}", wait_s)
            return
        self._has_news = True
        wait_s = self._backoff.after_end(now_s - self._since_s)
        if self._backoff.looks_like_takeover:
            reason += "; again within seconds: has another client our id?"
        self._retry(f"{self._address}: {reason}", wait_s)

    def _retry(self, reason: str, wait_s: float) -> None:
        self._retry_at_s = self._clock() + wait_s
        self._trouble = reason
        self._tell(logging.WARNING, reason)

    def _tell(self, level: int, text: str) -> None:
        """Log a change of state once, not each attempt."""
        if text != self._last_told:
            self._last_told = text
            _log.log(level, text)

    def _wait(self, longest_s: float, now_s: float) -> None:
        """Wait for the network, for :meth:`wake`, or until something is due."""
        poll = select.poll()
        poll.register(self._waker, select.POLLIN)
        if self._dialling is not None:
            poll.register(self._dialling, self._dialling.events)
            longest_s = min(longest_s, self._give_up_at_s - now_s)
        elif self._conversation is not None:
            stream = self._conversation.stream
            poll.register(stream, select.POLLIN | (select.POLLOUT if stream.unsent else 0))
            longest_s = min(longest_s, self._conversation.call_by_s - now_s)
        else:
            longest_s = min(longest_s, self._retry_at_s - now_s)
        poll.poll(max(0.0, longest_s) * 1000)
        if self._waker.was_woken():
            self._has_news = True
