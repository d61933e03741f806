"""The pages, in the order of the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.dashboard.screens import (
    actions,
    alerts,
    fleet,
    now,
    one_place,
    places,
    quality,
    reports,
    results,
    surveys,
    today,
)
from analytics.dashboard.view import View


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


@dataclass(frozen=True, slots=True)
class Entry:
    """A page.

    Attributes:
        path: its address.
        has_bar: whether the bar of choices stands above it.
        is_for_analysts: who manages is spared it.
        is_for_deciders: only who publishes for the whole municipality finds it.
    """

    path: str
    title: str
    draw: Callable[[View], None]
    has_bar: bool = True
    is_for_analysts: bool = False
    is_for_deciders: bool = False


PAGES: Final[Sequence[Entry]] = (
    Entry("today", _("Today"), today.draw, has_bar=False),
    Entry("places", _("Places"), places.draw),
    Entry("place", _("One place"), one_place.draw),
    Entry("surveys", _("Surveys"), surveys.draw),
    Entry("actions", _("Actions"), actions.draw),
    Entry("results", _("Results"), results.draw, has_bar=False, is_for_deciders=True),
    Entry("reports", _("Reports"), reports.draw, has_bar=False),
    Entry("alerts", _("Alerts"), alerts.draw, has_bar=False, is_for_analysts=True),
    Entry("quality", _("Data quality"), quality.draw, is_for_analysts=True),
    Entry("fleet", _("Fleet"), fleet.draw, has_bar=False, is_for_analysts=True),
    Entry("now", _("Now"), now.draw, has_bar=False, is_for_analysts=True),
)


def entries_for(view: View) -> list[Entry]:
    """Those that are for the viewer."""
    return [
        entry
        for entry in PAGES
        if (view.is_analyst or not entry.is_for_analysts)
        and (not entry.is_for_deciders or results.is_for(view))
    ]


def start_for(view: View, asked: Mapping[str, str]) -> Entry:
    """What the bare address shows; with ``?alert=…``, as messages have it, that alert, to all."""
    wanted = "alerts" if alerts.PARAMETER in asked else entries_for(view)[0].path
    return next(entry for entry in PAGES if entry.path == wanted)
