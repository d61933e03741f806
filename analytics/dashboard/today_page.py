"""The *Today* page: draws what ``today`` has reckoned, and reckons nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Final

import streamlit as st

from analytics.dashboard.chart import ChartTexts, Row, shares_spec
from analytics.dashboard.devices import read_devices
from analytics.dashboard.devices_page import draw_devices, draw_waiting
from analytics.dashboard.language import Language
from analytics.dashboard.markup import table
from analytics.dashboard.today import ByChannel, Figure, Press, Today, Trial, read_today
from analytics.dashboard.troubles import away, part_missing
from analytics.dashboard.view import Source
from analytics.dashboard.words import (
    channel_name,
    interval_text,
    rating_text,
    scale_name,
    share_text,
    votes_text,
)
from broker.store.errors import StoreError

REFRESH_S: Final = 2
"""Soon enough for who stands at a kiosk in test mode; a renewal costs some 10 ms a viewer."""

REFRESH_DEVICES_S: Final = 10
"""Whether one is silent is told after minutes."""

_log: Final = logging.getLogger(__name__)


def draw(source: Source, language: Language, units: AbstractSet[str] = frozenset()) -> None:
    """Draw the page, and keep it current; of the touchpoints of ``units`` alone, if there are any.

    What is about the whole installation is for those who see all.
    """
    st.fragment(_live, run_every=REFRESH_S)(source, language, units)
    st.header(language.text("Devices and completeness"), anchor=False)
    st.fragment(_live_devices, run_every=REFRESH_DEVICES_S)(source, language, units)


def _live(source: Source, language: Language, units: AbstractSet[str]) -> None:
    """The ratings of today, which renew themselves."""
    now = datetime.now(UTC)
    try:
        _draw_part(partial(_draw_days, source, now, language, units), language)
    except StoreError:
        st.error(away(language))


def _live_devices(source: Source, language: Language, units: AbstractSet[str]) -> None:
    """The devices, which renew themselves less often."""
    now = datetime.now(UTC)
    try:
        if not units:
            _draw_part(partial(draw_waiting, source.database, language), language)
        _draw_part(partial(_draw_devices, source, now, language, units), language)
    except StoreError:
        st.error(away(language))


def _draw_devices(
    source: Source, now: datetime, language: Language, units: AbstractSet[str]
) -> None:
    """Devices, and whether anything of theirs is missing."""
    read = partial(read_devices, source.database, now, units)
    devices = source.live.of(source.database, now, ("devices", frozenset(units)), read)
    draw_devices(devices, now, language)


def _draw_part(draw_it: Callable[[], None], language: Language) -> None:
    """Draw a part of the page; a fault in it is told and logged, and the other parts stand.

    Raises:
        StoreError: the database is away, so there is nothing to be drawn of the others either.
    """
    _ = language.text
    try:
        draw_it()
    except StoreError:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, it is logged, and the rest goes on
        _log.exception("a part of the page can't be drawn")
        st.error(part_missing(language))


def _draw_days(source: Source, now: datetime, language: Language, units: AbstractSet[str]) -> None:
    """Today's ratings at every site."""
    read = partial(read_today, source.database, now, source.releases, units)
    days = source.live.of(source.database, now, ("today", frozenset(units)), read)
    if units and not days:
        st.info(language.text("None of your units serves at a place now."))
    for day in days:
        if len(days) > 1:
            st.header(day.site, anchor=False)
        st.caption(
            f"{day.site} · {language.day(day.on)} · {language.time(now.astimezone(day.now.tzinfo))}"
        )
        _draw_everywhere(day, language, is_whole=not units, is_only=len(days) == 1)
        _draw_trials(day, language)


def _draw_everywhere(day: Today, language: Language, *, is_whole: bool, is_only: bool) -> None:
    """All touchpoints that are not in test mode, as one."""
    _ = language.text
    if not day.places:
        return
    if is_only or not is_whole:
        st.header(_("All places") if is_whole else _("Places of your units"), anchor=False)
    if not day.everywhere:
        st.info(
            _("There are fewer than 5 ratings today: too few to show a figure.")
            if is_whole
            else _("There are too few ratings today, here or at all other places, for a figure.")
        )
    for figure in day.everywhere:
        _draw_total(figure, day.recent, language)
    st.caption(
        _(
            "Of today only the total is shown, renewed whenever 5 more ratings have come in. The "
            "page “Places” has each place up to yesterday."
        )
    )


