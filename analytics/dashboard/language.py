"""The languages of the dashboard: messages from gettext catalogues; numbers and dates by Babel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from babel.core import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from analytics.charts.writing import interval_percents, whole_percent

NAMES: Final = {"bg": "Български", "en": "English"}
"""The languages, first the one that is shown unasked; each by its own name."""

MESSAGES: Final = Path(__file__).with_name("messages")

Translate: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Language:
    """One language: what to say, and how to write numbers and times."""

    code: str

    def text(self, message: str) -> str:
        """``message`` (English, as in the sources) in this language."""
        return _catalogue(self.code).get(message, message)

    def number(self, value: int) -> str:
        """A whole number with the separators of this language."""
        return format_decimal(value, locale=_locale(self.code))

    def percent(self, share: float) -> str:
        """``0.784`` → ``78 %``: more digits would promise more than hundreds of votes hold.

        All is 100 % and nothing is 0 %; what is nearly so is not.
        """
        return f"{format_decimal(whole_percent(share), locale=_locale(self.code))} %"

    def percents(self, low: float, high: float) -> str:
        """An interval of shares: ``70–85 %``, and a narrow one ``88,6–88,9 %``."""
        *bounds, places = interval_percents(low, high)
        pattern = "#,##0.0" if places else "#,##0"
        written = (format_decimal(each, pattern, locale=_locale(self.code)) for each in bounds)
        return f"{'–'.join(written)} %"

    def day(self, on: date) -> str:
        """A day with its weekday, in full."""
        return format_date(on, format="full", locale=_locale(self.code))

    def time(self, at: datetime) -> str:
        """The time of day of ``at``, to the second."""
        return format_time(at, format="HH:mm:ss", locale=_locale(self.code))

    def ago(self, passed: timedelta) -> str:
        """How long ago something was: ``преди 5 минути``."""
        return format_timedelta(-passed, add_direction=True, threshold=1, locale=_locale(self.code))


@cache
def _locale(code: str) -> Locale:
    """Babel would make it of the code for each number anew."""
    return Locale.parse(code)


@cache
def _catalogue(code: str) -> dict[str, str]:
    """The messages of one language; English is what the sources say."""
    path = MESSAGES / f"{code}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=code) if m.id and m.string}
