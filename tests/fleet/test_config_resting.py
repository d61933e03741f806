"""Devices that stand nowhere: what rests, and what is said of it."""

from __future__ import annotations

from datetime import timedelta

from broker.fleet.configurations import history, refresh, show
from broker.fleet.device_places import move_device, retire_device
from broker.store.database import Database
from broker.store.registry import add_importer
from tests.fleet.config_town import NOW, SITE, build, say


def test_one_that_got_none_before_it_was_put_away_is_told_to_rest(database: Database) -> None:
    """It may be asking its built-in survey; it names the touchpoint where it stood last."""
    build(database)
    for number, touchpoint in enumerate(("desk-2", None)):
        move_device(database, "kiosk-1", touchpoint, now=NOW + timedelta(seconds=number))
    retire_device(database, "kiosk-2", now=NOW)
    assert refresh(database, NOW).made == {"kiosk-1": 1, "kiosk-2": 2}
    for device in ("kiosk-1", "kiosk-2"):
        content = history(database, device, NOW)[0].read()
        assert content is not None
        assert (content.is_resting, content.touchpoint) == (True, "desk-2")
    assert refresh(database, NOW).made == {}


def test_one_that_never_stood_anywhere_gets_none(database: Database) -> None:
    """It brings in what was said elsewhere, and is no kiosk."""
    build(database)
    add_importer(database, "paper", site=SITE)
    assert "paper" not in refresh(database, NOW).made
    assert show(database, "paper", NOW).says == "in a drawer: it asks nobody"


def test_it_is_said_to_rest_when_it_does(database: Database) -> None:
    """Until its heartbeat tells so it may be asking people."""
    build(database)
    refresh(database, NOW)
    say(database, "kiosk-1", 1)
    move_device(database, "kiosk-1", None, now=NOW)
    assert refresh(database, NOW).made == {"kiosk-1": 3}
    assert show(database, "kiosk-1", NOW).says == "made; to be published"
    say(database, "kiosk-1", 3)
    assert show(database, "kiosk-1", NOW).says == "in a drawer: it asks nobody"
