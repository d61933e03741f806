"""How charts look: colours from the tokens of `otziv look`, letters, and the language of axes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import altair as alt
from babel.dates import get_day_names, get_month_names
from babel.numbers import get_decimal_symbol

from analytics.charts.view import Drawing
from analytics.charts.writing import Writing

Scheme: TypeAlias = Literal["light", "dark"]

TOKENS: Final = "tokens.json"
_OURS: Final = Path(__file__).with_name(TOKENS)
FONTS: Final = "Noto Sans, DejaVu Sans, Liberation Sans, sans-serif"
"""Those of the PDF; each has Cyrillic letters."""

FACES: Final = ("face-worst", "face-poor", "face-middle", "face-good", "face-best")

_WIDTHS: Final = ("wide", "abbreviated")
_FROM_SUNDAY: Final = (6, 0, 1, 2, 3, 4, 5)

_WEIGHTS: Final = (0.0, 0.2, 0.4, 0.8, 1.0)
"""How much accent is in each step; none near the half, where neither kind of letters is read."""


def colours(scheme: Scheme, look: Path | None = None) -> Mapping[str, str]:
    """The colours by name, as in ``otziv/look/tokens.toml``.

    ``look`` is the folder with the municipality's own ``tokens.json``; without one ours hold.
    """
    own = None if look is None else look / TOKENS
    return _read(own if own is not None and own.is_file() else _OURS)[scheme]


def steps(palette: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Five fills from the least to the most, each with the colour of letters to read on it."""
    return tuple(
        (
            _mixed(palette["card"], palette["accent"], weight),
            palette["ink" if weight < 0.5 else "on-accent"],
        )
        for weight in _WEIGHTS
    )


def _mixed(ground: str, over: str, weight: float) -> str:
    parts = [(int(ground[at : at + 2], 16), int(over[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * weight):02x}" for a, b in parts)


def dressed(
    drawing: Drawing,
    palette: Mapping[str, str],
    writing: Writing,
    size: tuple[int, int],
) -> Drawing:
    """``drawing`` in our colours and letters; ``size`` is its width and height in pixels."""
    text = {"labelColor": palette["ink"], "titleColor": palette["ink"]}
    small = {"labelFontSize": 12, "titleFontSize": 12}
    lines = {
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": palette["tint"],
        "domainColor": palette["edge"],
        "tickColor": palette["edge"],
    }
    # Not Altair's configure(): each call copies the chart with all its data.
    made = drawing.copy(deep=False)
    made.width, made.height = size
    made.background = "transparent"
    made.config = alt.Config(
        font=FONTS,
        aria=False,
        mark=alt.MarkConfig(aria=False),  # bars and points would say a role, and no name
        locale=locale(writing),
        view=alt.ViewConfig(stroke=None),
        axis={**text, **small, **lines},
        legend={**text, **small},
    )
    return made


def inline(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Data that stand within the chart."""
    return alt.InlineData(values=[dict(row) for row in rows])


def locale(writing: Writing) -> dict[str, Any]:
    """Numbers and dates of axes (d3-format, d3-time-format) in the language of ``writing``."""
    code = writing.language
    months = {width: get_month_names(width, "stand-alone", code) for width in _WIDTHS}
    days = {width: get_day_names(width, "stand-alone", code) for width in _WIDTHS}
    return {
        "number": {
            "decimal": get_decimal_symbol(code),
            "thousands": "\N{NO-BREAK SPACE}" if code == "bg" else ",",
            "grouping": [3],
            "currency": ["", "\N{NO-BREAK SPACE}€"],
        },
        "time": {
            "dateTime": "%A, %e %B %Y, %H:%M",
            "date": "%d.%m.%Y" if code == "bg" else "%d/%m/%Y",
            "time": "%H:%M",
            "periods": ["", ""],
            # d3 begins with Sunday, Babel with Monday.
            "days": [days["wide"][each] for each in _FROM_SUNDAY],
            "shortDays": [days["abbreviated"][each] for each in _FROM_SUNDAY],
            "months": [months["wide"][each] for each in range(1, 13)],
            "shortMonths": [months["abbreviated"][each] for each in range(1, 13)],
        },
    }


@cache
def _read(path: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))["colours"]
    return found
