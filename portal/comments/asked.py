"""What a comment answers: the question, and the way on which it came."""

from __future__ import annotations

from typing import Final

from broker.fleet.errors import FleetError
from broker.fleet.surveys import show_survey
from portal.comments.tables import Comment
from portal.web.page import Page


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_CHANNELS: Final[dict[str, str]] = {
    "web": _("On the website"),
    "qr": _("QR code on a poster"),
    "tablet": _("Tablet on a stand"),
    "paper": _("On paper"),
    "phone": _("By telephone"),
    "e-mail": _("Invitation by e-mail"),
    "kiosk": _("Kiosk"),
}


def channel_of(page: Page, comment: Comment) -> str:
    """How it came in."""
    found = _CHANNELS.get(comment.channel)
    return comment.channel if found is None else page.text(found)


def survey_and_question(page: Page, comment: Comment) -> tuple[str, str]:
    """Title of the survey and text of the question as they were asked; codes where nobody knows."""
    try:
        survey = show_survey(page.portal.feedback, comment.survey, comment.version).survey
    except FleetError:
        return comment.survey, comment.question
    texts = {question.code: question.texts for question in survey.questions}
    title = page.language.of(survey.title) or comment.survey
    return title, page.language.of(texts.get(comment.question, {})) or comment.question
