"""A report with all that there is, and texts that would be markup if they were read as such."""

from __future__ import annotations

import math
from datetime import date, timedelta

from analytics.charts.bars import BarRow, faces_chart, reasons_chart
from analytics.charts.hours import HourCell, hours_chart
from analytics.charts.look import Scheme, colours
from analytics.charts.shares import ShareRow, ShareTexts, shares_chart
from analytics.charts.trend import TrendRow, trend_chart
from analytics.charts.view import View
from analytics.charts.writing import Writing
from analytics.reports.document import (
    Bullets,
    Chart,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Run,
    Section,
    Table,
    write,
)
from analytics.reports.marks import cells

HOSTILE = r"""#panic("x") *a* _b_ `c` $d$ @e \ <script>alert(1)</script> & [f] {g} %h// i"""
LONG = (
    "Център за информация и услуги на гражданите към Общинска администрация – Смолян, "
    "приемна за кметските наместничества Стойките, Соколовци и Момчиловци"
)

_PLACES = {
    "bg": ["Приемна, гише 1", "Приемна, гише 2", LONG, "Местни приходи", "Кметство Орешак"],
    "en": ["Hall, desk 1", "Hall, desk 2", LONG, "Local revenue", "Mayoralty of Oreshak"],
}
_FACES = {
    "bg": ["Много недоволни", "Недоволни", "Доволни", "Много доволни"],
    "en": ["Very unhappy", "Unhappy", "Happy", "Very happy"],
}
_REASONS = {
    "bg": ["Дълго чакане", "Неясна информация", "Неучтиво отношение", "Няма обслужване за трудно"],
    "en": ["Long wait", "Unclear information", "Unkind service", "No access"],
}
_SATISFIED = {"bg": "Доволни", "en": "Satisfied"}


def views(language: str, scheme: Scheme = "light") -> dict[str, View]:
    """One chart of each kind."""
    writing, palette = Writing(language), colours(scheme)
    what = _SATISFIED[language]
    return {
        "shares": shares_chart(
            [
                ShareRow(name, 0.62 + 0.07 * at, 0.55 + 0.07 * at, 0.68 + 0.07 * at, 160 * (at + 1))
                for at, name in enumerate(_PLACES[language])
            ]
            + [ShareRow("Кметство Черни Осъм" if language == "bg" else "Cherni Osam", None)],
            ShareTexts("Място" if language == "bg" else "Place", what),
            writing,
            palette,
        ),
        "trend": trend_chart(trend_rows(), what, writing, palette, target=0.85),
        "faces": faces_chart(
            bars(_FACES[language], (62, 148, 911, 1_702)),
            "Лице" if language == "bg" else "Face",
            writing,
            palette,
        ),
        "reasons": reasons_chart(
            [
                *bars(_REASONS[language], (98, 61, 14, 5)),
                BarRow("Друго" if language == "bg" else "Other", None),
            ],
            "Причина" if language == "bg" else "Reason",
            writing,
            palette,
        ),
        "hours": hours_chart(hour_cells(), what, writing, palette),
    }


def bars(names: list[str], counts: tuple[int, ...]) -> list[BarRow]:
    """Rows of bars."""
    everything = sum(counts)
    return [
        BarRow(name, count, count / everything) for name, count in zip(names, counts, strict=True)
    ]


def trend_rows() -> list[TrendRow]:
    """A year of weeks: one without figures, two beyond the limits."""
    begin, rows = date(2025, 12, 29), []
    for week in range(52):
        share = 0.82 + 0.03 * math.sin(week / 4) - (0.22 if week in (30, 31) else 0)
        shown = None if week == 17 else share
        rows.append(
            TrendRow(
                begin + timedelta(weeks=week), shown, share - 0.05, share + 0.04, 700, 0.74, 0.9
            )
        )
    return rows


def hour_cells() -> list[HourCell]:
    """A working week."""
    return [
        HourCell(day, hour, None if (day, hour) == (4, 16) else 0.6 + 0.03 * ((day * hour) % 12))
        for day in range(5)
        for hour in range(8, 17)
    ]


def chart(view: View, caption: str) -> Chart:
    """A view as a block."""
    table = Table(caption, view.columns, cells(view.rows))
    return Chart(caption, view.spec(), view.alternative, table)


