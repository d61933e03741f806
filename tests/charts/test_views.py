"""Charts: drawn in both schemes and languages, with the same figures in words and in a table."""

from __future__ import annotations

import re
from datetime import date

import pytest

from analytics.charts.bars import BarRow, faces_chart, reasons_chart
from analytics.charts.hours import HourCell, hours_chart
from analytics.charts.look import Scheme, colours, steps
from analytics.charts.shares import ShareRow, ShareTexts, shares_chart
from analytics.charts.trend import TrendRow, trend_chart
from analytics.charts.view import View
from analytics.charts.writing import Writing
from analytics.reports.drawn import svg
from otziv.look.contrast import TEXT, contrast
from tests.reports.sample import HOSTILE, views

BG, EN = Writing("bg"), Writing("en")
LIGHT = colours("light")
NAMES = ["shares", "trend", "faces", "reasons", "hours"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_each_is_drawn(name: str, language: str, scheme: Scheme) -> None:
    """In the colours of the scheme; each row of its table has a cell a column."""
    view = views(language, scheme)[name]
    drawing = svg(view.spec())
    assert f'fill="{colours(scheme)["ink"]}"' in drawing
    assert view.rows
    assert {len(row) for row in view.rows} == {len(view.columns)}
    assert view.csv().count("\r\n") == len(view.rows) + 1
    assert view.alternative.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_it_stays_english(name: str) -> None:
    """Neither axes nor words of the table."""
    view = views("bg")[name]
    said = re.findall(r"<text[^>]*>([^<]*)</text>", svg(view.spec()))
    assert not [word for word in (*said, *view.columns) if re.search("[A-Za-z]{2}", word)]


def test_months_of_an_axis_are_bulgarian() -> None:
    """Vega knows no Bulgarian by itself."""
    assert "1 яну" in svg(views("bg")["trend"].spec())
    assert "1 Feb" in svg(views("en")["trend"].spec())


@pytest.mark.parametrize("writing", [BG, EN], ids=["bg", "en"])
def test_without_rows_it_says_so(writing: Writing) -> None:
    """And is drawn all the same."""
    texts = ShareTexts("Място", "Доволни")
    empty = [
        shares_chart([], texts, writing, LIGHT),
        shares_chart([ShareRow("Приемна", None)], texts, writing, LIGHT),
        trend_chart([], "Доволни", writing, LIGHT, target=0.8),
        trend_chart([TrendRow(date(2026, 1, 5), None)], "Доволни", writing, LIGHT),
        faces_chart([], "Лице", writing, LIGHT),
        reasons_chart([BarRow("Чакане", None)], "Причина", writing, LIGHT),
        hours_chart([], "Доволни", writing, LIGHT),
        hours_chart([HourCell(0, 8, None)], "Доволни", writing, LIGHT),
    ]
    for view in empty:
        assert "<svg" in svg(view.spec())
        assert "няма данни" in view.alternative or "no figures" in view.alternative


def test_names_are_names() -> None:
    """What would be markup, a format or a break is shown; equal names keep rows of their own."""
    rows = [
        ShareRow(HOSTILE, 0.5, 0.4, 0.6, 12),
        ShareRow("Гише=1|<b>&", 0.6),
        ShareRow("Гише=1|<b>&", 0.7),
    ]
    view = shares_chart(rows, ShareTexts("Място", "Доволни"), BG, LIGHT)
    drawing = svg(view.spec())
    assert "<b>" not in drawing
    assert drawing.count(">Гише=1|&lt;b&gt;&amp;<") == 2
    assert [row[0] for row in view.rows] == [HOSTILE, "Гише=1|<b>&", "Гише=1|<b>&"]


def test_what_is_not_shown_leaks_nowhere() -> None:
    """Neither its interval nor its n stands in the drawing, the table or the words."""
    view = shares_chart(
        [ShareRow("А", None, 0.123, 0.987, 4_321)], ShareTexts("Място", "Доволни"), BG, LIGHT
    )
    assert not [each for each in _said(view) if "321" in each or "0.123" in each or "12" in each]
    assert view.rows == (("А", "–", "–", "–"),)


def _said(view: View) -> list[str]:
    rows = next(iter(view.spec()["datasets"].values())) if "datasets" in view.spec() else []
    rows = rows or view.spec()["data"]["values"]
    return [str(value) for row in rows for value in row.values()] + [view.alternative]


def test_the_trend_names_weeks_beyond_the_limits() -> None:
    """In words and in the table, not by colour alone."""
    view = views("bg")["trend"]
    assert view.alternative.endswith("Извън обичайните граници: 27.07.2026, 03.08.2026.")
    assert [row[0] for row in view.rows if "извън тях" in row[-1]] == ["27.07.2026", "03.08.2026"]
    assert view.rows[17][1:4] == ("–", "–", "–")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_in_fields_can_be_read(scheme: Scheme) -> None:
    """Each step against its letters; marks against the card they lie on."""
    palette = colours(scheme)
    for fill, letters in steps(palette):
        assert contrast(fill, letters) >= TEXT
    for mark in ("accent", "bad", "good", "faint", "ink"):
        assert contrast(palette[mark], palette["card"]) >= 3


def test_numbers_are_written_as_the_language_does() -> None:
    """Decimal comma, real minus, no break within; nearly all is not all."""
    assert BG.number(-12345.56, 1) == "−12\xa0345,6"
    assert EN.number(12345.5, 1) == "12,345.5"
    assert [BG.percent(share) for share in (0, 0.001, 0.784, 0.999, 1)] == [
        "0\xa0%",
        "1\xa0%",
        "78\xa0%",
        "99\xa0%",
        "100\xa0%",
    ]
    assert BG.percents(0.7, 0.85) == "70–85\xa0%"
    assert BG.day(date(2026, 11, 22)) == "22\xa0ноември\xa02026\xa0г."
    assert EN.day(date(2026, 11, 22)) == "22\xa0November\xa02026"
    assert BG.short_day(date(2026, 1, 5)) == "05.01.2026"
    assert BG.weekday(0) == "понеделник"
