"""*One place*: how things stand there, how they went, when, and why."""

from __future__ import annotations

import streamlit as st

from analytics.charts.bars import BarRow, faces_chart, reasons_chart
from analytics.charts.trend import trend_chart
from analytics.dashboard.bar import period_text
from analytics.dashboard.glossary import explain
from analytics.dashboard.hours import draw_hours
from analytics.dashboard.promised import draw_actions, draw_targets, level_of, targets_at
from analytics.dashboard.response import draw_response
from analytics.dashboard.show import show_chart
from analytics.dashboard.texts_of import option_text, question_text
from analytics.dashboard.view import View
from analytics.dashboard.words import scale_name, value_name
from analytics.figures.course import Course, courses
from analytics.figures.key import KeyFigures, key_figures
from analytics.figures.reasons import Reasons, reasons
from analytics.figures.rows import trend_rows
from analytics.measures import wording
from analytics.measures.saying import say


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    named = view.named
    if named is None:
        st.title(_("One place"), anchor=False)
        st.info(_("There is no place here that has figures of its own."))
        return
    st.title(view.title_of(named), anchor=False)
    st.caption(period_text(view))
    found = key_figures(view.book, view.asked)
    if not found:
        st.info(_("There are no ratings here in this period, or too few to show."))
        explain(view.language, "hidden")
        return
    targets = targets_at(view)
    course = {each.scale: each for each in courses(view.book, view.asked)}
    for figures in found:
        if len(found) > 1:
            st.header(_("Scale: {scale}").format(scale=scale_name(_, figures.scale)), anchor=False)
        draw_key(view, figures)
        draw_targets(view, targets, figures)
        _draw_course(view, course[figures.scale], level_of(targets))
        _draw_faces(view, figures)
    draw_response(view)
    for each in reasons(view.book, view.asked):
        _draw_reasons(view, each)
    draw_hours(view)
    draw_actions(view)


def draw_key(view: View, figures: KeyFigures) -> None:
    """The key figures as cards, and what they mean in words."""
    _, writing = view.language.text, view.writing
    with st.container(horizontal=True):
        st.metric(_("Ratings"), writing.number(figures.votes.n), border=True, height="stretch")
        st.metric(
            _("Satisfied"),
            writing.percent(figures.satisfied.share),
            writing.percents(figures.satisfied.low, figures.satisfied.high),
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
        st.metric(
            _("Dissatisfied"),
            writing.percent(figures.dissatisfied.share),
            writing.percents(figures.dissatisfied.low, figures.dissatisfied.high),
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
        _draw_index(view, figures)
    st.write(say(wording.of_satisfied(figures.satisfied), view.language.code) + ".")
    if figures.change is not None:
        st.write(say(wording.of_change(figures.change), view.language.code) + ".")
    explain(view.language, "satisfied", "interval", "certainty", "index", "change", "hidden")


def _draw_index(view: View, figures: KeyFigures) -> None:
    _, number = view.language.text, view.writing.number
    found = figures.net_promoter
    if found is not None:
        name, value, low, high = _("Net Promoter Score"), found.score, found.low, found.high
    else:
        index = figures.index
        name, value, low, high = _("Satisfaction index"), index.value, index.low, index.high
    st.metric(
        name,
        number(value),
        f"{number(low)}–{number(high)}" if low >= 0 else f"{number(low)} … {number(high)}",
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _draw_course(view: View, course: Course, target: float | None) -> None:
    _ = view.language.text
    st.header(_("How it went"), anchor=False)
    rows = trend_rows(course)
    chart = trend_chart(
        rows, _("Satisfied"), view.writing, view.palette, target=target, step=course.step
    )
    show_chart(view, _("Satisfied, step by step"), chart, f"trend-{course.scale}")
    for level in course.levels:
        text = _("A lasting change from {day}: {before} satisfied before it, {after} since.")
        st.write(
            text.format(
                day=view.writing.day(level.on),
                before=view.writing.percent(level.before),
                after=view.writing.percent(level.after),
            )
        )
    explain(view.language, "limits")


def _draw_faces(view: View, figures: KeyFigures) -> None:
    _ = view.language.text
    st.header(_("What was pressed"), anchor=False)
    rows = [
        BarRow(value_name(_, figures.scale, value), n, n / figures.votes.n)
        for value, n in figures.votes.counts.items()
    ]
    chart = faces_chart(rows, _("Rating"), view.writing, view.palette)
    show_chart(view, _("Ratings by value"), chart, f"values-{figures.scale}")
    explain(view.language, "filtered")


def _draw_reasons(view: View, found: Reasons) -> None:
    _ = view.language.text
    st.header(question_text(view, found.survey, found.question), anchor=False)
    rows = [
        BarRow(
            option_text(view, found.survey, found.question, each.code),
            each.share.count,
            each.share.share,
        )
        for each in found.options
    ]
    chart = reasons_chart(rows, _("Answer"), view.writing, view.palette)
    show_chart(view, _("Answers"), chart, f"answers-{found.survey}-{found.question}")
    asked = found.asked
    st.caption(
        _("{answered} of {asked} who were asked answered.").format(
            answered=view.writing.number(found.answered), asked=view.writing.number(asked.n)
        )
    )
    explain(view.language, "reasons")
