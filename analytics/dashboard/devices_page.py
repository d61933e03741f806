"""Devices on the page: draws what ``devices`` and the quarantine tell, and reckons nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final

import streamlit as st

from analytics.dashboard.devices import DeviceState
from analytics.dashboard.language import Language, Translate
from analytics.dashboard.markup import table
from analytics.dashboard.words import contact_text, place_text
from broker.store.database import Database
from broker.store.quarantine import count_waiting

STEP: Final = 100
"""In which counts of devices outside test mode are shown."""

MOST_OPEN: Final = 15
"""A longer table is folded: who wants the day's news need not scroll past it."""

MAX_STRANGERS: Final = 10
"""Strangers that are listed, of however many: names cost them nothing."""


def draw_waiting(database: Database, language: Language) -> None:
    """What waits in quarantine, and what to do; nothing when nothing waits."""
    _, waiting = language.text, count_waiting(database)
    if not waiting:
        return
    text = _(
        "Waiting in quarantine, strangers' and unreadable ones included: {number} ({reasons}). "
        "Look at them with {command}."
    )
    reasons = ", ".join(f"`{each.reason}` {language.number(each.number)}" for each in waiting)
    number = language.number(sum(each.number for each in waiting))
    st.warning(
        text.format(number=number, reasons=reasons, command="`otziv feedback quarantine list`")
    )


def draw_devices(
    devices: Sequence[DeviceState], now: datetime, language: Language, *, is_folded: bool = True
) -> None:
    """Completeness: totals, then by device.

    ``is_folded``: whether a long table is.
    """
    _ = language.text
    ours = [device for device in devices if device.is_registered]
    strangers = devices[len(ours) :]
    if strangers:
        _draw_strangers(len(strangers), language)
    _draw_totals(ours, language)
    st.caption(
        _(
            "Made = stored + in quarantine + missing. Missing are also those that still wait in "
            "the device or are under way; they will arrive by themselves."
        )
    )
    if not all(device.is_test for device in ours):
        st.caption(
            _(
                "Devices outside test mode are counted in steps of a hundred, so that nobody can "
                "follow single votes."
            )
        )
    if devices:
        shown = [*ours, *strangers[:MAX_STRANGERS]]
        rows = [_device_row(device, now, language) for device in shown]
        columns = [_("Device"), *_counts(_)]
        copied = _("Has events of the same number: probably a copied card")
        notes = {at: copied for at, device in enumerate(shown) if device.clashes}
        drawn = table(_("Events by device, since its first"), columns, rows, notes)
        if is_folded and len(devices) > MOST_OPEN:
            st.expander(_("Device by device")).html(drawn)
        else:
            st.html(drawn)


def _draw_strangers(number: int, language: Language) -> None:
    """That devices speak which nobody has registered, and what to do."""
    _ = language.text
    text = _(
        "Devices that are not registered: {number}. Add those that are yours with {command}; "
        "find out who the others are."
    )
    st.warning(text.format(number=language.number(number), command="`otziv device add`"))


def _draw_totals(ours: Sequence[DeviceState], language: Language) -> None:
    """How many of our devices are online, and the counts of all of them together."""
    _ = language.text
    online = sum(device.contact is not None and device.contact.is_online for device in ours)
    with st.container(horizontal=True):
        st.metric(_("Online"), f"{online} / {len(ours)}", border=True)
        for name, count in _counts(_).items():
            total = sum(map(count, ours))
            is_exact = name in _exact(_) or all(device.is_test for device in ours)
            st.metric(name, _number(language, total, is_exact=is_exact), border=True)


def _counts(_: Translate) -> dict[str, Callable[[DeviceState], int]]:
    """The four counts of completeness, by name."""
    return {
        _("Made"): attrgetter("made"),
        _("Stored"): attrgetter("stored"),
        _("In quarantine"): attrgetter("quarantined"),
        _("Missing"): attrgetter("missing"),
    }


def _device_row(device: DeviceState, now: datetime, language: Language) -> list[str]:
    """One device: name, place and state in one cell, then its counts."""
    _ = language.text
    name = f"{device.who.device}\n{place_text(_, device)}"
    if device.is_machine:
        name += f"\n{contact_text(language, device.contact, now)}"
    is_open = device.is_test or not device.is_registered
    return [
        name,
        *(
            _number(language, count(device), is_exact=is_open or what in _exact(_))
            for what, count in _counts(_).items()
        ),
    ]


def _exact(_: Translate) -> set[str]:
    """The counts that say nothing of single votes."""
    return {_("In quarantine"), _("Missing")}


def _number(language: Language, count: int, *, is_exact: bool) -> str:
    """``count``, or what it is at least.

    A live count beside the total of all places would tell at which desk the last votes were
    given. So outside test mode it moves in steps of a hundred.
    """
    if is_exact or count == 0:
        return language.number(count)
    if count < STEP:
        return f"< {language.number(STEP)}"
    return f"≥ {language.number(count - count % STEP)}"
