"""The languages of the portal: messages from each area's catalogue, numbers and dates by Babel.

Bulgarian has no prefix in addresses, English has ``/en``: a page's address says its language, so
it can be shared, and nobody needs a cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

FIRST: Final = "bg"
NAMES: Final = {"bg": "Български", "en": "English"}
"""The languages, each by its own name."""

_PORTAL: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Language:
    """One language: what to say, and how to write numbers and times.

    Attributes:
        code: ``bg`` or ``en``.
        zone: in which times are told.
    """

    code: str
    zone: ZoneInfo

    @property
    def prefix(self) -> str:
        """What stands before paths in this language: nothing or ``/en``."""
        return "" if self.code == FIRST else f"/{self.code}"

    def text(self, message: str, /, **values: object) -> str:
        """``message`` (English, as in the sources) in this language, with ``{values}`` put in."""
        found = _catalogue(self.code).get(message, message)
        return found.format(**values) if values else found

    def many(self, count: int, one: str, more: str, /, **values: object) -> str:
        """``one`` or ``more`` for ``count``, which stands for ``{n}``; with ``{values}`` put in."""
        return self.text(one if count == 1 else more, n=self.number(count), **values)

    def of(self, texts: Mapping[str, str]) -> str:
        """What is written in several languages: in this one, else in the first that there is."""
        return texts.get(self.code) or next((text for text in texts.values() if text), "")

    def written_in(self, texts: Mapping[str, str]) -> str:
        """The language of what :meth:`of` says, where it is another one; else empty.

        Pages mark it, so that a screen reader speaks it right (WCAG 3.1.2).
        """
        if texts.get(self.code):
            return ""
        return next((language for language, text in texts.items() if text), "")

    def number(self, value: float | Decimal) -> str:
        """A number with the separators of this language."""
        return format_decimal(value, locale=self.code)

    def percent(self, share: float) -> str:
        """``0.784`` → ``78 %``."""
        return f"{format_decimal(round(100 * share), locale=self.code)} %"

    def euro(self, amount: Decimal) -> str:
        """An amount of money."""
        return format_currency(amount, "EUR", locale=self.code)

    def day(self, on: date) -> str:
        """A day in words: ``22 ноември 2026 г.``."""
        return format_date(on, format="long", locale=self.code)

    def month(self, on: date) -> str:
        """The month of a day: ``ноември 2026``."""
        return format_date(on, format="LLLL y", locale=self.code)

    def moment(self, at: datetime) -> str:
        """A day and a time, to the minute."""
        return f"{format_date(at.astimezone(self.zone), locale=self.code)}, {self.time(at)}"

    def begin(self, at: datetime) -> str:
        """When something begins: a day alone where it is its midnight."""
        there = at.astimezone(self.zone)
        return self.day(there) if there.time() == time() else self.moment(at)

    def end(self, at: datetime) -> str:
        """Until when something lasts: its last day where that is meant whole."""
        there = at.astimezone(self.zone)
        return self.day(there - timedelta(days=1)) if there.time() == time() else self.moment(at)

    def time(self, at: datetime) -> str:
        """The time of day, to the minute."""
        return format_time(at, format="short", tzinfo=self.zone, locale=self.code)


def load_catalogues() -> None:
    """Read all messages now: a crowd at the door would make each of its threads read them."""
    for code in NAMES:
        _catalogue(code)


@cache
def _catalogue(code: str) -> dict[str, str]:
    """The messages of one language from all areas; English is what the sources say."""
    found: dict[str, str] = {}
    for path in sorted(_PORTAL.glob(f"*/messages/{code}.po")):
        with path.open("rb") as file:
            read = read_po(file, locale=code)
        found.update({str(m.id): str(m.string) for m in read if m.id and m.string})
    return found
