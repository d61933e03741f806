"""All tables of the portal; whoever imports this has them in the metadata."""

from __future__ import annotations

from importlib import import_module
from typing import Final

AREAS: Final = (
    "accounts",
    "alerts",
    "audit",
    "comments",
    "fleet",
    "improvement",
    "mail",
    "municipality",
    "people",
    "surveys",
)
"""Folders with a ``tables.py``."""

for _area in AREAS:
    import_module(f"portal.{_area}.tables")
import_module("portal.surveys.answer_tables")
