"""What tests of places share: when it is, and surveys to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from broker.wire.surveys import Question, Survey

SITE: Final = "troyan"
SOFIA: Final = ZoneInfo("Europe/Sofia")
NOW: Final = datetime.now(UTC)
"""Registering dates itself; so tests reckon from today."""
TODAY: Final = NOW.astimezone(SOFIA).date()
LONG_AGO: Final = date(2025, 1, 1)

HOURS: Final = [{"days": [1, 2, 3, 4, 5], "opens_at": "08:00", "closes_at": "17:00"}]


ASKED: Final = {"bg": "Доволни ли сте?", "en": "Are you satisfied?"}


def survey(version: int = 1, texts: Mapping[str, str] = ASKED) -> Survey:
    """A survey of one question."""
    question = Question(code="overall", texts=dict(texts), scale="faces-4")
    return Survey(code="reception", version=version, questions=(question,))