def sample(language: str = "bg", place: str = HOSTILE) -> Document:
    """All blocks, in ``language``; ``place`` stands wherever somebody could enter a name."""
    return _bulgarian(place) if language == "bg" else _english(place)


def _bulgarian(place: str) -> Document:
    drawn = views("bg")
    share = Figure("hall.satisfied.share", "78 %", strong=True)
    return Document(
        "bg",
        "annual",
        "Годишен доклад за оценка на удовлетвореността на потребителите за 2026 г.",
        "1 януари – 31 декември 2026 г.",
        "Община Троян",
        date(2027, 1, 18),
        (
            Section(
                "Най-важното",
                (
                    KeyFigures(
                        (
                            KeyFigure(
                                "Доволни",
                                (Figure("all.satisfied.share", "93 %"),),
                                write("сигурно: между 92 и 94 от 100"),
                            ),
                            KeyFigure(
                                "Индекс на удовлетвореността",
                                (Figure("all.index", "83,6"),),
                                write("от 100; средната оценка, преизчислена от 0 до 100"),
                            ),
                            KeyFigure("Оценки", (Figure("all.n", "2 823"),)),
                        )
                    ),
                    Paragraph(
                        write(
                            "Периодичното изследване на мнението на потребителите показва, че в "
                            "„{place}“ доволни са {share} от {n} оценки, {sure} по-малко отколкото "
                            "през предходната година. Най-честата причина е дългото чакане.",
                            place=place,
                            share=share,
                            n=Figure("hall.n", "1 204"),
                            sure=Run("сигурно", strong=True),
                        )
                    ),
                    Note(
                        write(
                            "Показват се само места с поне {votes} оценки.",
                            votes=Figure("minimum", "5"),
                        )
                    ),
                ),
            ),
            Section(
                "Резултати",
                (
                    Heading("Места"),
                    chart(drawn["shares"], "Дял на доволните по места, с интервали"),
                    Table(
                        f"Оценки по места, {place}",
                        ("Място", "Оценки", "Доволни", "Интервал"),
                        (
                            ((Run(place),), (Figure("a.n", "12"),), (Run("–"),), (Run("–"),)),
                            (
                                (Run(LONG),),
                                (Figure("b.n", "1 480"),),
                                (Figure("b.share", "78 %"),),
                                (Figure("b.interval", "75–80 %"),),
                            ),
                        ),
                    ),
                    Heading("Развитие по седмици"),
                    chart(drawn["trend"], "Дял на доволните по седмици"),
                    chart(drawn["faces"], "Разпределение на оценките"),
                    chart(drawn["hours"], "Доволни по час и ден от седмицата, в проценти"),
                    chart(drawn["reasons"], "Причини за недоволство"),
                ),
            ),
            Section("Канал без отговори"),
            Section(
                "Предприети мерки",
                (
                    Bullets(
                        (
                            write(
                                "Второ гише в часовете 10–12: чакането спадна с {minutes} минути.",
                                minutes=Figure("measure.1.effect", "6"),
                            ),
                            write("Нови указателни табели: {place}.", place=place),
                        )
                    ),
                    Paragraph(write("Предвидените мерки за следващата година са в плана.")),
                ),
            ),
        ),
        is_draft=True,
    )


def _english(place: str) -> Document:
    drawn = views("en")
    return Document(
        "en",
        "periodic",
        "Analysis of the reception survey, third quarter of 2026",
        "1 July – 30 September 2026",
        "Municipality of Troyan",
        date(2026, 10, 5),
        (
            Section(
                "In short",
                (
                    KeyFigures((KeyFigure("Satisfied", (Figure("all.satisfied.share", "93 %"),)),)),
                    Paragraph(
                        write(
                            "At “{place}” {share} of 100 are satisfied.",
                            place=place,
                            share=Figure("hall.share", "78"),
                        )
                    ),
                    Note(write("Places with fewer than 5 ratings are not shown.")),
                    Heading("By place"),
                    chart(drawn["shares"], "Satisfied by place"),
                    chart(drawn["trend"], "Satisfied by week"),
                    Table(
                        "Ratings",
                        ("Place", "Ratings"),
                        (((Run(place),), (Figure("n", "12"),)),),
                    ),
                    Bullets((write("A second desk from 10 to 12."),)),
                ),
            ),
        ),
    )
