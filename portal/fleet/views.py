"""All routes of the area; a path belongs to the first that has it."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from portal.fleet.area import AREA

__all__ = ["AREA"]

_VIEWS: Final = (
    "places",
    "holidays",
    "settings",
    "touchpoints",
    "enrolment",
    "orders",
    "devices",
    "configurations",
    "health",
    "quarantine",
    "served",
    "misuse",
)
"""In this order: /devices/add is no device of that name."""

for _name in _VIEWS:
    import_module(f"portal.fleet.views_{_name}")
