"""The parts that the visitor's side works with, in one bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hardware.panel import Panel
from kiosk.clock import Clock
from kiosk.health import Health
from kiosk.inside import Inside
from kiosk.programme import Programme
from kiosk.recorder import Recorder
from kiosk.scenes import WordsOf
from kiosk.stage import Stage


@dataclass(frozen=True, slots=True)
class House:
    """What a front works with.

    Attributes:
        panel: what people press; it also waits for the screens.
        stage: by what the kiosk answers.
        programme: what is on.
        recorder: where presses are kept.
        clock: the same uptime as the panel's.
        health: hears of faults.
        inside: the maintenance screen.
        words_of: gives the kiosk's own words in a language.
        when_stepped: called after each step: the sign of life.
    """

    panel: Panel
    stage: Stage
    programme: Programme
    recorder: Recorder
    clock: Clock
    health: Health
    inside: Inside
    words_of: WordsOf
    when_stepped: Callable[[], None] = lambda: None
