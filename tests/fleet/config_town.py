"""What tests of configurations share: two desks with a kiosk each, and what kiosks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from broker.fleet.place_changes import set_setting
from broker.fleet.surveys import publish
from broker.store.database import Database
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.store.status import Heard, StatusWriter, Who
from broker.wire.messages import VERSION, Heartbeat
from broker.wire.surveys import Question, Survey

SITE: Final = "troyan"
NOW: Final = datetime.now(UTC)
"""Registering dates itself; so tests reckon from today."""
TODAY: Final = NOW.astimezone(ZoneInfo("Europe/Sofia")).date()

HOURS: Final = [{"days": [1, 2, 3, 4, 5], "opens_at": "08:00", "closes_at": "17:00"}]
ASKED: Final = {"code": "reception"}
BAD_LANGUAGES: Final = ["bg", "en", "tr"]
"""No text of the survey is in the last of them."""


def survey(version: int = 1, code: str = "reception", **texts: str) -> Survey:
    """A survey of one question in ``texts``, else in Bulgarian and English."""
    asked = texts or {"bg": "Доволни ли сте?", "en": "Are you satisfied?"}
    question = Question(code="overall", texts=asked, scale="faces-4")
    return Survey(code=code, version=version, questions=(question,))


def build(database: Database, *, is_asked: bool = True) -> Database:
    """``desk-1`` with ``kiosk-1`` and ``desk-2`` with ``kiosk-2``, which ask a survey."""
    add_site(database, SITE)
    publish(database, survey(), NOW)
    for number in (1, 2):
        add_touchpoint(database, f"desk-{number}", site=SITE)
        add_device(database, f"kiosk-{number}", touchpoint=f"desk-{number}")
    if is_asked:
        set_at_root(database, "survey", ASKED)
    return database


def set_at_root(
    database: Database,
    key: str,
    value: object,
    in_days: int = 0,
) -> None:
    """Set something for the whole site."""
    set_setting(database, "site", SITE, key, value, TODAY + timedelta(days=in_days), NOW)


def set_at(database: Database, touchpoint: str, key: str, value: object) -> None:
    """Set something for one touchpoint."""
    set_setting(database, "touchpoint", touchpoint, key, value, None, NOW)


def say(database: Database, device: str, configuration: int, refusal: str = "") -> None:
    """A heartbeat of ``device`` arrives, which tells the revision that it uses."""
    beat = Heartbeat(
        v=VERSION,
        sent_at=NOW,
        clock="synced",
        boot="b" * 8,
        uptime_ms=1,
        stream="5" * 32,
        last_seq=0,
        waiting=0,
        version="1",
        configuration=configuration,
        refusal=refusal,
    )
    at = datetime.now(UTC)
    StatusWriter(database).write(Heard(heartbeats={Who(SITE, device): (beat, at)}))
