"""When a kiosk asks for its next certificate; the clock is in our hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import Reading
from kiosk.renewer import PATIENCE_MS, PAUSE_MS, Child, Renewer, is_due
from kiosk.standing import fault_of
from tests.kiosk.papers import BEGAN_AT, LASTS, kept

CURRENT = kept()
DUE_AT = BEGAN_AT + timedelta(days=60)


class Rotation:
    """A child that runs until we say how it ended."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.is_killed = False

    def poll(self) -> int | None:
        """Its status."""
        return -9 if self.is_killed else self.status

    def kill(self) -> None:
        """It is dead."""
        self.is_killed = True

    def wait(self) -> int:
        """It ended."""
        return -9


class Hand:
    """A renewer and its clock."""

    def __init__(self, seed: int = 1) -> None:
        self.started: list[Rotation] = []
        self.starts_ms: list[int] = []
        self.uptime_ms = 0
        self.renewer = Renewer(self._start, Random(seed))

    def _start(self) -> Child:
        self.started.append(Rotation())
        self.starts_ms.append(self.uptime_ms)
        return self.started[-1]

    def step(
        self, at: datetime = DUE_AT, after_ms: int = 60_000, *, is_synced: bool = True
    ) -> None:
        """Let time pass."""
        self.uptime_ms += after_ms
        now = Reading("boot", self.uptime_ms, int(at.timestamp() * 1000), is_synced)
        self.renewer.attend(CURRENT, None, now, cut_off_ms=0)


@given(st.floats(0, 90))
def test_it_is_due_after_two_thirds_of_its_life(days: float) -> None:
    """Of 90 days: 60."""
    assert is_due(CURRENT, None, BEGAN_AT + timedelta(days=days)) == (days >= 60)


def test_one_that_waits_to_be_accepted_is_asked_for_once() -> None:
    """Until it has waited for a day: then there may be something wrong with it."""
    following = kept(began_at=DUE_AT - timedelta(days=1))
    assert not is_due(CURRENT, following, DUE_AT + timedelta(hours=23))
    assert is_due(CURRENT, following, DUE_AT + timedelta(hours=25))


def test_nothing_is_asked_before_its_time_or_by_a_wrong_clock() -> None:
    """A kiosk in 1970, or in 2100, asks for nothing."""
    hand = Hand()
    for _ in range(300):
        hand.step(at=DUE_AT - timedelta(minutes=1))
        hand.step(at=DUE_AT + timedelta(days=30_000), is_synced=False)
    assert hand.started == []


def test_a_failed_rotation_is_tried_again_after_an_hour_at_least() -> None:
    """At most once an hour, whatever the server says; and until it works."""
    hand = Hand()
    for _ in range(48 * 60):
        hand.step()
        if hand.started:
            hand.started[-1].status = 1
    pauses = [b - a for a, b in zip(hand.starts_ms, hand.starts_ms[1:], strict=False)]
    assert len(pauses) > 20
    assert min(pauses) >= PAUSE_MS
    assert max(pauses) <= 2 * PAUSE_MS + 60_000


def test_kiosks_of_one_morning_do_not_ask_in_one_minute() -> None:
    """A hundred of them spread over an hour."""
    first = []
    for seed in range(100):
        hand = Hand(seed)
        while not hand.started:
            hand.step()
        first.append(hand.starts_ms[0])
    assert max(first.count(each) for each in first) < 10
    assert max(first) <= PAUSE_MS + 60_000


def test_a_rotation_that_hangs_is_ended() -> None:
    """And is no reason not to try again."""
    hand = Hand()
    while not hand.started:
        hand.step()
    hand.step(after_ms=PATIENCE_MS + 1)
    assert hand.started[0].is_killed
    for _ in range(200):
        hand.step()
    assert len(hand.started) > 1


def test_the_end_of_the_kiosk_ends_it() -> None:
    """Nothing is left behind."""
    hand = Hand()
    while not hand.started:
        hand.step()
    hand.renewer.close()
    assert hand.started[0].is_killed


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [
        ("", None),
        ("cannot reach 10.0.0.5:8883: [Errno 113] No route to host", None),
        ("x: connection lost ([SSL: …] sslv3 alert certificate revoked (_ssl.c:2580))", "refused"),
        ("x: connection lost ([SSL: …] tlsv1 alert unknown ca (_ssl.c:2580))", "refused"),
        ("x: connection lost ([SSL: …] ssl/tls alert certificate expired (_ssl.c))", "expired"),
        ("x: the broker refuses us: Not authorized", "refused"),
        ("x: certificate verify failed: certificate is not yet valid (_ssl.c)", "not-yet-valid"),
        ("x: certificate verify failed: certificate has expired (_ssl.c)", None),
        ("x: certificate verify failed: unable to get local issuer certificate (_ssl.c)", None),
    ],
)
def test_what_is_wrong_is_read_from_what_the_network_said(trouble: str, fault: str | None) -> None:
    """Only what our certificate, or our clock, has to do with."""
    wall_ms = int((BEGAN_AT + LASTS / 2).timestamp() * 1000)
    assert fault_of(CURRENT, Reading("boot", 1, wall_ms, is_synced=True), trouble) == fault
