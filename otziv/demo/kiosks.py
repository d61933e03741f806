"""The demo's kiosks: where they stand, and how the store knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from broker.store.database import Database
from broker.store.registry import add_device, add_touchpoint, list_touchpoints

PLACES: Final = (
    "Гише 1, справки",
    "Гише 2, деловодство",
    "Гише 3, каса",
    "Гише 4, местни данъци",
    "Гише 5, такса битови отпадъци",
    "Гише 6, гражданско състояние",
    "Гише 7, кадастър",
    "Гише 8, търговия",
    "Гише 9, социални услуги",
    "Кметство Горна чешма",
    "Кметство Кривия дъб",
    "Туристически център",
)
"""Where the demo's kiosks stand; all invented."""


def kiosk_name(number: int) -> str:
    """Name of the demo's kiosk ``number``, from 1."""
    return f"demo-{number:02}"


def register(database: Database, site: str, names: Sequence[str]) -> None:
    """Make the demo's touchpoints and devices known, in test mode."""
    known = {touchpoint.code for touchpoint in list_touchpoints(database)}
    for name, place in zip(names, PLACES, strict=True):
        if name not in known:  # an earlier demo may have called it something else
            add_touchpoint(database, name, site=site, name=place, is_test=True)
        add_device(database, name, touchpoint=name)
