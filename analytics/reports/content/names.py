"""What scales, values, channels, surveys, questions and options are called in a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analytics.charts.writing import Writing
from analytics.closed.book import Book
from broker.store.scales import SCALES


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


_SCALES: Final[Mapping[str, str]] = {
    "faces-4": _("four faces"),
    "faces-5": _("five faces"),
    "nps-11": _("0 to 10"),
    "yes-no": _("yes or no"),
}
_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "faces-4": (_("very bad"), _("bad"), _("good"), _("very good")),
    "faces-5": (_("very bad"), _("bad"), _("neither good nor bad"), _("good"), _("very good")),
    "yes-no": (_("no"), _("yes")),
}
_CHANNELS: Final[Mapping[str, str]] = {
    "device": _("device"),
    "tablet": _("tablet"),
    "web": _("web page"),
    "qr": _("QR code"),
    "paper": _("paper form"),
    "phone": _("telephone"),
    "e-mail": _("e-mail"),
    "case": _("after a case"),
}


def scale_name(writing: Writing, scale: str) -> str:
    """A scale as people call it."""
    return writing.text(_SCALES.get(scale, scale))


def value_name(writing: Writing, scale: str, value: int) -> str:
    """A value of a scale; that of ten steps is its number."""
    known = _VALUES.get(scale)
    return writing.text(known[value - SCALES[scale].worst]) if known else str(value)


def channel_name(writing: Writing, channel: str) -> str:
    """How a rating came."""
    return writing.text(_CHANNELS.get(channel, channel))


def survey_title(book: Book, writing: Writing, survey: str) -> str:
    """A survey's title, else what it asks first, else its code."""
    asked = book.surveys.get(survey)
    if asked is None:
        return survey
    first = asked.questions.get(asked.rated[0], {}) if asked.rated else {}
    return _in_language(writing, asked.title) or _in_language(writing, first) or survey


def question_text(book: Book, writing: Writing, survey: str, question: str) -> str:
    """What is asked, else the question's code."""
    asked = book.surveys.get(survey)
    return _in_language(writing, asked.questions.get(question, {}) if asked else {}) or question


def option_text(book: Book, writing: Writing, survey: str, question: str, option: str) -> str:
    """What can be chosen, else the option's code."""
    asked = book.surveys.get(survey)
    texts = asked.options.get((question, option), {}) if asked else {}
    return _in_language(writing, texts) or option


def _in_language(writing: Writing, texts: Mapping[str, str]) -> str:
    """In the report's language, else in the first there is."""
    return texts.get(writing.language) or next(iter(texts.values()), "")
