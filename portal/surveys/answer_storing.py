"""Storing a form that was sent: answers in the feedback store, comments in the portal's."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

from broker.intake.submission import Submission
from portal.comments.service import keep
from portal.surveys.asking import Questionnaire
from portal.surveys.desk import AnswerDesk
from portal.surveys.form_state import FormState
from portal.surveys.reading_answers import givens
from portal.web.page import Page

DAY_ONLY: Final = frozenset({"link", "e-mail"})
"""Channels whose people may be known to somebody: of their answers only the day is stored."""


def store(page: Page, asked: Questionnaire, state: FormState) -> tuple[str, str]:
    """Store what was said in the feedback store, and comments here.

    Returns:
        What became of it (:data:`broker.intake.submissions.Verdict`), and the kinds of what was
        masked in comments.

    Raises:
        StoreError: a store doesn't answer; sending the form again completes it.
    """
    items, verdict = asked.asked(state.said), "stored"
    submission = submission_of(page, asked, state)
    if submission.answers:
        verdict = page.portal.part(AnswerDesk).take(submission)
    masked: list[str] = []
    for item in items:
        text = state.said.get(item.code, ())
        if item.sort != "comment" or not text or verdict == "other":
            continue
        kept = keep(
            page.portal.database,
            survey=state.survey,
            version=state.version,
            question=item.code,
            touchpoint=state.touchpoint,
            channel=submission.channel,
            language=page.language.code,
            text=text[0],
            now=page.portal.clock(),
            zone=page.language.zone,
            once=f"{state.nonce} {item.code}",
        )
        masked += [kind for kind in kept.masked if kind not in masked]
    return verdict, ",".join(masked)


def submission_of(page: Page, asked: Questionnaire, state: FormState) -> Submission:
    """The form as the intake takes it."""
    now = page.portal.clock()
    is_coarse = state.channel in DAY_ONLY
    if is_coarse:  # so that nobody finds by the time who it was
        local = now.astimezone(page.language.zone)
        now = datetime.combine(local.date(), time(), page.language.zone)
    channel: Any = "web" if state.channel == "link" else state.channel
    return Submission(
        nonce=state.nonce,
        sender=page.portal.part(AnswerDesk).sender,
        touchpoint=state.touchpoint,
        survey=state.survey,
        version=state.version,
        channel=channel,
        input="form",
        language=page.language.code,
        answered_at=now,
        received_at=now,
        answers=givens(asked.asked(state.said), state.said),
        precision="day" if is_coarse else "instant",
    )
