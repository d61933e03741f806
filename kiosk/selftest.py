"""The self-test: is every part of this kiosk as it should be? In words that a clerk can read out.

Some checks only look (:meth:`SelfTest.passive`): the firmware may run them while it serves. The
others need the panel for themselves, and somebody who looks, presses and listens.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from typing import Final, Literal, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from hardware.displays import DRM, find_displays
from hardware.panel import Closure, Panel
from hardware.sound import Sound
from kiosk.clock import Clock, instant
from kiosk.database import OUTBOX_NAME
from kiosk.destination import broker_addresses
from kiosk.faces import name_of
from kiosk.opening import look_at
from kiosk.scene import Fact
from kiosk.settings import Settings
from kiosk.speech.phrases import utterance
from kiosk.words import Words

CheckName: TypeAlias = Literal[
    "lights",
    "buttons",
    "sound",
    "headphones",
    "speech",
    "screen",
    "disk",
    "clock",
    "broker",
    "outbox",
]
Mark: TypeAlias = Literal["good", "bad", "unknown"]

PRESS_MS: Final = 20_000
"""How long we wait for each button to be pressed."""

LEAST_FREE_BYTES: Final = 64 * 1024 * 1024
SLOWEST_WRITE_MS: Final = 250.0
"""Thanks follow the commit, and half a second is what people bear; a good card needs 5 to 50 ms."""

_WRITES: Final = 5
_PAGE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended.

    Attributes:
        check: which, for programs.
        name: which, for people.
        mark: ``unknown`` for what nobody could tell.
        text: what was found, and what to do.
    """

    check: CheckName
    name: str
    mark: Mark
    text: str

    @property
    def fact(self) -> Fact:
        """The same as a line of the maintenance screen."""
        return Fact(name=self.name, text=self.text, mark=self.mark)


