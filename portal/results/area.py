"""The area of results, and what its pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analytics.charts.writing import Writing
from analytics.improvement.who import DECIDERS, READERS
from analytics.published import words
from analytics.published.compared import Compared
from analytics.published.results import Figure, Share
from portal.web.actor import ROLES
from portal.web.page import Page
from portal.web.routes import Area
from portal.web.rules import Rule, staff

AREA: Final = Area("results", "/results")
STAFF_AREA: Final = Area("results-staff", "/staff/results")


def _rule(roles: frozenset[str]) -> Rule:
    return staff(*(role for role in ROLES if role in roles))


MAY_READ: Final = _rule(READERS)
MAY_DECIDE: Final = _rule(DECIDERS)


@dataclass(frozen=True, slots=True)
class Say:
    """Published figures in the reader's language, for templates."""

    code: str

    @property
    def _writing(self) -> Writing:
        return words.writing_in(self.code)

    def month(self, month: str) -> str:
        """Its name."""
        return words.month_name(month, self.code)

    def share(self, share: Share) -> str:
        """``84 %``."""
        return self._writing.percent(share.share)

    def interval(self, share: Share) -> str:
        """``81–87 %``."""
        return self._writing.percents(share.low, share.high)

    def number(self, number: float, places: int = 0) -> str:
        """A number."""
        return self._writing.number(number, places)

    def figure(self, figure: Figure) -> str:
        """The share satisfied in a sentence, as it was published."""
        return figure.words.get(self.code) or next(iter(figure.words.values()), "")

    def certainty(self, figure: Figure) -> str:
        """How sure it is."""
        return words.certainty_text(figure.certainty, self.code)

    def compared(self, found: Compared, month: str) -> str:
        """Against another month."""
        return words.compared_text(found, month, self.code)

    def channel(self, channel: str) -> str:
        """How ratings came."""
        return words.channel_text(channel, self.code)

    def scale(self, scale: str) -> str:
        """On what people rated."""
        return words.scale_text(scale, self.code)

    @property
    def nothing(self) -> str:
        """Of a month without figures."""
        return self._writing.text(words.NO_RATINGS)


def say_of(page: Page) -> Say:
    """That of a page's reader."""
    return Say(page.language.code)
