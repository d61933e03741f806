"""How long questions wait: the warning, what extends it, and where there is none."""

from __future__ import annotations

import pytest

from broker.wire.surveys import Survey
from kiosk.session import Patience, Session
from tests.kiosk.builders import CAME_FOR, PLAIN, WITH_REASON, closure, run_on, session, told

SHIPPED = Patience()
FOR_ALL = Survey(code="reception", version=9, questions=(PLAIN, CAME_FOR))
"""Everyone is asked the same, so that lamps may tell how it goes."""


@pytest.fixture
def asked() -> Session:
    """A visitor is asked one more question, at 0 ms; 20 s are silent, 20 s a warning."""
    subject = session(FOR_ALL, patience=SHIPPED)
    subject.press(closure("face-1", 0))
    subject.tick(50)
    return subject


def test_the_shipped_patience_keeps_to_the_standard() -> None:
    """WCAG 2.2.1: a warning of 20 s at least, and a simple way to have more time."""
    assert SHIPPED.warn_ms >= 20_000


def test_a_warning_comes_before_the_end(asked: Session) -> None:
    """After 20 s the panel warns, and says until when; after 40 s the question ends."""
    asked.tick(3_000)
    assert asked.next_deadline_ms == 20_000
    assert asked.warns_until_ms == 0
    assert told(asked.tick(20_000)) == ["warn"]
    assert asked.warns_until_ms == asked.next_deadline_ms == 40_000
    assert asked.tick(39_999) == []
    assert told(asked.tick(40_000)) == ["came-for timeout", "idle"]
    assert asked.warns_until_ms == 0


@pytest.mark.parametrize("button", ["extend", "help", "select", "next", "option-9", "face-9"])
def test_any_press_extends_the_warning(asked: Session, button: str) -> None:
    """Also one that means nothing else: somebody is there."""
    asked.tick(20_000)
    assert told(asked.press(closure(button, 39_999))) == ["pressed"]
    assert told(asked.tick(40_049)) == ["ask"]
    assert (asked.state, asked.warns_until_ms) == ("asking", 0)
    assert told(asked.tick(59_999)) == ["warn"]
    assert told(run_on(asked, 100_000)) == ["came-for timeout", "idle"]


def test_a_press_extends_before_the_warning_too(asked: Session) -> None:
    """``extend`` gives another 20 s whenever it comes."""
    asked.press(closure("extend", 15_000))
    assert told(run_on(asked, 34_999)) == ["ask"]
    assert asked.next_deadline_ms == 35_000


def test_an_answer_during_the_warning_is_an_answer(asked: Session) -> None:
    """It counts like any other."""
    asked.tick(20_000)
    asked.press(closure("option-2", 30_000))
    assert told(asked.tick(30_050)) == ["came-for answered papers", "thanks"]
    assert asked.warns_until_ms == 0


def test_two_at_once_extend_nothing(asked: Session) -> None:
    """Void is void: a bag on the panel does not keep the question open."""
    asked.tick(20_000)
    asked.press(closure("option-1", 30_000))
    asked.press(closure("option-2", 30_020))
    assert told(run_on(asked, 100_000)) == ["came-for timeout", "idle"]


def test_who_comes_late_does_not_warn_of_what_is_over(asked: Session) -> None:
    """A kiosk that slept through the warning ends the question, as of when it was due."""
    assert told(asked.tick(100_000)) == ["came-for timeout", "idle"]


def test_thanks_end_without_a_warning() -> None:
    """Nothing is lost: the window in which a face corrects is over."""
    subject = session(WITH_REASON, patience=SHIPPED)
    subject.press(closure("face-4", 0))
    assert told(run_on(subject, 100_000)) == ["rating 4", "thanks", "idle"]


@pytest.mark.parametrize("button", ["language-en", "next"])
def test_who_only_came_is_warned_before_it_is_forgotten(button: str) -> None:
    """Language and focus are lost with the time-out; nothing is recorded."""
    subject = session(WITH_REASON, languages=("bg", "en"), patience=SHIPPED)
    subject.press(closure(button, 0))
    assert told(subject.tick(50)) == ["ask"]
    assert (subject.state, subject.is_idle) == ("asking", False)
    assert told(run_on(subject, 20_000)) == ["warn"]
    assert subject.warns_until_ms == 40_000
    subject.press(closure("extend", 39_000))
    assert told(run_on(subject, 59_000)) == ["ask", "warn"]
    assert subject.language == ("en" if button == "language-en" else "bg")
    assert told(run_on(subject, 79_000)) == ["idle"]
    assert (subject.state, subject.language, subject.focus) == ("idle", "bg", "")
    assert subject.is_idle


@pytest.mark.parametrize("button", ["nonsense", "face-77", "option-0", "language-xx"])
def test_what_is_no_button_is_nothing(asked: Session, button: str) -> None:
    """Only a screen can send it: no light, no more time."""
    assert asked.press(closure(button, 10_000)) == []
    assert told(run_on(asked, 100_000)) == ["warn", "came-for timeout", "idle"]


def test_patience_may_change_at_any_time(asked: Session) -> None:
    """For those who listen; it holds from the next press on."""
    asked.patience = Patience(answer_ms=60_000, warn_ms=30_000)
    asked.press(closure("extend", 10_000))
    asked.tick(10_050)
    assert asked.next_deadline_ms == 70_000
    assert told(asked.tick(70_000)) == ["warn"]
    assert asked.warns_until_ms == 100_000
