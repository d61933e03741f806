"""*Surveys*: each question of a survey, how it was answered, and by which channel."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.charts.bars import BarRow, faces_chart, reasons_chart
from analytics.charts.shares import ShareRow, ShareTexts, shares_chart
from analytics.charts.view import as_csv
from analytics.dashboard.bar import period_text
from analytics.dashboard.glossary import Term, explain
from analytics.dashboard.markup import table
from analytics.dashboard.show import download, show_chart
from analytics.dashboard.texts_of import option_text, question_text, survey_title
from analytics.dashboard.view import View
from analytics.dashboard.words import channel_name, scale_name, value_name
from analytics.figures.key import KeyFigures
from analytics.figures.reasons import Reasons
from analytics.figures.surveyed import ByChannel, Questioned, questioned, survey_of
from analytics.measures import wording
from analytics.measures.saying import say


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Surveys"), anchor=False)
    survey = survey_of(view.book, view.asked)
    if survey is None:
        st.info(_("No survey has been answered here yet."))
        return
    where = view.named.name if view.named is not None else ""
    told = (survey_title(view, survey), where, period_text(view))
    st.caption(" · ".join(each for each in told if each))
    if view.asked.survey is None and len(view.book.known_surveys()) > 1:
        st.write(_("This is the survey with most ratings; the bar above has the others."))
    found = questioned(view.book, view.asked, survey)
    for each in found:
        _draw_question(view, survey, each)
    explain(view.language, "satisfied", "interval", "index", *_more_terms(found), "hidden")


def _more_terms(found: Sequence[Questioned]) -> Sequence[Term]:
    has_score = any(each.net_promoter for question in found for each in question.rated)
    return ("nps",) if has_score else ()


def _draw_question(view: View, survey: str, found: Questioned) -> None:
    _ = view.language.text
    st.header(question_text(view, survey, found.code), anchor=False)
    if found.is_empty:
        st.write(_("Nobody answered this here in this period, or too few to show."))
        return
    for figures in found.rated:
        _draw_rated(view, found, figures)
    if found.options is not None:
        _draw_options(view, found.options)
    elif found.chosen is not None:
        _draw_answered(view, found.chosen.answered)
    if found.channels:
        _draw_channels(view, survey, found)


def _draw_rated(view: View, found: Questioned, figures: KeyFigures) -> None:
    """One question on one scale: figures, what they mean, and the distribution."""
    _, writing = view.language.text, view.writing
    if len(found.rated) > 1:
        st.subheader(_("Scale: {scale}").format(scale=scale_name(_, figures.scale)), anchor=False)
    with st.container(horizontal=True):
        share, index, score = figures.satisfied, figures.index, figures.net_promoter
        _metric(_("Ratings"), writing.number(figures.votes.n))
        between = writing.percents(share.low, share.high)
        _metric(_("Satisfied"), writing.percent(share.share), between)
        between = f"{writing.number(index.low)}–{writing.number(index.high)}"
        _metric(_("Satisfaction index"), writing.number(index.value), between)
        if score is not None:
            between = f"{writing.number(score.low)} … {writing.number(score.high)}"
            _metric(_("Net Promoter Score"), writing.number(score.score), between)
    st.write(say(wording.of_satisfied(share), view.language.code) + ".")
    days = figures.votes.period
    st.caption(
        _("Ratings of {first} – {last}.").format(
            first=writing.short_day(days.from_on), last=writing.short_day(days.to_on)
        )
    )
    rows = [
        BarRow(value_name(_, figures.scale, value), n, n / figures.votes.n)
        for value, n in figures.votes.counts.items()
    ]
    chart = faces_chart(rows, _("Rating"), writing, view.palette)
    show_chart(view, _("Ratings by value"), chart, f"{found.code}-{figures.scale}")


def _metric(name: str, value: str, between: str | None = None) -> None:
    st.metric(
        name, value, between, delta_color="off", delta_arrow="off", border=True, height="stretch"
    )


def _draw_options(view: View, found: Reasons) -> None:
    _ = view.language.text
    rows = [
        BarRow(
            option_text(view, found.survey, found.question, each.code),
            each.share.count,
            each.share.share,
        )
        for each in found.options
    ]
    chart = reasons_chart(rows, _("Answer"), view.writing, view.palette)
    show_chart(view, _("Answers"), chart, f"{found.question}-answers")
    st.caption(
        _("{answered} of {asked} who were asked answered.").format(
            answered=view.writing.number(found.answered), asked=view.writing.number(found.asked.n)
        )
    )


def _draw_answered(view: View, answered: int) -> None:
    """A question whose answers are numbers or days: how many there are is all that is told."""
    text = view.language.text("Answers: {number}.")
    st.write(text.format(number=view.writing.number(answered)))


def _draw_channels(view: View, survey: str, found: Questioned) -> None:
    _ = view.language.text
    st.subheader(_("By channel"), anchor=False)
    for figures in found.rated:
        _draw_rated_channels(view, found, figures.scale)
    if found.options is not None:
        _draw_chosen_channels(view, survey, found)


def _draw_rated_channels(view: View, found: Questioned, scale: str) -> None:
    """The share satisfied, channel beside channel."""
    _ = view.language.text
    rows = []
    for channel in found.channels:
        for figures in channel.rated:
            if figures.scale == scale:
                share, name = figures.satisfied, channel_name(_, channel.channel)
                rows.append(ShareRow(name, share.share, share.low, share.high, share.n))
    texts = ShareTexts(_("Channel"), _("Satisfied"))
    chart = shares_chart(rows, texts, view.writing, view.palette)
    title = _("Satisfied by channel")
    if len(found.rated) > 1:
        title += f" ({scale_name(_, scale)})"
    show_chart(view, title, chart, f"{found.code}-{scale}-channels")


def _draw_chosen_channels(view: View, survey: str, found: Questioned) -> None:
    """How many answered, and what they chose most, channel below channel."""
    _ = view.language.text
    rows = [
        [
            channel_name(_, each.channel),
            view.writing.number(each.chosen.answered),
            _most_chosen(view, survey, found.code, each),
        ]
        for each in found.channels
        if each.chosen is not None
    ]
    columns = [_("Channel"), _("Answered"), _("Most often")]
    st.html(table(_("Answers by channel"), columns, rows))
    lines = [[cell.replace("\n", " · ") for cell in row] for row in rows]
    download(view, f"{found.code}-channels", as_csv(columns, lines))


def _most_chosen(view: View, survey: str, question: str, found: ByChannel) -> str:
    """The option that most chose, and by what share of those who answered."""
    chosen = found.chosen
    if chosen is None or not chosen.options:
        return "–"
    code, n = next(iter(chosen.options.items()))
    name = option_text(view, survey, question, code)
    return f"{view.writing.percent(n / chosen.answered)}\n{name}"
