"""The maintenance screen: its lock, what it tells, and the self-test that is run from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeAlias

from hardware.panel import Closure
from kiosk.faces import name_of
from kiosk.maintenance import Maintenance
from kiosk.scene import Choice, Fact, Scene
from kiosk.words import Words

Tell: TypeAlias = Callable[[Words], Iterable[Fact]]
"""Makes lines for people, in their language."""

REFRESH_MS = 1_000
"""How often what is told is looked at again."""


class Inside:
    """What those who look after the kiosk see of it. For one thread, but for its self-test.

    Args:
        lock: who may look.
        tell: the facts.
        test: the self-test; it may take seconds, so it has a thread of its own.
        wake: has the self-test's end seen at once.
    """

    def __init__(self, lock: Maintenance, tell: Tell, test: Tell, wake: Callable[[], None]) -> None:
        self.lock = lock
        self._tell = tell
        self._test = test
        self._wake = wake
        self._facts: tuple[Fact, ...] = ()
        self._tested: tuple[Fact, ...] = ()
        self._felt: tuple[Fact, ...] = ()
        self._refresh_at_ms = 0
        self._testing: threading.Thread | None = None

    @property
    def is_open(self) -> bool:
        """Whether visitors have to wait."""
        return self.lock.state == "open"

    @property
    def next_deadline_ms(self) -> int | None:
        """When there is something to do."""
        deadline_ms = self.lock.next_deadline_ms
        if deadline_ms is None or not self.is_open:
            return deadline_ms
        return min(deadline_ms, self._refresh_at_ms)

    def feel(self, closure: Closure, words: Words) -> None:
        """Somebody tries the buttons: say which one was felt."""
        self.lock.stay(closure.at_ms)
        self._felt = (
            Fact(name=words("Pressed"), text=name_of(closure.button, words), mark="good"),
        )

    def test(self, words: Words, at_ms: int) -> None:
        """Begin the self-test, unless one is under way."""
        self.lock.stay(at_ms)
        if self._testing is not None and self._testing.is_alive():
            return
        self._tested = (Fact(name=words("Self-test"), text=words("under way"), mark="running"),)
        self._testing = threading.Thread(target=self._run_test, args=(words,), name="self-test")
        self._testing.start()

    def scene(self, words: Words, at_ms: int) -> Scene:
        """What is to be seen now."""
        if self.is_open and at_ms >= self._refresh_at_ms:
            self._facts = tuple(self._tell(words))
            self._refresh_at_ms = at_ms + REFRESH_MS
        is_asking = self.lock.state == "asking"
        return Scene(
            number=0,
            state="maintenance",
            language=words.language,
            direction=words.direction,
            title=words("Maintenance"),
            text=self._advice(words, at_ms) if is_asking else "",
            choices=(
                Choice(button="leave", kind="option", text=words("Close")),
                *(() if is_asking else (_self_test(words),)),
            ),
            asks_pin=is_asking,
            facts=() if is_asking else (*self._felt, *self._tested, *self._facts),
        )

    def _advice(self, words: Words, at_ms: int) -> str:
        if self.lock.is_barred(at_ms):
            return words("Too many wrong PINs. Wait, then try again.")
        return words("Wrong PIN") if self.lock.is_wrong else words("PIN")

    def _run_test(self, words: Words) -> None:
        self._tested = tuple(self._test(words))
        self._wake()


def _self_test(words: Words) -> Choice:
    return Choice(button="self-test", kind="option", text=words("Self-test"))
