"""The visitors' stories at every panel, with the real session, and what is in the real outbox."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import msgspec
import pytest
from gpiozero.pins.mock import MockFactory

from hardware.board import Board
from hardware.gpio import GpioPanel
from hardware.panel import Closure, Fault, Panel
from hardware.virtual import VirtualPanel
from kiosk.drafts import AnswerDraft, AnyDraft
from kiosk.front import SETTLE_MS
from kiosk.outbox import Entry, Outbox
from kiosk.session import Effect, Patience, Record
from tests.kiosk.builders import HandClock, session, told
from tests.kiosk.stories import BUTTONS, STORIES, Story

PINS: Final = (5, 6, 13, 19, 26, 17, 27, 22, 23, 24, 25, 4)
BOARD: Final = Board(
    title="Story board",
    buttons=dict(zip(BUTTONS, PINS, strict=True)),
    lamps={"lamp-1": 12},
    buzzer=16,
)

CLOSE_LOOK_MS: Final = 2.0
"""After an edge we look as often as this, for as long as a press may take to be committed …"""
PRESS_MS: Final = 120.0
SELDOM_MS: Final = 500.0
"""… and then as seldom as this, so that an hour passes in a moment."""


class Kiosk(Protocol):
    """Whatever serves visitors at a panel: :class:`Desk`, or :class:`kiosk.front.Front`."""

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` for something to happen, and do what follows from it."""


class Desk:
    """Session and outbox at a panel, and nothing else."""

    def __init__(self, panel: Panel, clock: HandClock, outbox: Outbox, story: Story) -> None:
        self._panel = panel
        self._clock = clock
        self._outbox = outbox
        self._session = session(story.survey, panel.buttons, patience=Patience())
        self.faults: list[str] = []

    def step(self, timeout_s: float) -> None:
        """Take what the panel noticed, and let the session's time go on."""
        for notice in self._panel.wait(timeout_s):
            if isinstance(notice, Closure):
                self._carry_out(self._session.press(notice))
            elif isinstance(notice, Fault):
                sign = "+" if notice.is_present else "-"
                self.faults.append(f"{sign}{notice.part}:{notice.fault}")
        self._carry_out(self._session.tick(self._clock.uptime_ms() - SETTLE_MS))

    def _carry_out(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Record):
                self._outbox.add([Entry(effect.draft, self._clock.read())])
            else:
                self._panel.show(effect.signal, effect.press_id)


@dataclass(frozen=True, slots=True)
class Bench:
    """A panel, and a hand on its contacts.

    Attributes:
        turn: closes (``True``) or opens the contact of a button.
    """

    panel: Panel
    turn: Callable[[str, bool], None]


@contextlib.contextmanager
def virtual(clock: HandClock) -> Iterator[Bench]:
    """The virtual panel."""
    panel = VirtualPanel(BUTTONS, uptime=lambda: clock.uptime)
    yield Bench(panel, lambda button, level: panel.edge(button, is_closed=level))
    panel.close()


@contextlib.contextmanager
def on_gpio_pins(clock: HandClock) -> Iterator[Bench]:
    """The GPIO panel, on gpiozero's mock pins."""
    factory = MockFactory()
    panel = GpioPanel(BOARD, pin_factory=factory, uptime=lambda: clock.uptime)

    def turn(button: str, level: bool) -> None:
        pin = factory.pin(BOARD.buttons[button])
        pin.drive_low() if level else pin.drive_high()

    yield Bench(panel, turn)
    panel.close()


Kind: TypeAlias = Callable[[HandClock], AbstractContextManager[Bench]]


def _play(story: Story, turn: Callable[[str, bool], None], kiosk: Kiosk, clock: HandClock) -> None:
    """Let the story happen, and time pass until its end."""
    start_ms = busy_until_ms = clock.uptime
    for edge in story.edges:
        _wait_until(start_ms + edge.after_ms, busy_until_ms, kiosk, clock)
        turn(edge.button, edge.is_closed)
        kiosk.step(0)
        busy_until_ms = clock.uptime + PRESS_MS
    _wait_until(start_ms + story.ends_ms, busy_until_ms, kiosk, clock)


def _wait_until(end_ms: float, busy_until_ms: float, kiosk: Kiosk, clock: HandClock) -> None:
    while clock.uptime < end_ms:
        pause_ms = CLOSE_LOOK_MS if clock.uptime < busy_until_ms else SELDOM_MS
        clock.advance(min(pause_ms, end_ms - clock.uptime) / 1000)
        kiosk.step(0)


def _drafts_in(path: Path) -> list[AnyDraft]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
    return [msgspec.json.decode(body, type=AnyDraft) for (body,) in rows]


@pytest.mark.parametrize("kind", [virtual, on_gpio_pins])
@pytest.mark.parametrize("title", STORIES)
def test_a_story_ends_in_the_outbox_as_told(title: str, kind: Kind, tmp_path: Path) -> None:
    """Each press counts as the table says, at each kind of panel, and is dated by its edge."""
    story, clock, path = STORIES[title], HandClock(), tmp_path / "outbox.db"
    start_ms = int(clock.uptime)
    with kind(clock) as bench, closing(Outbox(path)) as outbox:
        desk = Desk(bench.panel, clock, outbox, story)
        _play(story, bench.turn, desk, clock)
    drafts = _drafts_in(path)
    assert tuple(told([Record(draft) for draft in drafts])) == story.events
    assert len({draft.visit for draft in drafts}) == story.visits
    assert tuple(desk.faults) == story.faults
    closed_ms = {int(start_ms + edge.after_ms) for edge in story.edges if edge.is_closed}
    pressed = [draft for draft in drafts if not _is_timeout(draft)]
    assert {draft.uptime_ms for draft in pressed} <= closed_ms


def _is_timeout(draft: AnyDraft) -> bool:
    return isinstance(draft, AnswerDraft) and draft.outcome == "timeout"
