"""Lamps and buzzer, which the clerk sees and hears, tell nothing of what was pressed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from broker.wire.codec import write
from broker.wire.surveys import Survey
from hardware.buttons import Press
from hardware.panel import FOUR_FACES, Signal
from kiosk.means import Means
from kiosk.session import Patience, Session, Show
from tests.kiosk.builders import (
    CAME_FOR,
    PLAIN,
    THREE,
    TWO_RATINGS,
    WITH_CHOICE,
    WITH_CONDITIONS,
    WITH_REASON,
    closure,
    configured,
    session,
    uuid,
)
from tests.kiosk.reception import Hall

SURVEYS: Final = {
    "a follow-up": WITH_REASON,
    "a follow-up and a choice": WITH_CHOICE,
    "a follow-up, a choice, a rating": THREE,
    "conditions": WITH_CONDITIONS,
    "two ratings": TWO_RATINGS,
}
KEYS: Final = frozenset({*FOUR_FACES, "previous", "next", "select", "help"})
MEANS: Final = {
    "faces": Means(frozenset(FOUR_FACES)),
    "faces and options": Means(frozenset({*FOUR_FACES, "option-1", "option-2", "skip"})),
    "screen": Means(frozenset(FOUR_FACES), is_touched=True),
    "headphones": Means(KEYS, is_heard=True),
}
VALUES: Final = (1, 2, 3, 4)
END_MS: Final = 200_000

Timeline = list[tuple[int, Signal]]


def _timeline(subject: Session, *pressed: tuple[str, int]) -> Timeline:
    """What the lamps show, and when, while time runs on."""
    shown: Timeline = []
    waiting = [closure(button, at_ms) for button, at_ms in pressed]
    while True:
        next_ms = subject.next_deadline_ms
        if waiting and (next_ms is None or next_ms >= waiting[0].at_ms):
            at_ms, effects = waiting[0].at_ms, subject.press(waiting.pop(0))
        elif next_ms is not None and next_ms <= END_MS:
            at_ms, effects = next_ms, subject.tick(next_ms)
        else:
            return shown
        shown += [(at_ms, effect.signal) for effect in effects if isinstance(effect, Show)]


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize("survey", SURVEYS)
def test_the_lamps_do_the_same_for_every_value(survey: str, means: str) -> None:
    """Whatever is asked of those who pressed it, and though they leave without an answer."""
    rated, corrected = (
        [
            _timeline(
                session(SURVEYS[survey], means=MEANS[means], patience=Patience()),
                *((f"face-{(value + n) % 4 + 1}", n * 1_500) for n in range(presses)),
            )
            for value in VALUES
        ]
        for presses in (1, 2)
    )
    assert rated == [rated[0]] * 4
    assert corrected == [corrected[0]] * 4
    assert rated[0][:2] == [(0, "pressed"), (50, "thanks")]
    assert rated[0][-1][1] == "idle"


def test_what_everyone_is_asked_may_be_seen() -> None:
    """Then lamps invite, warn, and go out; on a kiosk of faces that is all that asks."""
    survey = Survey(code="reception", version=9, questions=(PLAIN, CAME_FOR))
    shown = _timeline(session(survey, patience=Patience()), ("face-1", 0))
    assert shown[2:] == [(50, "ask"), (20_000, "warn"), (40_000, "idle")]


def test_a_press_at_a_follow_up_is_felt_and_no_more() -> None:
    """The lamps light up, and go out: they don't say that somebody is still asked."""
    shown = _timeline(session(WITH_REASON, patience=Patience()), ("face-1", 0), ("extend", 10_000))
    assert shown[2:] == [(3_000, "idle"), (10_000, "pressed"), (10_050, "idle")]


def test_lamps_go_out_though_headphones_come_meanwhile() -> None:
    """They invited, for everyone was asked the same by the faces; now a reason could be told."""
    subject = session(THREE, means=MEANS["faces"], patience=Patience())
    subject.press(closure("face-1", 0))
    subject.tick(50)
    subject.means = MEANS["headphones"]
    assert [signal for _, signal in _timeline(subject)] == ["warn", "idle"]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as opened:
        yield opened


@pytest.mark.parametrize("survey", SURVEYS)
def test_a_kiosk_with_a_screen_is_as_discreet(
    survey: str, tmp_path: Path, stack: ExitStack
) -> None:
    """As its panel shows it, to the millisecond."""
    told = []
    for value in VALUES:
        folder = tmp_path / str(value)
        folder.mkdir()
        hall = Hall(folder, stack, FOUR_FACES, has_screen=True)
        hall.configuration.offer(write(configured(SURVEYS[survey], revision=1)))
        hall.run(1)
        hall.shown.clear()
        begun_ms = hall.clock.uptime
        hall.play(Press(button=f"face-{value}", id=uuid(1)), seconds=100)
        told.append([(each.signal, round(each.at_ms - begun_ms)) for each in hall.shown])
    assert told == [told[0]] * 4
