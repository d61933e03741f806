"""Addresses outside the staff that are told of alerts, each tried again for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from json import dumps
from typing import Final

import structlog

from analytics.alerts.message import Language, Message, compose
from analytics.alerts.teller import News
from broker.fleet.addresses import Address, Style

FIRST_PAUSE: Final = timedelta(minutes=1)
MOST_PAUSE: Final = timedelta(hours=1)
GIVES_UP_AFTER: Final = timedelta(days=1)
"""Of an address that fails while others were told."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(slots=True)
class Line:
    """An address, and what it is still owed while others were told: alert → news, until when.

    What an address was told last stands, so an alert that is over before it could be told of is
    told once, as over.
    """

    to: Address
    language: Language
    base: str
    owed: dict[str, tuple[News, datetime]] = field(default_factory=dict)
    pause: timedelta = timedelta(0)
    not_before: datetime | None = None

    def tell(self, news: Sequence[News], now: datetime) -> bool:
        """Tell ``news``, and what is owed; whether it was taken. In a pause nothing is tried."""
        if self.not_before is not None and now < self.not_before <= now + MOST_PAUSE:
            return False
        fresh = {each.alert.id: each for each in news}
        all_of_it = [each for each, _ in self.owed.values() if each.alert.id not in fresh]
        all_of_it += fresh.values()
        if not self._is_taken(compose(all_of_it, self.language, self.base), all_of_it):
            self.pause = min(max(2 * self.pause, FIRST_PAUSE), MOST_PAUSE)
            self.not_before = now + self.pause
            again_in = str(self.pause)
            _log.error("alert-not-told", to=self.to.shown, n=len(all_of_it), again_in=again_in)
            return False
        self.pause, self.not_before = timedelta(0), None
        self.owed.clear()
        return True

    def owe(self, news: Iterable[News], now: datetime) -> None:
        """Others were told: try it here again, for a day."""
        self.owed |= {each.alert.id: (each, now + GIVES_UP_AFTER) for each in news}

    def attend(self, now: datetime, is_news: Callable[[News], bool]) -> None:
        """Try what is owed and still news."""
        for alert_id, (news, until) in list(self.owed.items()):
            if now >= until or not is_news(news):
                del self.owed[alert_id]
                if now >= until:
                    _log.error("alert-given-up", to=self.to.shown, alert=alert_id)
        if self.owed:
            self.tell([], now)

    def _is_taken(self, message: Message, news: Sequence[News]) -> bool:
        is_warning = any(_is_bad(each) for each in news)
        style = self.to.style
        title, body = _worded(message, style)
        return self.to.tell(title, body, is_warning=is_warning, is_html=style == "html")


def _is_bad(news: News) -> bool:
    return news.moment == "opened" and news.alert.topic.rule != "good-news"


def _worded(message: Message, style: Style) -> tuple[str, str]:
    """Title and body, as an address takes them; a phone has no room for a title."""
    if style == "html":
        return message.title, message.html
    if style == "document":
        return message.title, dumps(message.document, ensure_ascii=False)
    return ("", message.short) if style == "short" else (message.title, message.text)
