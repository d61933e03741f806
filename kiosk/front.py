"""The visitor's side of a kiosk: panel and screen → session → outbox → thanks."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from msgspec.structs import replace

from broker.wire.messages import Command
from broker.wire.surveys import Survey
from hardware.ids import mint_id
from hardware.panel import Closure, Fault, Notice, Signal
from kiosk.gestures import take_gesture
from kiosk.house import House
from kiosk.means import Means
from kiosk.programme import UNKNOWN_LANGUAGES
from kiosk.scene import Complaint, Gesture, Scene
from kiosk.session import Effect, Patience, Record, Session
from kiosk.visit import Step
from kiosk.words import Words

_log: Final = logging.getLogger(__name__)

SETTLE_MS: Final = 15
"""A press is reported up to 12 ms after its first edge. So the session's time runs this much
behind, else a second button 45 ms after the first would come too late to make both void."""

IDENTIFY_MS: Final = 3_000
"""How long lights, screen and sound tell which kiosk of a hall this is."""

FLASH_MS: Final = 500
"""Meanwhile the screen's frame is lit and dark for so long in turns, and each light has a tone."""

IDLE_S: Final = 5.0
"""How long a step lasts at most: a watchdog has to hear from us."""

SLOW: Final = 3
"""How many times as long questions wait for slow readers, and for those who listen."""

Mode: TypeAlias = Literal["serving", "maintenance", "not-set-up", "out-of-order", "out-of-hours"]

SIGNALS: Final[dict[Mode, Signal]] = {
    "serving": "idle",
    "maintenance": "maintenance",
    "not-set-up": "not-set-up",
    "out-of-order": "out-of-order",
    "out-of-hours": "closed",
}


