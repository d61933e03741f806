"""What is sent: text and HTML for e-mail, a short text for a phone, a document for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlencode

from babel.dates import format_datetime

from analytics.alerts.alert import Alert
from analytics.alerts.teller import News
from analytics.alerts.wording import MESSAGES, of_title
from analytics.measures.saying import say
from analytics.measures.wording import Wording

Language: TypeAlias = Literal["bg", "en"]

MOST_SHORT: Final = 201
"""Characters of an SMS in Cyrillic, in three parts of 67."""
_SHORT_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Message:
    """One message about one or several alerts.

    Attributes:
        title: the subject.
        text: plain, with a link at each alert.
        html: the same as a whole document.
        short: at most 201 characters, with a link that is never cut.
        document: the same for machines, made of JSON's values.
    """

    title: str
    text: str
    html: str
    short: str
    document: Mapping[str, Any]


def _(message: str) -> str:
    """Mark ``message`` for the catalogues."""
    return message


_SEVERAL: Final = _("{open} alerts, {over} over")
_OVER: Final = _("Over: {title}")
_SINCE: Final = _("Since about {time}")
_REASON: Final = _("Reason: {reason}")
_LOOK: Final = _("Look at it")


def link_to(base: str, alert: Alert) -> str:
    """The address of an alert's page; ``base`` is where the dashboard is, such as
    ``https://results.troyan.example``.
    """
    return f"{base.rstrip('/')}/?{urlencode({'alert': alert.id})}"


def compose(news: Sequence[News], language: Language, base: str) -> Message:
    """A message about ``news``, which is not empty.

    Raises:
        ValueError: there is nothing to say.
    """
    if not news:
        raise ValueError("a message without news says nothing")
    lines = [_Lines(each, language, base) for each in news]
    return Message(
        _subject(lines, language),
        "\n\n".join(line.text for line in lines) + "\n",
        _html(lines, language),
        _short(lines, language),
        {"version": 1, "alerts": [line.document for line in lines]},
    )


class _Lines:
    """What is said of one alert."""

    def __init__(self, news: News, language: Language, base: str) -> None:
        alert = news.alert
        title = _say(of_title(alert.topic.rule), language)
        is_over = news.moment == "over"
        self.is_over: Final = is_over
        self.place: Final = news.place
        self.title: Final = _fill(_OVER, language, title=title) if is_over else title
        self.link: Final = link_to(base, alert)
        self.link_text: Final = _fill(_LOOK, language)
        reason = news.reason.get(language) or alert.topic.about
        self.reason: Final = _fill(_REASON, language, reason=reason) if reason else ""
        self.figures: Final = _say(alert.figures, language)
        since = _time(alert.since, news, language)
        self.since: Final = _fill(_SINCE, language, time=since)
        self.document: Final = _document(news, self.figures, self.link)

    @property
    def head(self) -> str:
        return f"{self.place}: {self.title}"

    @property
    def body(self) -> list[str]:
        """Sentences beside the head; of what is over, none."""
        if self.is_over:
            return []
        return [each for each in (self.reason, f"{self.figures}.", f"{self.since}.") if each]

    @property
    def text(self) -> str:
        return "\n".join((self.head, *self.body, self.link))


def _subject(lines: Sequence[_Lines], language: Language) -> str:
    if len(lines) == 1:
        return lines[0].head
    over = sum(line.is_over for line in lines)
    return _fill(_SEVERAL, language, open=str(len(lines) - over), over=str(over))


def _short(lines: Sequence[_Lines], language: Language) -> str:
    """One alert with its figures; of several how many, and the link of the first."""
    first = lines[0]
    if len(lines) > 1:
        said = _subject(lines, language)
    else:
        place = first.place if len(first.place) <= _SHORT_NAME else first.place[:_SHORT_NAME] + "…"
        said = f"{place}: {first.title if first.is_over else first.figures}"
    room = MOST_SHORT - len(first.link) - 1
    return f"{said if len(said) <= room else said[: max(0, room - 1)] + '…'} {first.link}"


def _html(lines: Sequence[_Lines], language: Language) -> str:
    """No pictures, nothing from elsewhere; one column, so that it fits a phone."""
    blocks = "".join(
        f"<h2 style='font-size:1.1em;margin:1.5em 0 .3em'>{escape(line.head)}</h2>"
        + "".join(f"<p style='margin:.3em 0'>{escape(each)}</p>" for each in line.body)
        + f"<p style='margin:.6em 0'><a href='{escape(line.link)}'>{escape(line.link_text)}</a></p>"
        for line in lines
    )
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{escape(_subject(lines, language))}</title></head>"
        f"<body style='font-family:sans-serif;line-height:1.4'>{blocks}</body></html>"
    )


def _document(news: News, figures: str, link: str) -> dict[str, Any]:
    alert = news.alert
    return {
        "id": alert.id,
        "moment": news.moment,
        "rule": alert.topic.rule,
        "place": {"kind": alert.topic.place.kind, "code": alert.topic.place.code},
        "name": news.place,
        "about": alert.topic.about,
        "since": alert.since.isoformat(),
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at and alert.closed_at.isoformat(),
        "numbers": dict(alert.figures.numbers),
        "text": figures,
        "link": link,
    }


def _time(at: datetime, news: News, language: Language) -> str:
    pattern = "d MMMM, HH:mm"
    return format_datetime(at.astimezone(news.zone), pattern, locale=language)


def _say(wording: Wording, language: Language) -> str:
    return say(wording, language, MESSAGES)


def _fill(message: str, language: Language, **gaps: str) -> str:
    return say(Wording(message, "sure"), language, MESSAGES, **gaps)
