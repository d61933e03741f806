"""The ledger: what was pressed and thanked for, on disk before it matters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otziv.demo.ledger import Ledger


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """A run's ledger."""
    ledger = Ledger(path)
    try:
        yield ledger
    finally:
        ledger.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is kept; its folder is not there yet."""
    return tmp_path / "demo" / "ledger.jsonl"


def test_presses_and_thanks_are_kept(path: Path) -> None:
    """In order, with their times, each thanked for once however often it is told."""
    with opened(path) as ledger:
        ledger.press("a", "demo-01", "face-4")
        ledger.press("b", "demo-02", "face-1")
        ledger.thanks("a")
        first = ledger.presses["a"].thanked_at_s
        ledger.thanks("a")
        assert ledger.presses["a"].thanked_at_s == first
        a, b = ledger.taken()
        assert (a.token, a.kiosk, a.button) == ("a", "demo-01", "face-4")
        assert first is not None
        assert first >= a.pressed_at_s
        assert b.thanked_at_s is None


def test_it_is_on_disk_at_once(path: Path) -> None:
    """Each line is written when it happens, not when the run ends."""
    with opened(path) as ledger:
        ledger.press("a", "demo-01", "face-4")
        ledger.thanks("a")
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines == [
        {"what": "press", "token": "a", "kiosk": "demo-01", "button": "face-4"},
        {"what": "thanks", "token": "a"},
    ]


def test_a_press_that_reached_nobody_is_withdrawn(path: Path) -> None:
    """It is no press of the run; thanks for it would be thanks for nothing."""
    with opened(path) as ledger:
        ledger.press("a", "demo-01", "face-4")
        ledger.withdraw("a")
        ledger.withdraw("never")
        ledger.thanks("a")
        assert ledger.taken() == []


def test_void_and_stored_are_noted(path: Path) -> None:
    """The first receipt is the one that counts; words about strangers are nobody's."""
    with opened(path) as ledger:
        ledger.press("a", "demo-01", "face-4")
        ledger.void("a")
        ledger.stored("a")
        first = ledger.presses["a"].stored_at_s
        ledger.stored("a")
        for note in (ledger.void, ledger.stored, ledger.thanks):
            note("stranger")
        (press,) = ledger.taken()
        assert press.is_void
        assert press.stored_at_s == first is not None


def test_earlier_runs_are_known_by_their_tokens(path: Path) -> None:
    """A later run has presses of its own, and the tokens of all before it."""
    for token in ("a", "b"):
        with opened(path) as ledger:
            ledger.press(token, "demo-01", "face-4")
            ledger.thanks(token)
    with opened(path) as ledger:
        assert ledger.earlier == {"a", "b"}
        assert ledger.taken() == []


def test_a_line_cut_short_costs_nothing_but_itself(path: Path) -> None:
    """Neither what stands before it, nor what the next run writes behind it."""
    with opened(path) as ledger:
        ledger.press("a", "demo-01", "face-4")
    with path.open("ab") as file:
        file.write(b'{"what": "press", "tok\xd0')
    with opened(path) as ledger:
        assert ledger.earlier == {"a"}
        ledger.press("b", "demo-01", "face-4")
    with opened(path) as ledger:
        assert ledger.earlier == {"a", "b"}


def test_lines_of_somebody_else_are_left_out(path: Path) -> None:
    """Whatever else is in the file is not taken for a press."""
    path.parent.mkdir()
    path.write_text('7\nnull\n[]\n{"what": "press"}\n\n{"token": "a"}\n', encoding="utf-8")
    with opened(path) as ledger:
        assert ledger.earlier == {"a"}
