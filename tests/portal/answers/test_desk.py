"""The desk: a crowd shares transactions, each is told of its own, and one's fault is its own."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from broker.intake.submission import Given, Submission
from broker.store.completeness import completeness
from broker.store.errors import StoreError
from portal.surveys.desk import AnswerDesk
from portal.web.portal import Portal


@pytest.fixture
def desk(portal: Portal) -> AnswerDesk:
    """A desk of the site."""
    return AnswerDesk(portal.feedback, portal.settings.site, portal.clock)


def form(portal: Portal, desk: AnswerDesk, nonce: str, value: int = 4) -> Submission:
    """A form with one answer."""
    now = portal.clock()
    return Submission(
        nonce=nonce,
        sender=desk.sender,
        touchpoint="hall-web",
        survey="brief",
        version=1,
        channel="web",
        input="form",
        language="bg",
        answered_at=now,
        received_at=now,
        answers=(Given("overall", scale="faces-5", value=value),),
    )


def test_a_crowd(portal: Portal, desk: AnswerDesk) -> None:
    """Each of many at once gets its verdict; what can't be is told to its own sender only."""
    told: dict[int, str] = {}
    gate = threading.Barrier(30)

    def send(number: int) -> None:
        value = 9 if number % 10 == 0 else 4
        submission = form(portal, desk, f"n{number // 2 if number % 10 else number}", value)
        gate.wait()
        try:
            told[number] = desk.take(submission)
        except ValueError:
            told[number] = "refused"

    threads = [threading.Thread(target=send, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == 30
    assert [told[number] for number in (0, 10, 20)] == ["refused"] * 3
    assert sorted({told[number] for number in range(30) if number % 10}) == ["known", "stored"]
    (account,) = completeness(portal.feedback)
    stored = sum(verdict == "stored" for verdict in told.values())
    assert (account.made, account.stored, account.missing) == (stored, stored, 0)


def test_after_trouble_it_goes_on(portal: Portal, desk: AnswerDesk) -> None:
    """Where the store is gone each one hears of it; when it is back, all is as before."""
    first = form(portal, desk, "first")
    file = Path(str(portal.feedback.url.database))
    portal.feedback.close()  # so that its log is in the file that goes away
    away = file.rename(file.with_suffix(".away"))
    file.mkdir()  # and nobody can begin a new one
    heard: list[str] = []

    def send(number: int) -> None:
        try:
            desk.take(replace(first, nonce=f"n{number}"))
        except StoreError:
            heard.append("gone")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert heard == ["gone"] * 8
    file.rmdir()
    away.rename(file)
    assert desk.take(first) == "stored"
    assert desk.take(first) == "known"