def _draw_total(figure: Figure, recent: int | None, language: Language) -> None:
    """The figures of all places on one scale."""
    _, found = language.text, figure.satisfied
    few = _("fewer than 5")
    with st.container(horizontal=True):
        name = _("Ratings today")
        st.metric(
            f"{name} ({scale_name(_, figure.scale)})",
            language.number(figure.n),
            border=True,
            height="stretch",
        )
        st.metric(
            _("Satisfied"),
            language.percent(found.share),
            interval_text(language, found),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
        st.metric(
            _("Last 15 minutes"),
            few if recent is None else language.number(recent),
            border=True,
            height="stretch",
        )


def _draw_trials(day: Today, language: Language) -> None:
    """Touchpoints in test mode, each for itself."""
    _ = language.text
    if not day.trials:
        return
    st.header(_("Places in test mode"), anchor=False)
    st.caption(_("Trial ratings: each place counts for itself, and for no total."))
    for scale, trials in groupby(day.trials, key=lambda trial: trial.figure.scale):
        st.subheader(_("Scale: {scale}").format(scale=scale_name(_, scale)), anchor=False)
        _draw_scale(list(trials), language)
    if day.channels:
        st.subheader(_("By channel"), anchor=False)
        _draw_channels(day.channels, language)
    if day.presses:
        st.subheader(_("Latest ratings"), anchor=False)
        _draw_presses(day.presses, language)


def _draw_channels(channels: Sequence[ByChannel], language: Language) -> None:
    """How people reached touchpoints in test mode."""
    _ = language.text
    rows = [
        [
            each.place,
            f"{channel_name(_, each.channel)}\n{scale_name(_, each.figure.scale)}",
            language.number(each.figure.n),
            share_text(language, each.figure.satisfied),
        ]
        for each in channels
    ]
    columns = [_("Place"), _("Channel"), _("Ratings today"), _("Satisfied")]
    st.html(table(_("Places that are reached by more than a device"), columns, rows))


def _draw_presses(presses: Sequence[Press], language: Language) -> None:
    """Single ratings of touchpoints in test mode."""
    _ = language.text
    rows = [
        [press.place, rating_text(_, press.scale, press.value), language.time(press.at)]
        for press in presses
    ]
    columns = [_("Place"), _("Rating"), _("Time")]
    st.html(table(_("Of the last 15 minutes, newest first"), columns, rows))


def _draw_scale(trials: Sequence[Trial], language: Language) -> None:
    """The figures of touchpoints in test mode on one scale: a chart and its table."""
    _ = language.text
    drawn = [_chart_row(trial, language) for trial in trials]
    texts = ChartTexts(_("Place"), _("Satisfied"), _("95 % interval"), _("Ratings"))
    alt = _("Share of satisfied ratings by place, with intervals; the table has the same figures.")
    st.vega_lite_chart(spec=shares_spec(tuple(drawn), texts), alt=alt)
    columns = [
        _("Place"),
        _("Ratings today"),
        _("Satisfied"),
        _("As pressed"),
        _("Last 15 minutes"),
    ]
    rows = [
        [
            trial.name,
            language.number(trial.figure.n),
            share_text(language, trial.figure.satisfied),
            votes_text(language, trial.pressed),
            language.number(trial.recent),
        ]
        for trial in trials
    ]
    st.html(table(_("Satisfied, with the 95 % interval and how sure it is"), columns, rows))


def _chart_row(trial: Trial, language: Language) -> Row:
    """One place of the chart."""
    found = trial.figure.satisfied
    return Row(
        place=trial.name,
        satisfied=found,
        share=language.percent(found.share),
        interval=language.percents(found.low, found.high),
        votes=language.number(trial.figure.n),
    )