class Front:
    """Serves visitors. For one thread, but for :meth:`identify`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._is_heard = False
        self._session: Session | None = None
        self._mode: Mode | None = None
        self._signal: Signal = "out-of-order"
        self._identify_by_ms: int | None = None
        self._dark_at_ms: int | None = None
        self._lacking: dict[str, frozenset[str]] = {}
        self._look()

    def run(self, stop: threading.Event) -> None:
        """Serve visitors until ``stop`` is set; wake the panel to have that seen at once."""
        self._show()
        while not stop.is_set():
            self.step(IDLE_S)

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` for something to happen, and do what follows from it."""
        house = self._house
        for notice in house.panel.wait(min(timeout_s, self._patience_s())):
            self._take(notice)
        now_ms = house.clock.uptime_ms()
        for fault in house.stage.faults():
            self._take(fault)
        for old in house.programme.outdated(has_screen=house.stage.has_screen):
            self.take(Complaint(fault=old, is_present=False))
        if self._session is not None:
            self._adapt(self._session, now_ms)
            self._carry_out(self._session.tick(now_ms - SETTLE_MS))
        house.recorder.probe()
        house.inside.lock.tick(now_ms)
        self._look()
        self._light_up(now_ms)
        self._show()
        house.when_stepped()

    def take(self, gesture: Gesture) -> None:
        """Take what a screen said; the panel calls this while we wait for it."""
        take_gesture(gesture, self._house, self._words())
        self._house.panel.wake()

    def identify(self, command: Command) -> str:
        """Blink and beep as soon as nobody is here, so that people see which kiosk this is."""
        self._identify_by_ms = self._house.clock.uptime_ms() + command.expires_in_s * 1000
        self._house.panel.wake()
        return f"it blinks and beeps for {IDENTIFY_MS // 1000} s, as soon as nobody is at it"

    @property
    def is_idle(self) -> bool:
        """Whether nobody is here."""
        return self._session is None or self._session.is_idle

    def _look(self) -> None:
        """When nobody is here, begin with what is on by now."""
        programme = self._house.programme
        if not self.is_idle or not programme.look() or programme.configuration is None:
            return
        self._house.health.set_configuration(programme.configuration.revision)
        self._tell("words", frozenset(programme.mute))
        before, self._session = (
            self._session,
            Session(
                programme.configuration,
                survey=programme.survey,
                means=self._means(),
                new_id=mint_id,
                new_visit=lambda: secrets.token_hex(16),  # it says nothing, not even when
            ),
        )
        if before is not None:
            self._session.follow(before)

    def _means(self) -> Means:
        return Means(
            buttons=frozenset(self._house.panel.buttons),
            is_touched=self._house.stage.has_screen,
            is_heard=self._is_heard,
            is_seen=self._house.stage.has_screen,
        )

    def _adapt(self, session: Session, now_ms: int) -> None:
        """Screens and headphones come and go; who reads slowly or listens needs more time."""
        session.is_last = self._house.programme.is_ending
        means = self._means()
        if means != session.means:
            session.means = means
        survey, configuration = self._house.programme.survey, self._house.programme.configuration
        if survey is None or configuration is None:
            return
        is_slow = configuration.presentation.is_slow or means.is_heard
        usual = Patience()
        session.patience = Patience(usual.answer_ms * SLOW if is_slow else usual.answer_ms)
        if speaks_for_ms := self._house.stage.speaks_for_ms:
            session.grant(now_ms + speaks_for_ms + usual.answer_ms)
        self._report_lacking(_needed(survey, means))

    def _report_lacking(self, needed: frozenset[str]) -> None:
        """Tell which values of the survey can't be given here: then the figures are worthless."""
        lacking = needed - frozenset(self._house.panel.buttons)
        if self._tell("panel", lacking):
            _log.error("the survey needs buttons that this panel lacks: %s", sorted(lacking))

    def _tell(self, part: str, lacking: frozenset[str]) -> frozenset[str]:
        """Tell the heartbeat what ``part`` lacks, and what no more; returns what is new."""
        before, self._lacking[part] = self._lacking.get(part, frozenset()), lacking
        for each in before ^ lacking:
            self._house.health.set_fault(part, f"lacks-{each}", is_present=each in lacking)
        return lacking - before

    def _patience_s(self) -> float:
        """How long nothing has to be done unless somebody presses."""
        house = self._house
        deadlines = [
            house.recorder.next_deadline_ms,
            house.inside.next_deadline_ms,
            self._next_flash_ms(house.clock.uptime_ms()),
        ]
        if self._session is not None and self._session.next_deadline_ms is not None:
            deadlines.append(self._session.next_deadline_ms + SETTLE_MS)
        elif self.is_idle:
            deadlines.append(house.programme.next_deadline_ms)
        known = [deadline for deadline in deadlines if deadline is not None]
        left_ms = min(known) - house.clock.uptime_ms() if known else IDLE_S * 1000
        return max(0.0, left_ms) / 1000

    def _take(self, notice: Notice) -> None:
        house = self._house
        if isinstance(notice, Closure):
            self._press(notice)
        elif isinstance(notice, Fault):
            _log.warning("%s: %s, present: %s", notice.part, notice.fault, notice.is_present)
            house.health.set_fault(notice.part, notice.fault, is_present=notice.is_present)
        elif notice.part == "headphones":
            self._is_heard = notice.is_in

    def _press(self, closure: Closure) -> None:
        """A press is a visitor's, unless nobody is to be served now."""
        mode = self._now()
        if mode == "maintenance":
            self._house.inside.feel(closure, self._words())
        elif self._session is not None and mode in ("serving", "out-of-order"):
            self._carry_out(self._session.press(closure))

    def _carry_out(self, effects: Iterable[Effect]) -> None:
        """Commit and show, in order. Where a commit fails, nothing after it happens: no thanks."""
        for effect in effects:
            if not isinstance(effect, Record):
                self._set_signal(effect.signal, effect.press_id)
            elif not self._house.recorder.keep(effect.draft):
                if self._session is not None:
                    self._carry_out(self._session.fail())
                return

    def _set_signal(self, signal: Signal, press_id: str | None = None) -> None:
        self._signal = signal
        self._house.stage.signal(signal, press_id)

    def _now(self) -> Mode:
        """What comes before what: the maintainer, then what keeps us from serving anybody."""
        house = self._house
        if house.inside.is_open:
            return "maintenance"
        if self._session is None or not self._session.is_fair:
            return "not-set-up"
        if self.is_idle and not house.programme.is_open:
            return "out-of-hours"
        return "out-of-order" if house.recorder.is_out_of_order else "serving"

    def _show(self) -> None:
        """Let lamps and screen say what the kiosk is doing."""
        mode = self._now()
        if mode != self._mode:
            self._mode = mode
            if self._signal != SIGNALS[mode] and (mode != "serving" or self.is_idle):
                self._set_signal(SIGNALS[mode])
        scene = replace(self._scene(mode), is_private=self._is_heard)
        is_lit = scene.is_pressed or self._is_flashing(self._house.clock.uptime_ms())
        self._house.stage.set(replace(scene, is_pressed=is_lit))

    def _scene(self, mode: Mode) -> Scene:
        house = self._house
        if mode == "maintenance" or house.inside.lock.state == "asking":
            return house.inside.scene(self._words(), house.clock.uptime_ms())
        if self._session is None or mode == "out-of-hours":
            return house.programme.rest()
        if mode == "not-set-up":
            return house.programme.scenery.lacking()
        if mode == "out-of-order":
            return house.programme.scenery.out_of_order()
        return house.programme.scenery.asking(self._session, is_private=self._is_heard)

    def _words(self) -> Words:
        configuration = self._house.programme.configuration
        languages = UNKNOWN_LANGUAGES if configuration is None else configuration.languages
        return self._house.words_of(languages[0])

    def _light_up(self, now_ms: int) -> None:
        """Carry :meth:`identify` out, unless it is too late, and put the lights out again."""
        if self._dark_at_ms is not None and now_ms >= self._dark_at_ms:
            self._dark_at_ms = None
            if self.is_idle:
                self._set_signal(SIGNALS[self._now()])
        if self._identify_by_ms is not None and self.is_idle:
            if now_ms < self._identify_by_ms:
                self._set_signal("identify")
                self._dark_at_ms = now_ms + IDENTIFY_MS
            self._identify_by_ms = None

    def _flashes_left(self, now_ms: int) -> int:
        """Lights and darks until :meth:`identify` is over, this one among them."""
        return 0 if self._dark_at_ms is None else -((now_ms - self._dark_at_ms) // FLASH_MS)

    def _is_flashing(self, now_ms: int) -> bool:
        left = self._flashes_left(now_ms)
        return self.is_idle and left > 0 and left % 2 == 0

    def _next_flash_ms(self, now_ms: int) -> int | None:
        """When light turns into dark or back; ``None`` while there is nothing to identify."""
        if self._dark_at_ms is None:
            return None
        return self._dark_at_ms - max(0, self._flashes_left(now_ms) - 1) * FLASH_MS


def _needed(survey: Survey, means: Means) -> frozenset[str]:
    """What there must be, that all ratings of ``survey`` can be given."""
    if means.are_enough:
        return frozenset()
    first, *others = survey.questions
    faces = Step(first).answers if means.faces else ()
    is_screen_needed = not means.faces or any(question.scale for question in others)
    return frozenset((*faces, "screen")) if is_screen_needed else frozenset(faces)
