"""What published results say in sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date

from analytics.charts.writing import Writing, whole_percent
from analytics.improvement.who import ImprovementError
from analytics.improvement.words import say_error
from analytics.measures.certainty import Certainty
from analytics.published.compared import Compared, Verdict
from analytics.published.months import first_of

MESSAGES: Final = Path(__file__).with_name("messages")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_VERDICTS: Final[Mapping[Verdict, str]] = {
    "surely-better": _(
        "Surely better than in {month}: {after} of 100 satisfied, then it was {before}."
    ),
    "surely-worse": _(
        "Surely worse than in {month}: {after} of 100 satisfied, then it was {before}."
    ),
    "probably-better": _(
        "Probably better than in {month}: {after} of 100 satisfied, then it was {before}."
    ),
    "probably-worse": _(
        "Probably worse than in {month}: {after} of 100 satisfied, then it was {before}."
    ),
    "same": _("Much as in {month}: {after} of 100 satisfied, then it was {before}."),
    "too-early": _(
        "Too early to tell whether it differs from {month}: "
        "by anything from {low} to {high} points."
    ),
}
_CERTAINTIES: Final[Mapping[Certainty, str]] = {
    "sure": _("sure"),
    "likely": _("likely"),
    "too-early": _("too early to tell"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "device": _("Feedback device"),
    "tablet": _("Tablet on a stand"),
    "web": _("Website"),
    "qr": _("QR code on a poster"),
    "paper": _("Paper form"),
    "phone": _("Phone"),
    "e-mail": _("Invitation by e-mail"),
    "case": _("Link after a case"),
}
SCALES: Final[Mapping[str, str]] = {
    "faces-4": _("four faces"),
    "faces-5": _("five faces"),
    "nps-11": _("from 0 to 10"),
    "yes-no": _("yes or no"),
}
NO_RATINGS: Final = _("There is nothing to show of this month: nobody rated, or fewer than five.")


@cache
def writing_in(language: str) -> Writing:
    """How published figures are written in ``bg`` or ``en``."""
    return Writing(language, (MESSAGES,))


def month_name(month: str, language: str) -> str:
    """``октомври 2026 г.``, ``October 2026``."""
    first: date = first_of(month)
    pattern = "LLLL y 'г'." if language == "bg" else "LLLL y"
    return format_date(first, pattern, locale=language)


def compared_text(found: Compared, month: str, language: str) -> str:
    """How a figure stands against that of ``month``, and how sure that is."""
    writing = writing_in(language)
    change = found.change
    return writing.text(
        _VERDICTS[found.verdict],
        month=month_name(month, language),
        after=writing.number(whole_percent(change.after.share)),
        before=writing.number(whole_percent(change.before.share)),
        low=writing.number(100 * change.low),
        high=writing.number(100 * change.high),
    )


def certainty_text(found: Certainty, language: str) -> str:
    """*Сигурно*, *вероятно*, *още е рано*."""
    return writing_in(language).text(_CERTAINTIES[found])


def channel_text(channel: str, language: str) -> str:
    """How ratings came."""
    return writing_in(language).text(CHANNELS.get(channel, channel))


def scale_text(scale: str, language: str) -> str:
    """On what people rated."""
    return writing_in(language).text(SCALES.get(scale, scale))


def refusal_text(error: ImprovementError, language: str) -> str:
    """Why something could not be published or taken back."""
    values = {name: str(value) for name, value in error.values.items()}
    said = writing_in(language).text(error.message, **values)
    plain = error.message.format(**error.values) if error.values else error.message
    return said if said != plain else say_error(error, language)
