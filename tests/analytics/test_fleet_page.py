"""*Fleet*: availability, what is wrong, and whether anything is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.dashboard import person
from analytics.dashboard.doubt_words import DOUBTS, WAITING
from analytics.dashboard.fleet_words import CLOCKS, NOTICES
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.person import Person
from broker.fleet.notice_texts import TEXTS
from broker.fleet.notices import open_notice
from broker.fleet.place_changes import set_setting
from broker.intake.reasons import EXPLANATIONS
from broker.store.flag_reasons import JUDGED, OVERREACH, PROVENANCE
from broker.store.status import Who
from broker.store.tables import DeviceStatus, table_of
from tests.analytics.feedback import SITE, Feedback
from tests.analytics.screen import open_screen, shown

BOTH = ("bg", "en")


@pytest.fixture
def desks(feedback: Feedback, monkeypatch: pytest.MonkeyPatch) -> Feedback:
    """Two desks of two units, each with a device that was heard."""
    now = datetime.now(UTC)
    for code, unit in (("desk-1", "revenue"), ("desk-2", "registry")):
        feedback.place(code, name=f"Гише {code[-1]}")
        set_setting(feedback.database, "touchpoint", code, "unit", unit, None, now)
        row = {
            "site": SITE,
            "device": f"kiosk-{code}",
            "last_seen_at": now,
            "availability": "online",
            "heartbeat_at": now,
            "clock": "synced",
            "version": "1.2.3",
            "temperature_c": 47.6,
            "disk_free_bytes": 25,
            "disk_total_bytes": 100,
        }
        with feedback.database.transaction() as connection:
            connection.execute(table_of(DeviceStatus).insert(), row)
    monkeypatch.setenv(DATABASE, feedback.url)
    return feedback


def test_there_are_words_for_everything() -> None:
    """Each rule of notices, each reason of flags and of the quarantine."""
    assert set(NOTICES) == set(TEXTS)
    assert set(WAITING) >= set(EXPLANATIONS)
    assert set(DOUBTS) >= JUDGED | OVERREACH | PROVENANCE
    assert set(CLOCKS) == {"synced", "estimated", "unknown"}


@pytest.mark.parametrize("language", BOTH)
def test_nobody_is_registered(
    feedback: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """An empty installation promises nothing."""
    monkeypatch.setenv(DATABASE, feedback.url)
    app = open_screen(project, "fleet", lang=language)
    assert not app.exception
    assert not app.error
    assert not app.success
    assert len(app.info) == 3  # no notices, no device, none that said anything


@pytest.mark.parametrize("language", BOTH)
def test_all_is_well(desks: Feedback, project: Path, language: str) -> None:
    """Online, nothing missing; what devices say of themselves; counts in steps."""
    desks.press("desk-1", 4, times=7)
    app = open_screen(project, "fleet", lang=language)
    assert not app.exception
    assert not app.error
    assert len(app.success) == 1
    found = shown(app)
    assert "2 / 2" in found
    assert "48\N{NO-BREAK SPACE}°C" in found
    assert "25\N{NO-BREAK SPACE}%" in found
    assert "&lt; 100" in found
    assert ">7<" not in found


@pytest.mark.parametrize("language", BOTH)
def test_what_is_wrong_is_told(desks: Feedback, project: Path, language: str) -> None:
    """Notices of devices and of the installation; what is missing."""
    now = datetime.now(UTC)
    open_notice(desks.database, SITE, "kiosk-desk-1", "stuck-button:face-2", "{}", now)
    open_notice(desks.database, "", "", "no-backup", "{}", now)
    open_notice(desks.database, SITE, "kiosk-desk-2", "some-new-rule", "", now)
    desks.press("desk-1", 4)
    desks.skip("desk-1", 2)
    desks.press("desk-1", 4)
    app = open_screen(project, "fleet", lang=language)
    assert not app.exception
    found = shown(app)
    stuck = {"bg": "заседнал бутон (face-2)", "en": "a button is stuck (face-2)"}[language]
    assert stuck in found
    assert {"bg": "не се прави резервно копие", "en": "no backup is made"}[language] in found
    assert "some-new-rule" in found
    assert not app.success
    assert len(app.warning) == 1


def test_somebody_of_a_unit_sees_its_own(
    desks: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices, notices; nothing of the whole installation."""
    now = datetime.now(UTC)
    for who in (Who(SITE, "kiosk-desk-1"), Who(SITE, "kiosk-desk-2"), Who("", "")):
        open_notice(desks.database, *who, "too-hot", "{}", now)
    known = Person("Ева", frozenset({"auditor"}), "https://portal.test", frozenset({"revenue"}))
    monkeypatch.setattr(person, "person_of", lambda _: known)
    app = open_screen(project, "fleet", lang="en")
    assert not app.exception
    found = shown(app)
    assert "kiosk-desk-1" in found
    assert "kiosk-desk-2" not in found
    assert "whole installation" not in found
