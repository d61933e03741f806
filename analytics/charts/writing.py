"""How charts and reports write words and figures in each language.

Texts come from gettext catalogues, numbers and dates from Babel. A space before a unit is one that
doesn't break.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.dates import format_date, get_day_names
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_MINUS: Final = "\N{MINUS SIGN}"
_DASH: Final = "\N{EN DASH}"
_DAYS: Final = {"en": "en_GB"}
"""The day before the month in both languages."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One language (``bg`` or ``en``), and the folders of the catalogues it looks into."""

    language: str
    catalogues: tuple[Path, ...] = (Path(__file__).with_name("messages"),)

    def text(self, message: str, **values: str) -> str:
        """``message`` (English, as in the sources) with ``values`` put in as they are."""
        for folder in self.catalogues:
            found = _catalogue(folder, self.language).get(message)
            if found:
                return found.format(**values)
        return message.format(**values)

    def number(self, value: float, places: int = 0) -> str:
        """A number with ``places`` decimals, the language's separators and a real minus."""
        pattern = "#,##0" + ("." + "0" * places if places else "")
        rounded = round(value, places) or 0.0  # no −0
        written = format_decimal(rounded, pattern, locale=self.language)
        return _NO_BREAK.join(written.split()).replace("-", _MINUS)

    def percent(self, share: float) -> str:
        """``0.784`` → ``78 %``; what is nearly all or nearly nothing isn't all or nothing."""
        return f"{self.number(whole_percent(share))}{_NO_BREAK}%"

    def percents(self, low: float, high: float) -> str:
        """An interval of shares: ``70–85 %``, and a narrow one ``88,6–88,9 %``."""
        *bounds, places = interval_percents(low, high)
        written = _DASH.join(self.number(each, places) for each in bounds)
        return f"{written}{_NO_BREAK}%"

    def day(self, on: date) -> str:
        """A day in full, such as ``22 ноември 2026 г.``, which doesn't break."""
        return _NO_BREAK.join(
            format_date(on, "long", locale=_DAYS.get(self.language, self.language)).split()
        )

    def short_day(self, on: date) -> str:
        """A day as tables have it: ``22.11.2026``, ``22 Nov 2026``."""
        pattern = "dd.MM.y" if self.language == "bg" else "d MMM y"
        return _NO_BREAK.join(format_date(on, pattern, locale=self.language).split())

    def weekday(self, number: int, width: Literal["wide", "abbreviated"] = "wide") -> str:
        """A day of the week, 0 is Monday."""
        return str(get_day_names(width, "stand-alone", self.language)[number])


def whole_percent(share: float) -> int:
    """A share in whole per cent: 1 and 99 stay away from nothing and all."""
    whole = int(100 * share + 0.5)
    return min(max(whole, 1), 99) if 0 < share < 1 else whole


def interval_percents(low: float, high: float) -> tuple[float, float, int]:
    """Bounds of shares in per cent, and with how many decimals: one where whole ones are equal.

    ``89–89 %`` is no interval. Tenths are rounded outward: they always differ. Sentences do the
    same (``analytics.measures.wording``).
    """
    for whole in (whole_percent, _nearest_percent):
        if whole(low) != whole(high) or low == high:
            return whole(low), whole(high), 0
    return _down(100 * low), -_down(-100 * high), 1


def _nearest_percent(share: float) -> int:
    return round(100 * share)


def _down(percent: float) -> float:
    return math.floor(round(10 * percent, 6)) / 10


@cache
def _catalogue(folder: Path, language: str) -> dict[str, str]:
    path = folder / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(each.id): str(each.string) for each in messages if each.id and each.string}
