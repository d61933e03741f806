"""Forms from the web: stuffing is doubted but for one, crowds are not; panels are as before."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.intake.submission import Given, Submission
from broker.intake.submissions import Submissions, register_sender
from broker.misuse.flagging import flag_recent, reflag
from broker.misuse.forms import tail
from broker.misuse.rules import Day, judge
from broker.misuse.visits import Press, Visit
from broker.store.database import Database
from broker.store.flag_reasons import SAME_ANSWERS
from broker.store.rebuild import rebuild
from tests.intake.filling import form
from tests.intake.making import NOON, SITE, register
from tests.misuse.test_flagging import flags
from tests.store.counting import counted

SECOND = 1000


def sent(at_s: float, said: str) -> Visit:
    """A form."""
    at_ms = round(at_s * SECOND)
    press = (Press(at_ms, 5),)
    return Visit(f"{at_ms}-{said}", "portal", "overall", "faces-5", press, said)


def doubted(
    forms: Sequence[Visit], usual: Counter[str] | None = None, version: int = 2
) -> set[str]:
    """The forms that are doubted."""
    day = Day([], [], lambda _: 0, lambda _: None, forms, lambda: usual or Counter())
    found = judge(day, version)
    assert all(reasons == {SAME_ANSWERS} for reasons in found.values())
    return set(found)


def honest(number: int, seed: int, answers: int = 40, gap_s: float = 600) -> list[Visit]:
    """People who differ, over a day."""
    chance = random.Random(seed)
    weights = [1 / (place + 1) for place in range(answers)]
    said = chance.choices([f"answer-{n}" for n in range(answers)], weights, k=number)
    return [sent(chance.random() * gap_s * number, each) for each in said]


def test_stuffing_leaves_one_vote() -> None:
    """Thirty equal forms within minutes, among honest ones: the first counts."""
    others = honest(60, 1)
    stuffed = [sent(5000 + 20 * n, "stuffed") for n in range(30)]
    assert doubted([*others, *stuffed]) == {form.id for form in stuffed[1:]}
    assert doubted([*others, *stuffed], version=1) == set()


def test_stuffing_with_a_common_answer() -> None:
    """What many say is stuffed, too; those who said it at other times are left alone."""
    others = honest(200, 2, answers=10)
    stuffed = [sent(50_000.5 + 15 * n, "answer-0") for n in range(40)]
    found = doubted([*others, *stuffed])
    assert len(found & {form.id for form in stuffed}) >= 39
    assert len(found - {form.id for form in stuffed}) <= 2


@pytest.mark.parametrize("seed", range(20))
def test_a_crowd_is_no_misuse(seed: int) -> None:
    """Three hundred people within a quarter of an hour, as a newsletter brings them."""
    crowd = honest(300, seed, answers=15, gap_s=3)
    assert (
        doubted(crowd, Counter(form.said for form in honest(100, seed + 100, answers=15))) == set()
    )


@pytest.mark.parametrize("seed", range(10))
def test_a_crowd_with_one_question(seed: int) -> None:
    """Nearly all agree where there is one question; the weeks before tell that they do."""
    chance = random.Random(seed)
    said = chance.choices(["best", "good", "bad"], [0.7, 0.2, 0.1], k=250)
    crowd = [sent(4 * n, each) for n, each in enumerate(said)]
    usual = Counter({"best": 140, "good": 40, "bad": 20})
    assert doubted(crowd, usual) == set()


def test_slow_or_few_are_left_alone() -> None:
    """Eleven equal ones, or a whole class one after another with minutes between them."""
    assert doubted([*honest(50, 3), *(sent(10 * n, "same") for n in range(11))]) == set()
    assert doubted([*honest(50, 3), *(sent(130 * n, "same") for n in range(40))]) == set()


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_tail(of: int, count: int, share: float) -> None:
    """It is the binomial's."""
    count = min(count, of)
    exact = math.fsum(
        math.comb(of, found) * share**found * (1 - share) ** (of - found)
        for found in range(count, of + 1)
    )
    assert tail(count, of, share) == pytest.approx(exact, rel=1e-6, abs=1e-12)


def web(nonce: str, after_s: float, value: int, channel: str = "web") -> Submission:
    """A form so many seconds after noon."""
    answers = (
        Given("overall", scale="faces-5", value=value),
        Given("minutes", number=float(value)),
    )
    at = NOON + timedelta(seconds=after_s)
    return form(nonce, answers=answers, answered_at=at, received_at=at, channel=channel)


def test_flagged_in_the_store(database: Database) -> None:
    """Rollups follow; other channels stay; judged again it is the same; version 1 has none."""
    register(database)
    register_sender(database, SITE)
    way_in = Submissions(database, SITE)
    honest_forms = [web(f"h{n}", 400 * n, 1 + n % 5) for n in range(40)]
    stuffed = [web(f"s{n}", 3000 + 7 * n, 5, "qr") for n in range(30)]
    paper = [web(f"p{n}", 3000 + 7 * n, 5, "paper") for n in range(30)]
    way_in.take([*honest_forms, *stuffed, *paper])
    untouched = counted(database)
    now = NOON + timedelta(hours=9)
    summary = flag_recent(database, now)
    assert summary.rules == 2
    assert 29 <= summary.doubted[SAME_ANSWERS] <= 31
    flagged = flags(database)
    assert {(reason, version) for _, reason, version in flagged} == {(SAME_ANSWERS, 2)}
    assert len(flagged) == 2 * summary.doubted[SAME_ANSWERS]
    before = counted(database)
    assert before != untouched
    rebuild(database)
    assert counted(database) == before
    assert reflag(database, 2, None, None, now).change.set == 0
    reflag(database, 1, None, None, now)
    assert flags(database) == set()
    assert counted(database) == untouched
