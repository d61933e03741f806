"""*Fleet*: whether devices are there, how they do, and whether anything of theirs is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from analytics.charts.view import as_csv
from analytics.dashboard.devices import DeviceState, read_devices
from analytics.dashboard.devices_page import draw_devices, draw_waiting
from analytics.dashboard.fleet_facts import (
    MOST_NOTICES,
    Health,
    OpenNotice,
    read_health,
    read_open_notices,
)
from analytics.dashboard.fleet_words import clock_text, notice_text
from analytics.dashboard.markup import table
from analytics.dashboard.show import download
from analytics.dashboard.view import View
from analytics.dashboard.words import place_text
from broker.store.errors import StoreError

REFRESH_S: Final = 15
"""A device is silent for minutes before anything is said of it."""


def draw(view: View) -> None:
    """Draw the page, and keep it current."""
    st.title(view.language.text("Fleet"), anchor=False)
    st.fragment(_live, run_every=REFRESH_S)(view)


def _live(view: View) -> None:
    _, now, database = view.language.text, datetime.now(UTC), view.source.database
    try:
        devices = read_devices(database, now, view.units)
        _draw_notices(view, read_open_notices(database, devices, view.units), now)
        st.header(_("Pressed, stored, missing"), anchor=False)
        if not view.units:
            draw_waiting(database, view.language)
        _draw_whole(view, devices)
        draw_devices(devices, now, view.language, is_folded=False)
        _draw_health(view, read_health(database, devices))
    except StoreError:
        st.error(
            _(
                "The database is not available just now. This page renews itself as soon as the "
                "connection is back."
            )
        )


def _draw_notices(view: View, found: Sequence[OpenNotice], now: datetime) -> None:
    """What is wrong, and since when."""
    _ = view.language.text
    st.header(_("What is wrong now"), anchor=False)
    if not found:
        st.info(_("Nothing is wrong with any device that we know of."))
        return
    rows = [_notice_row(view, each, now) for each in found[:MOST_NOTICES]]
    columns = [_("What"), _("Since")]
    st.html(table(_("Open notices, the newest first"), columns, rows))
    if len(found) > MOST_NOTICES:
        more = view.writing.number(len(found) - MOST_NOTICES)
        st.caption(_("And {number} more.").format(number=more))
    lines = [[cell.replace("\n", " · ") for cell in row] for row in rows]
    download(view, "notices", as_csv(columns, lines))
    st.caption(_("What to do about each stands on the device's page of the portal."))


def _notice_row(view: View, found: OpenNotice, now: datetime) -> list[str]:
    """What is wrong, with the device and its place below it; since when."""
    _ = view.language.text
    where = [found.device or _("the whole installation")]
    if found.state is not None:
        where.append(place_text(_, found.state))
    return [f"{notice_text(_, found)}\n{' · '.join(where)}", view.language.ago(now - found.since)]


def _draw_whole(view: View, devices: Sequence[DeviceState]) -> None:
    """In a sentence, whether anything is missing."""
    _ = view.language.text
    if not any(each.is_registered for each in devices):
        st.info(_("No device is registered yet."))
        return
    lacking = [each for each in devices if each.is_registered and each.missing]
    if not lacking:
        st.success(_("Nothing is missing: all that was pressed is stored or in quarantine."))
        return
    text = _("Missing or still under way: {number} answers (devices: {devices}).")
    number = view.writing.number(sum(each.missing for each in lacking))
    st.warning(text.format(number=number, devices=view.writing.number(len(lacking))))


def _draw_health(view: View, found: Sequence[Health]) -> None:
    """What devices last said of themselves."""
    _ = view.language.text
    st.header(_("How devices do"), anchor=False)
    if not found:
        st.info(_("No device has said anything of itself yet."))
        return
    rows = [_health_row(view, each) for each in found]
    columns = [_("Device"), _("Program"), _("Processor"), _("Free memory")]
    st.html(table(_("What devices last said of themselves"), columns, rows))
    lines = [[cell.replace("\n", " · ") for cell in row] for row in rows]
    download(view, "health", as_csv(columns, lines))


def _health_row(view: View, found: Health) -> list[str]:
    _, state = view.language.text, found.state
    hot = found.temperature
    return [
        f"{state.who.device}\n{place_text(_, state)}",
        f"{found.version or '–'}\n{clock_text(_, found.clock)}",
        "–" if hot is None else f"{view.writing.number(hot)}\N{NO-BREAK SPACE}°C",
        "–" if found.free is None else view.writing.percent(found.free),
    ]
