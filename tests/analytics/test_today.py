"""The *Today* page's figures: what is there, and above all what must not be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from analytics.dashboard.releases import Releases
from analytics.dashboard.today import MAX_PRESSES, Today, read_today
from tests.analytics.feedback import NOW, Feedback


def test_all_but_trials_are_one_total(feedback: Feedback) -> None:
    """Touchpoints that are not in test mode appear nowhere by themselves, only in the total."""
    feedback.place("desk-1")
    feedback.place("desk-2")
    feedback.press("desk-1", 4, times=7)
    feedback.press("desk-2", 1, times=3)
    today = _today(feedback)
    assert [(figure.scale, figure.n) for figure in today.everywhere] == [("faces-4", 10)]
    assert today.everywhere[0].satisfied.share == 0.7
    assert today.recent == 10
    assert "desk-1" not in repr(today)
    assert "desk-2" not in repr(today)


def test_few_votes_are_hidden(feedback: Feedback) -> None:
    """Below five votes there is neither a figure nor a count of the last minutes."""
    feedback.place("desk-1")
    feedback.press("desk-1", 4, times=4)
    today = _today(feedback)
    assert today.everywhere == []
    assert today.recent is None


def test_watching_tells_nothing_of_the_last_press(feedback: Feedback) -> None:
    """A press more does not change what was just shown of the total."""
    feedback.place("desk-1")
    feedback.press("desk-1", 4, times=5)
    releases = Releases()
    before = _today(feedback, releases).everywhere
    feedback.press("desk-1", 1)
    assert _today(feedback, releases).everywhere == before
    feedback.press("desk-1", 1, times=4)
    assert _today(feedback, releases).everywhere[0].n == 10


def test_trials_are_shown_channel_by_channel(feedback: Feedback) -> None:
    """Where there is more than a device; of other touchpoints no channel is shown by itself."""
    for code, is_test in (("trial-1", True), ("trial-2", True), ("desk-1", False)):
        feedback.place(code, is_test=is_test)
    feedback.press("trial-1", 4, times=2)
    feedback.fill_in("trial-1", 1, "qr")
    feedback.fill_in("trial-1", 3, "paper")
    feedback.press("trial-2", 4)
    feedback.fill_in("desk-1", 4, "web")
    found = [
        (e.place, e.channel, e.figure.n, e.figure.satisfied.share)
        for e in _today(feedback).channels
    ]
    assert found == [
        ("Place trial-1", "device", 2, 1.0),
        ("Place trial-1", "paper", 1, 1.0),
        ("Place trial-1", "qr", 1, 0.0),
    ]


def test_trials_stand_for_themselves(feedback: Feedback) -> None:
    """A touchpoint in test mode is shown from its first vote on, and is in no total."""
    feedback.place("trial-1", is_test=True)
    feedback.place("desk-1")
    feedback.press("trial-1", 1)
    feedback.press("desk-1", 4, times=5)
    today = _today(feedback)
    assert [(trial.name, trial.figure.n, trial.recent) for trial in today.trials] == [
        ("Place trial-1", 1, 1)
    ]
    assert [figure.n for figure in today.everywhere] == [5]
    assert today.recent == 5


def test_single_presses_are_of_trials_only(feedback: Feedback) -> None:
    """The newest presses are listed for touchpoints in test mode and for no other, newest first."""
    feedback.place("trial-1", is_test=True)
    feedback.place("desk-1")
    for value in (1, 2, 3):
        feedback.press("trial-1", value, at=NOW - timedelta(minutes=5 - value))
        feedback.press("desk-1", value, at=NOW - timedelta(minutes=5 - value))
    presses = _today(feedback).presses
    assert [(press.place, press.value) for press in presses] == [
        ("Place trial-1", 3),
        ("Place trial-1", 2),
        ("Place trial-1", 1),
    ]
    feedback.press("trial-1", 4, times=20)
    assert len(_today(feedback).presses) == MAX_PRESSES


def test_the_last_minutes_are_fifteen(feedback: Feedback) -> None:
    """Presses of a quarter of an hour ago and more are no longer recent, but still today's."""
    feedback.place("trial-1", is_test=True)
    feedback.press("trial-1", 4, at=NOW - timedelta(minutes=16))
    feedback.press("trial-1", 4, at=NOW - timedelta(minutes=14))
    (trial,) = _today(feedback).trials
    assert (trial.figure.n, trial.recent) == (2, 1)


def test_the_day_is_the_sites(feedback: Feedback) -> None:
    """At 22:30 UTC it is tomorrow in Troyan: the figures start anew, and the clock says so."""
    feedback.place("trial-1", is_test=True)
    late = datetime(2023, 7, 10, 22, 30, tzinfo=UTC)
    feedback.press("trial-1", 4, at=late - timedelta(hours=2))
    feedback.press("trial-1", 4, at=late)
    today = _today(feedback, now=late)
    assert today.on.isoformat() == "2023-07-11"
    assert today.now.hour == 1
    assert [trial.figure.n for trial in today.trials] == [1]


def test_a_correction_counts_for_the_figure(feedback: Feedback) -> None:
    """Figures are the filtered ones: a corrected vote counts with its last value."""
    feedback.place("trial-1", is_test=True)
    feedback.press("trial-1", 1, corrected_to=4)
    (trial,) = _today(feedback).trials
    assert (trial.figure.n, trial.figure.satisfied.share) == (1, 1.0)


def test_an_empty_store_is_an_empty_day(feedback: Feedback) -> None:
    """Without touchpoints there is a site and nothing else."""
    today = _today(feedback)
    assert (today.places, today.everywhere, today.trials, today.presses) == (0, [], [], [])


def _today(feedback: Feedback, releases: Releases | None = None, now: datetime = NOW) -> Today:
    """The only site's day."""
    (today,) = read_today(feedback.database, now, releases or Releases())
    return today


def test_the_last_minutes_are_renewed_by_five(feedback: Feedback) -> None:
    """Who watches the count sees no single press."""
    feedback.place("desk-1")
    releases = Releases()

    def recent() -> int | None:
        (today,) = read_today(feedback.database, NOW, releases)
        return today.recent

    feedback.press("desk-1", 4, times=6)
    assert recent() == 6
    feedback.press("desk-1", 1, times=4)
    assert recent() == 6
    feedback.press("desk-1", 1)
    assert recent() == 11