class Person(Protocol):
    """Somebody who stands at the kiosk."""

    def tell(self, text: str) -> None:
        """Say what to do."""

    def ask(self, question: str) -> bool | None:
        """Return what they answer; ``None`` for "I don't know"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """All checks; each runs when its result is asked for.

    Attributes:
        settings: of this kiosk: what it hasn't got is not tested.
        words: the language of the results.
        clock: of this kiosk.
        zone: of the times that are told: a Pi's own is often UTC.
        is_connected: whether the broker answers.
        panel: for the checks with a person.
        sound: for the same; ``None`` without a loudspeaker.
        person: ``None`` where nobody is: then those checks end as ``unknown``.
        drm: where the kernel tells of displays.
    """

    settings: Settings
    words: Words
    clock: Clock
    zone: ZoneInfo
    is_connected: Callable[[], bool]
    panel: Panel | None = None
    sound: Sound | None = None
    person: Person | None = None
    drm: Path = DRM

    def run(self) -> Iterator[Result]:
        """All checks."""
        yield from self.with_person()
        yield from self.passive()

    def with_person(self) -> Iterator[Result]:
        """The checks of what is seen, pressed and heard."""
        if self.panel is not None and self.panel.buttons:
            if any(button.startswith("face-") for button in self.panel.buttons):
                yield self._lights(self.panel)
            yield self._buttons(self.panel)
        if self.settings.sound.kind == "alsa" and self.sound is not None:
            yield from self._hearing(self.sound)

    def passive(self) -> Iterator[Result]:
        """The checks that only look."""
        if self.settings.screen is not None:
            yield self._screen()
        yield self._disk()
        yield self._clock()
        yield self._broker()
        yield self._outbox()

    def _lights(self, panel: Panel) -> Result:
        words = self.words
        result = self._asking(
            ("lights", words("Lights")),
            lambda: panel.show("thanks"),
            words("Are all lights of the buttons on?"),
            (words("all are on"), words("not all are on: look at lamps and wires")),
        )
        panel.show("idle")
        return result

    def _buttons(self, panel: Panel) -> Result:
        words, name = self.words, self.words("Buttons")
        if self.person is None:
            return Result("buttons", name, "unknown", self._nobody())
        dead = [button for button in panel.buttons if not self._is_felt(panel, button)]
        if not dead:
            return Result("buttons", name, "good", words("all {n} work", n=len(panel.buttons)))
        named = ", ".join(name_of(button, words) for button in dead)
        text = words("not felt: {buttons}; look at the button and its wires", buttons=named)
        return Result("buttons", name, "bad", text)

    def _is_felt(self, panel: Panel, button: str) -> bool:
        """Ask for one press, and wait for it."""
        if self.person is not None:
            self.person.tell(self.words("Press: {button}", button=name_of(button, self.words)))
        end_ms = self.clock.uptime_ms() + PRESS_MS
        while (left_ms := end_ms - self.clock.uptime_ms()) > 0:
            notices = panel.wait(left_ms / 1000)
            if any(isinstance(each, Closure) and each.button == button for each in notices):
                return True
        return False

    def _hearing(self, sound: Sound) -> Iterator[Result]:
        """The loudspeaker, the headphones, and speech through whichever of them is there."""
        words = self.words
        yield self._asking(
            ("sound", words("Sound")),
            lambda: sound.tone("thanks", is_private=False),
            words("Did you hear a tone?"),
            (words("heard"), words("not heard: look at loudspeaker and volume")),
        )
        asked = words("Plug headphones in, and put them on. Are they on?")
        is_worn = self.person is not None and bool(self.person.ask(asked))
        yield self._headphones(sound, is_worn=is_worn)
        thanks = utterance(words("Thank you!"), words.language)
        yield self._asking(
            ("speech", words("Speech")),
            lambda: sound.say([thanks], is_private=is_worn),
            words("Did you hear words?"),
            (words("heard"), words("not heard: install espeak-ng, or look at the recordings")),
        )

    def _headphones(self, sound: Sound, *, is_worn: bool) -> Result:
        words, name = self.words, self.words("Headphones")
        if not is_worn:
            text = words("no headphones were there") if self.person else self._nobody()
            return Result("headphones", name, "unknown", text)
        return self._asking(
            ("headphones", name),
            lambda: sound.tone("thanks", is_private=True),
            words("Did you hear a tone in the headphones?"),
            (words("heard"), words("not heard: look at the socket, its wires and its setting")),
        )

    def _asking(
        self,
        check: tuple[CheckName, str],
        play: Callable[[], None],
        question: str,
        texts: tuple[str, str],
    ) -> Result:
        """Let something be seen or heard, and ask whether it was: the text if so, and if not."""
        if self.person is None:
            return Result(*check, "unknown", self._nobody())
        play()
        answer = self.person.ask(question)
        if answer is None:
            return Result(*check, "unknown", self.words("nobody could tell"))
        good, bad = texts
        return Result(*check, "good", good) if answer else Result(*check, "bad", bad)

    def _screen(self) -> Result:
        words, name = self.words, self.words("Screen")
        found = find_displays(self.drm)
        if not found:
            return Result("screen", name, "bad", words("none is plugged in: look at its cable"))
        return Result("screen", name, "good", f"{found[0].connector} {found[0].mode}".strip())

    def _disk(self) -> Result:
        words, data, name = self.words, self.settings.data, self.words("Memory card")
        try:
            free_bytes, write_ms = disk_usage(data).free, _write_ms(data)
        except OSError as error:
            text = words("can't be written: {why}; replace it", why=error.strerror)
            return Result("disk", name, "bad", text)
        figures = words(
            "{free} MB free, a write takes {ms} ms", free=free_bytes // 1_000_000, ms=write_ms
        )
        if free_bytes < LEAST_FREE_BYTES:
            return Result("disk", name, "bad", words("almost full: {figures}", figures=figures))
        if write_ms > SLOWEST_WRITE_MS:
            text = words("slow, replace it: {figures}", figures=figures)
            return Result("disk", name, "bad", text)
        return Result("disk", name, "good", figures)

    def _clock(self) -> Result:
        words, now = self.words, self.clock.read()
        time_text = f"{instant(now.wall_ms).astimezone(self.zone):%Y-%m-%d %H:%M}"
        if now.is_synced:
            return Result("clock", words("Clock"), "good", time_text)
        text = words("not set, it says {time}: the time comes over the network", time=time_text)
        return Result("clock", words("Clock"), "bad", text)

    def _broker(self) -> Result:
        words, where, name = self.words, broker_addresses(self.settings), self.words("Server")
        if self.is_connected():
            return Result("broker", name, "good", words("{where} answers", where=where))
        text = words("not enrolled: answers are kept until it is")
        if where:
            text = words("{where} does not answer: look at the network", where=where)
        return Result("broker", name, "bad", text)

    def _outbox(self) -> Result:
        words, path, name = self.words, self.settings.data / OUTBOX_NAME, self.words("Outbox")
        if not path.exists():
            return Result("outbox", name, "unknown", words("nothing was pressed yet"))
        verdict, waiting = look_at(path)
        if verdict != "ok":
            return Result("outbox", name, "bad", words("damaged: {why}", why=verdict))
        return Result("outbox", name, "good", words("whole, answers waiting: {n}", n=waiting))

    def _nobody(self) -> str:
        return self.words("not tested: somebody has to be there")


def _write_ms(folder: Path) -> int:
    """How long it takes until a page is on the disk: the median of a few, in milliseconds.

    Raises:
        OSError: it can't be written.
    """
    trial = folder / "self-test"
    try:
        with trial.open("wb") as file:
            return round(statistics.median(_time_write_ms(file.fileno()) for _ in range(_WRITES)))
    finally:
        trial.unlink(missing_ok=True)


def _time_write_ms(descriptor: int) -> float:
    begin = time.perf_counter()
    os.write(descriptor, bytes(_PAGE_BYTES))
    os.fsync(descriptor)
    return (time.perf_counter() - begin) * 1000
