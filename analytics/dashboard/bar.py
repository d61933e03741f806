"""The bar of choices above every page of figures: period, place, survey, channel, votes.

The address is the truth: each widget shows what it says, and a change writes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import streamlit as st
from babel.dates import format_date

from analytics.dashboard.choices import (
    DEFAULT_PERIOD,
    NAMES,
    SPANS,
    Choices,
    months,
    period_of,
    years,
)
from analytics.dashboard.texts_of import survey_title
from analytics.dashboard.view import View
from analytics.dashboard.words import channel_name, scale_name
from broker.store.places import Place

OWN: Final = "own"
"""The entry of the list of periods that shows two days to choose."""

_ALL: Final = ""


def draw_bar(view: View, refused: Sequence[str]) -> None:
    """Draw it, and say what the address asked for that there is not."""
    _ = view.language.text
    if refused:
        st.warning(
            _("The address asks for something that is not there or that you may not see.")
            + " "
            + _("What is usual is shown instead.")
        )
    with st.container(horizontal=True, key="bar"):
        _period(view)
        _select(view, "place", _("Place"), _places(view))
        surveys = {code: survey_title(view, code) for code in view.book.known_surveys()}
        _select(view, "survey", _("Survey"), {_ALL: _("All"), **surveys})
        channels = {code: channel_name(_, code) for code in view.book.channels()}
        _select(view, "channel", _("Channel"), {_ALL: _("All"), **channels})
        kinds = {_ALL: _("Filtered"), "raw": _("As pressed")}
        _select(view, "votes", _("Ratings"), kinds)
        _scale(view)
    if _is_own(view.choices):
        _days(view)


def _select(view: View, name: str, label: str, options: Mapping[str, str]) -> None:
    """One list; ``options`` has value in the address → what people read."""
    key = f"bar-{name}"
    said = view.choices.params().get(name, _ALL)
    st.session_state[key] = said if said in options else next(iter(options))
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=_write,
        args=(name, key),
        width=220,
    )


def _write(name: str, key: str) -> None:
    chosen = st.session_state[key]
    if chosen:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def _period(view: View) -> None:
    _ = view.language.text
    spans = {
        "7d": _("Last 7 days"),
        "28d": _("Last 4 weeks"),
        "91d": _("Last 13 weeks"),
        "364d": _("Last 52 weeks"),
    }
    named = {code: month_name(view, code) for code in months(view.book)}
    whole = {code: code for code in years(view.book)}
    options = {**spans, **named, **whole, OWN: _("Own period…")}
    code = view.choices.period
    if code not in options and not _is_own(view.choices):
        options[code] = month_name(view, code)
    st.session_state["bar-period"] = OWN if _is_own(view.choices) else code
    st.selectbox(
        _("Period"),
        list(options),
        format_func=options.__getitem__,
        key="bar-period",
        on_change=_write_period,
        args=(view.asked.period,),
        width=220,
    )


def _write_period(now: tuple[date, date]) -> None:
    code = st.session_state["bar-period"]
    if code == OWN:
        code = f"{now[0]}..{now[1]}"
    if code == DEFAULT_PERIOD:
        st.query_params.pop("period", None)
    else:
        st.query_params["period"] = code


def _days(view: View) -> None:
    """Two days to choose; the page changes once both are."""
    _ = view.language.text
    known, asked = view.book.period, view.asked.period
    st.session_state["bar-days"] = (asked.from_on, asked.to_on)
    st.date_input(
        _("First and last day"),
        key="bar-days",
        min_value=min(known.from_on, asked.from_on),
        max_value=known.to_on,
        format="DD.MM.YYYY",
        on_change=_write_days,
        width=300,
    )


def _write_days() -> None:
    days = st.session_state["bar-days"]
    if len(days) == 2:  # both ends
        st.query_params["period"] = f"{days[0]}..{days[1]}"


def _scale(view: View) -> None:
    """Only where there are several: they are never added up."""
    _ = view.language.text
    asked = replace(view.asked, scale=None)
    scales = [votes.scale for votes in view.book.votes(asked)]
    if len(scales) > 1:
        names = {scale: scale_name(_, scale) for scale in scales}
        _select(view, "scale", _("Scale"), {_ALL: _("Each for itself"), **names})


def _is_own(choices: Choices) -> bool:
    return ".." in choices.period


def _places(view: View) -> dict[str, str]:
    return {
        place_code(named.place): "\N{EM SPACE}" * named.depth + view.title_of(named)
        for named in view.book.places
    } or {_ALL: view.language.text("None")}


def place_code(place: Place) -> str:
    """A place as the address has it."""
    return f"{place.kind}:{place.code}"


def month_name(view: View, code: str) -> str:
    """``2026-10`` → ``октомври 2026``; other codes stay."""
    days = period_of(code, date.max - timedelta(1))
    if days is None or code in SPANS or len(code) != len("2026-10"):
        return code
    return str(format_date(days.from_on, "LLLL y", locale=view.language.code))


def period_text(view: View) -> str:
    """The days that are looked at: ``25.10.2026 г. – 21.11.2026 г.``."""
    days = view.asked.period
    return f"{view.writing.short_day(days.from_on)} – {view.writing.short_day(days.to_on)}"


PARAMETERS: Final = (*NAMES, "lang")
"""All that the address may say."""
