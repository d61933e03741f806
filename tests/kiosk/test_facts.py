"""What the maintenance screen tells, from the parts themselves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from hardware.open import NoPanelSettings
from kiosk.configuration import ConfigurationFile
from kiosk.facts import Inner, facts
from kiosk.health import Health
from kiosk.outbox import Outbox
from kiosk.settings import Settings
from kiosk.words import Words
from tests.kiosk.builders import ONE, HandClock, configured


@pytest.mark.parametrize(
    ("timezone", "shown"),
    [(None, "2026-11-18 14:00:00"), ("Europe/Lisbon", "2026-11-18 12:00:00")],
)
def test_times_are_those_of_the_hall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, timezone: str | None, shown: str
) -> None:
    """The configuration's zone, else Bulgaria's; a Raspberry Pi's own is UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    clock = HandClock(wall=1_795_003_200_000)
    configuration = ConfigurationFile(tmp_path / "configuration.json", "desk-1")
    if timezone is not None:
        configuration.offer(write(replace(configured(ONE), timezone=timezone)))
    with closing(Outbox(tmp_path / "outbox.db")) as outbox:
        inner = Inner(
            settings=Settings(
                site="troyan", device="hall-1", data=tmp_path, panel=NoPanelSettings()
            ),
            configuration=configuration,
            health=Health(),
            clock=clock,
            counts=outbox.counts,
            is_connected=lambda: True,
            received=clock.read,
        )
        told = {fact.name: fact.text for fact in facts(inner, Words("en"))}
    assert told["Clock"] == told["Last receipt"] == shown
