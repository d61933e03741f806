"""Live figures are read once for all, and again as soon as there is anything new."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from analytics.dashboard import garbage
from analytics.dashboard.garbage import keep_collections_short
from analytics.dashboard.kept_live import KEPT_S, KeptLive
from broker.store.errors import UnavailableError
from tests.analytics.feedback import NOW, Feedback

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def desk(feedback: Feedback) -> Feedback:
    """A touchpoint."""
    feedback.place("desk-1")
    return feedback


def counter() -> Callable[[], int]:
    """Says how often it was asked."""
    asked: list[None] = []

    def read() -> int:
        asked.append(None)
        return len(asked)

    return read


def test_it_is_read_anew_for_an_event_and_for_a_place(desk: Feedback) -> None:
    """And not without either, whoever asks."""
    kept, read = KeptLive(), counter()

    def ask(moments: int) -> int:
        return kept.of(desk.database, NOW + moments * MOMENT, "today", read)

    assert [ask(0), ask(0), ask(1)] == [1, 1, 1]
    desk.press("desk-1", 4)
    assert [ask(2), ask(3)] == [2, 2]
    desk.place("desk-2")
    assert [ask(4), ask(5)] == [3, 3]


def test_what_goes_by_with_time_is_at_most_seconds_old(desk: Feedback) -> None:
    """At midnight, too, which is the end of ten seconds everywhere."""
    kept, read = KeptLive(), counter()
    midnight = datetime(2023, 7, 10, tzinfo=UTC)
    assert kept.of(desk.database, midnight - MOMENT, "today", read) == 1
    assert kept.of(desk.database, midnight, "today", read) == 2
    assert kept.of(desk.database, midnight + timedelta(seconds=KEPT_S) - MOMENT, "today", read) == 2


def test_each_question_has_its_answer(desk: Feedback) -> None:
    """Of some units, and of all."""
    kept = KeptLive()
    assert kept.of(desk.database, NOW, ("today", frozenset({"revenue"})), lambda: "own") == "own"
    assert kept.of(desk.database, NOW, ("today", frozenset()), lambda: "all") == "all"
    assert kept.of(desk.database, NOW, ("today", frozenset({"revenue"})), lambda: "?") == "own"


def test_a_database_that_is_away_is_not_hidden(desk: Feedback) -> None:
    """What was kept is not shown as if it were current."""
    kept = KeptLive()
    assert kept.of(desk.database, NOW, "today", lambda: 1) == 1

    def away() -> int:
        raise UnavailableError("away")

    with pytest.raises(UnavailableError):
        kept.of(desk.database, NOW + timedelta(seconds=KEPT_S), "today", away)
    assert kept.of(desk.database, NOW + timedelta(seconds=KEPT_S), "today", lambda: 2) == 2


@pytest.fixture
def nobody_listens() -> Iterator[None]:
    """To collections, at first."""
    before = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = before
    gc.unfreeze()


@pytest.mark.usefixtures("nobody_listens")
def test_what_outlives_a_long_collection_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is looked through again, when what became garbage goes."""
    monkeypatch.setattr(garbage, "LONG_S", 0.0)
    gc.unfreeze()
    keep_collections_short()
    keep_collections_short()
    assert len(gc.callbacks) == 1
    assert gc.get_freeze_count() > 0

    class Ring:
        """Garbage that only a collection finds."""

        gone: list[bool] = []  # noqa: RUF012  # of the test

        def __init__(self) -> None:
            self.own = self

        def __del__(self) -> None:
            self.gone.append(True)

    ring = Ring()
    gc.collect()
    del ring
    gc.collect()
    assert not Ring.gone
    monkeypatch.setattr(garbage, "LOOKED_THROUGH_EVERY_S", 0.0)
    gc.collect()
    assert Ring.gone
