"""Blocks that several reports have: key figures, charts, reasons, places, what the figures mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analytics.charts.bars import BarRow, faces_chart, reasons_chart
from analytics.charts.shares import ShareRow, ShareTexts, shares_chart
from analytics.charts.trend import trend_chart
from analytics.closed.standing import Named
from analytics.figures.compared import Comparison
from analytics.figures.course import Course, courses
from analytics.figures.key import KeyFigures as Found
from analytics.figures.key import key_figures
from analytics.figures.reasons import Reasons
from analytics.figures.rows import trend_rows
from analytics.measures import wording
from analytics.measures.certainty import certainty
from analytics.measures.saying import say
from analytics.reports.content.names import option_text, question_text, scale_name, value_name
from analytics.reports.content.telling import NONE, Telling, together, words
from analytics.reports.document import (
    Block,
    Chart,
    Figure,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Run,
    Table,
    Text,
)

FEWEST_POINTS: Final = 2
"""Fewer are no course."""


def key_block(telling: Telling, found: Found, of: str) -> KeyFigures:
    """Ratings, satisfied, dissatisfied, and the index or the NPS."""
    writing, votes = telling.writing, telling.count(f"{of}.n", found.votes.n)
    items = [KeyFigure(telling.text("Ratings"), (votes,))]
    for name, share, code in (
        (telling.text("Satisfied"), found.satisfied, "satisfied"),
        (telling.text("Dissatisfied"), found.dissatisfied, "dissatisfied"),
    ):
        bounds = Figure(f"{of}.{code}.bounds", writing.percents(share.low, share.high))
        value = telling.share(f"{of}.{code}", share.share)
        items.append(KeyFigure(name, (value,), (bounds,)))
    items.append(_index(telling, found, of))
    return KeyFigures(tuple(items))


def _index(telling: Telling, found: Found, of: str) -> KeyFigure:
    number = telling.writing.number
    if found.net_promoter is not None:
        score = found.net_promoter
        name, code, value, low, high = (
            telling.text("Net Promoter Score"),
            "nps",
            score.score,
            score.low,
            score.high,
        )
    else:
        index = found.index
        name, code = telling.text("Satisfaction index"), "index"
        value, low, high = index.value, index.low, index.high
    bounds = f"{number(low)}–{number(high)}" if low >= 0 else f"{number(low)} … {number(high)}"
    return KeyFigure(
        name, (Figure(f"{of}.{code}", number(value)),), (Figure(f"{of}.{code}.bounds", bounds),)
    )


def meaning(telling: Telling, found: Found, of: str) -> Text:
    """What the share satisfied and its change mean, in words."""
    texts = [telling.said(wording.of_satisfied(found.satisfied), f"{of}.satisfied")]
    if found.change is not None:
        texts.append(telling.said(wording.of_change(found.change), f"{of}.change"))
    return together(*texts)


def part_of_before(telling: Telling, found: Sequence[Found]) -> Iterator[Note]:
    """That the period before is known in part only, where it is compared with."""
    before, known = telling.period.before, telling.book.period.from_on
    if before.from_on < known <= before.to_on and any(each.change for each in found):
        text = telling.tell(
            "Of the period before, {days}, there are figures only from {day} on.",
            days=telling.days(before),
            day=telling.writing.short_day(known),
        )
        yield Note(text)


def nothing(telling: Telling) -> Note:
    """That there are no ratings, or too few to show; and from when to when there are some."""
    text = telling.text("There are no ratings in this period, or too few to show.")
    return Note(words(text))


def scale_words(telling: Telling, found: Sequence[object], scale: str) -> str:
    """``Scale: four faces``, where there are several; else nothing."""
    if len(found) < 2:  # several
        return ""
    return telling.text("Scale: {scale}", scale=scale_name(telling.writing, scale))


def course_blocks(telling: Telling, target: float | None = None) -> Iterator[Block]:
    """How the share satisfied went month by month, scale by scale, and its lasting changes.

    Outside the administration figures are of units and months, never of desks and days.
    """
    found = courses(telling.book, telling.asked, "month")
    for each in found:
        if len(each.points) < FEWEST_POINTS:
            continue
        yield _course_chart(telling, each, target, several=len(found) > 1)
        for at, level in enumerate(each.levels):
            of = f"level.{each.scale}.{at}"
            yield Paragraph(
                telling.tell(
                    "A lasting change from {day}: {before} satisfied before it, {after} since.",
                    day=Figure(f"{of}.day", telling.writing.day(level.on)),
                    before=telling.share(f"{of}.before", level.before),
                    after=telling.share(f"{of}.after", level.after),
                )
            )


def _course_chart(
    telling: Telling, course: Course, target: float | None, *, several: bool
) -> Chart:
    rows = trend_rows(course)
    view = trend_chart(
        rows,
        telling.text("Satisfied"),
        telling.writing,
        telling.palette,
        target=target,
        step=course.step,
    )
    caption = telling.text("Satisfied, month by month")
    if several:
        caption += f" ({scale_name(telling.writing, course.scale)})"
    return telling.chart(caption, view)


def faces_block(telling: Telling, found: Found, of: str) -> Chart:
    """How often each value was chosen; ``of``: what it is about, for the caption."""
    rows = [
        BarRow(value_name(telling.writing, found.scale, value), n, n / found.votes.n)
        for value, n in found.votes.counts.items()
    ]
    view = faces_chart(rows, telling.text("Rating"), telling.writing, telling.palette)
    return telling.chart(of, view)


def reasons_blocks(telling: Telling, found: Reasons, caption: str = "") -> Iterator[Block]:
    """What was chosen: the chart, the commonest in words, and how many answered."""
    name = caption or question_text(telling.book, telling.writing, found.survey, found.question)
    rows = [
        BarRow(
            option_text(telling.book, telling.writing, found.survey, found.question, each.code),
            each.share.count,
            each.share.share,
        )
        for each in found.options
    ]
    view = reasons_chart(rows, telling.text("Answer"), telling.writing, telling.palette)
    yield telling.chart(name, view)
    yield Paragraph(reasons_words(telling, found))


def reasons_words(telling: Telling, found: Reasons) -> Text:
    """The commonest answer with its interval, what changed surely, and how many answered."""
    of = f"{found.survey}.{found.question}"
    first = found.options[0]
    texts = [
        (
            *telling.tell("“{option}”: ", option=_option(telling, found, first.code)),
            *telling.said(wording.of_answer(first.share), f"{of}.{first.code}"),
        )
    ]
    texts.append(
        telling.tell(
            "{answered} of {asked} who were asked answered.",
            answered=telling.count(f"{of}.answered", found.answered),
            asked=telling.count(f"{of}.asked", found.asked.n),
        )
    )
    return together(*texts)


def _option(telling: Telling, found: Reasons, code: str) -> str:
    return option_text(telling.book, telling.writing, found.survey, found.question, code)


def share_cells(telling: Telling, found: Found | None, of: str, *, several: bool) -> list[Text]:
    """Ratings, satisfied with interval and certainty, and the change: as on the dashboard."""
    writing = telling.writing
    if found is None:
        return [words(NONE), words(telling.text("too few to show")), words(NONE)]
    name = f" ({scale_name(writing, found.scale)})" if several else ""
    number = telling.count(f"{of}.n", found.votes.n)
    return [
        (number, Run(name)),
        satisfied_cell(telling, found, of),
        _change(telling, found, of),
    ]


def satisfied_cell(telling: Telling, found: Found, of: str) -> Text:
    """``82 % (78–85 %, sure)``."""
    share = found.satisfied
    sure = say(wording.of_certainty(certainty(share.bounds)), telling.language)
    bounds = Figure(f"{of}.bounds", telling.writing.percents(share.low, share.high))
    return (telling.share(f"{of}.satisfied", share.share), Run(" ("), bounds, Run(f", {sure})"))


def _change(telling: Telling, found: Found, of: str) -> Text:
    if found.change is None:
        return words(NONE)
    number = telling.writing.number
    low, high = (number(100 * each) for each in (found.change.low, found.change.high))
    points = Figure(f"{of}.change", number(100 * found.change.difference))
    return (points, Run(" ("), Figure(f"{of}.change.bounds", f"{low} … {high}"), Run(")"))


def places_table(telling: Telling, places: Sequence[Named]) -> Table:
    """The places with the figures of the period; those too small are told to be."""
    rows = []
    for named in places:
        found = key_figures(telling.book, telling.asked.at(named.place))
        shown: list[Found | None] = list(found) or [None]
        for each in shown:
            of = f"{named.place.kind}.{named.place.code}"
            cells = share_cells(telling, each, of, several=len(found) > 1)
            rows.append((words(named.name), *cells))
    return Table(
        telling.text("Places, with the figures of the period"),
        (
            telling.text("Place"),
            telling.text("Ratings"),
            telling.text("Satisfied"),
            telling.text("Change, points"),
        ),
        tuple(rows),
    )


def places_chart(telling: Telling, found: Comparison) -> Chart:
    """The share satisfied, place beside place, the worst first; votes of one scale."""
    rows = [
        ShareRow(
            each.named.name,
            each.satisfied.share,
            each.satisfied.low,
            each.satisfied.high,
            each.satisfied.n,
        )
        for each in found.places
    ]
    texts = ShareTexts(telling.text("Place"), telling.text("Satisfied"))
    view = shares_chart(rows, texts, telling.writing, telling.palette)
    return telling.chart(telling.text("Satisfied, place by place"), view)
