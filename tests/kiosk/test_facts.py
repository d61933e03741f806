"""What the maintenance screen tells, from the parts themselves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from hardware.open import NoPanelSettings
from kiosk.configuration import ConfigurationError, ConfigurationFile
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
    configuration = ConfigurationFile(tmp_path / "configuration.json", "desk-1")
    if timezone is not None:
        configuration.offer(write(replace(configured(ONE), timezone=timezone)))
    told = _told(tmp_path, configuration, "en")
    assert told["Clock"] == told["Last receipt"] == shown


def test_a_refusal_is_told_in_the_clerks_language(tmp_path: Path) -> None:
    """In a few words; all of it, which is English, stands below for whoever looks after it."""
    configuration = ConfigurationFile(tmp_path / "configuration.json", "desk-1")
    with pytest.raises(ConfigurationError):
        configuration.offer(write(replace(configured(ONE), languages=("bg", "bg"))))
    told = _told(tmp_path, configuration, "bg")
    assert told["Отхвърлени"] == "не могат да се покажат такива, каквито са"
    assert told["За администратора"].startswith("languages: one of them is there twice")


def _told(tmp_path: Path, configuration: ConfigurationFile, language: str) -> dict[str, str]:
    """What a kiosk with this configuration tells, at two in the afternoon."""
    clock = HandClock(wall=1_795_003_200_000)
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
        return {fact.name: fact.text for fact in facts(inner, Words(language))}
