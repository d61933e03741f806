"""Forms for tests: a rating, its reason, an option, a number, a day, and something skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from broker.intake.submission import Given, Submission
from tests.intake.making import NOON, TOUCHPOINT

ANSWERS: Final = (
    Given("overall", scale="faces-5", value=2),
    Given("reason", options=("waiting-time",), follows="overall"),
    Given("came-for", options=("taxes", "other")),
    Given("minutes", number=12.5),
    Given("visited-on", stated_on=date(2026, 11, 19)),
    Given("recommend"),
)


def form(nonce: str = "nonce", **given: Any) -> Submission:  # noqa: ANN401  # fields of a form
    """A form as somebody sent it from the web."""
    filled = Submission(
        nonce=nonce,
        sender="portal",
        touchpoint=TOUCHPOINT,
        survey="reception",
        version=3,
        channel="web",
        input="form",
        language="bg",
        answered_at=NOON,
        received_at=NOON + timedelta(seconds=1),
        answers=ANSWERS,
    )
    return replace(filled, **given)
