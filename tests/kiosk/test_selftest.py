"""The self-test: what it finds, and what a clerk reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hardware.buttons import Press
from hardware.open import VirtualSettings
from hardware.virtual.panel import VirtualPanel
from hardware.virtual.sound import VirtualSound
from kiosk.clock import instant
from kiosk.faces import name_of
from kiosk.outbox import Entry, Outbox
from kiosk.selftest import Result, SelfTest
from kiosk.settings import ScreenSettings, Settings, SoundSettings
from kiosk.words import Words
from tests.kiosk.builders import HandClock, draft, uuid

SOFIA = ZoneInfo("Europe/Sofia")
BUTTONS = ("face-1", "face-2", "select")


class Clerk:
    """Answers as told, and presses what is asked for if ``when_told`` does."""

    def __init__(
        self, *, says: bool | None, when_told: Callable[[str], None] | None = None
    ) -> None:
        self.says = says
        self.heard: list[str] = []
        self._when_told = when_told
        self.ask_instead: Callable[[str], bool | None] = lambda _asked: self.says

    def tell(self, text: str) -> None:
        """Do it."""
        self.heard.append(text)
        if self._when_told is not None:
            self._when_told(text)

    def ask(self, question: str) -> bool | None:
        """Answer it."""
        self.heard.append(question)
        return self.ask_instead(question)


class HandPanel(VirtualPanel):
    """A panel in the time of a clock set by hand."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(
            BUTTONS,
            uptime=lambda: clock.uptime,
            sleep=clock.advance,
        )


@pytest.fixture
def clock() -> HandClock:
    """A clock that is right."""
    return HandClock()


@pytest.fixture
def panel(clock: HandClock) -> Iterator[HandPanel]:
    """Two faces and a key."""
    with closing(HandPanel(clock)) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A kiosk with everything."""
    return Settings(
        site="troyan",
        device="kiosk-1",
        data=tmp_path,
        panel=VirtualSettings(path=tmp_path / "panel.sock"),
        screen=ScreenSettings(),
        sound=SoundSettings(kind="alsa"),
    )


@pytest.fixture
def drm(tmp_path: Path) -> Path:
    """A display that is plugged in, and a socket without one."""
    for connector, state in (("card0-HDMI-A-1", "disconnected"), ("card1-DSI-1", "connected")):
        folder = tmp_path / "drm" / connector
        folder.mkdir(parents=True)
        (folder / "status").write_text(state)
        (folder / "modes").write_text("800x480\n")
    return tmp_path / "drm"


@pytest.fixture
def alone(settings: Settings, clock: HandClock) -> SelfTest:
    """The test of that kiosk, connected, with nobody and nothing at hand."""
    return SelfTest(
        settings=settings, words=Words("en"), clock=clock, zone=SOFIA, is_connected=lambda: True
    )


def _by_name(results: Iterator[Result] | list[Result]) -> dict[str, Result]:
    return {result.check: result for result in results}


def test_a_whole_kiosk_is_good(
    alone: SelfTest, settings: Settings, panel: HandPanel, drm: Path
) -> None:
    """Every check is there, in the order in which a clerk walks around; all are good."""
    Outbox(settings.data / "outbox.db").close()

    def press(asked: str) -> None:
        button = next(b for b in BUTTONS if asked.endswith(name_of(b, Words("en"))))
        panel.play(Press(button=button, id=uuid(1)))

    test = replace(
        alone, panel=panel, sound=VirtualSound(), person=Clerk(says=True, when_told=press), drm=drm
    )
    results = _by_name(test.run())
    assert list(results) == [
        "lights", "buttons", "sound", "headphones", "speech",
        "screen", "disk", "clock", "broker", "outbox",
    ]  # fmt: skip
    assert {result.mark for result in results.values()} == {"good"}
    assert results["buttons"].text == "all 3 work"
    assert results["screen"].text == "DSI-1 800x480"
    assert results["clock"].fact.mark == "good"


def test_what_is_broken_is_bad_and_named(
    alone: SelfTest, settings: Settings, clock: HandClock, panel: HandPanel, tmp_path: Path
) -> None:
    """Dark lamps, dead buttons, silence, no screen, no time, no server, a broken outbox."""
    (settings.data / "outbox.db").write_bytes(b"x" * 4096)
    clock.is_synced = False
    clerk = Clerk(says=False)
    test = replace(
        alone,
        is_connected=lambda: False,
        panel=panel,
        sound=VirtualSound(),
        person=clerk,
        drm=tmp_path / "no-drm",
    )
    results = _by_name(test.run())
    good = [name for name, result in results.items() if result.mark == "good"]
    assert good == ["disk"]
    assert results["buttons"].text.startswith("not felt: face 1, face 2, the key to choose;")
    assert "not a database" in results["outbox"].text
    assert "127.0.0.1:1883 does not answer" in results["broker"].text


def test_each_button_is_waited_for_twenty_seconds(
    alone: SelfTest, clock: HandClock, panel: HandPanel, drm: Path
) -> None:
    """Not longer: three dead ones take a minute."""
    before_ms = clock.uptime_ms()
    test = replace(alone, panel=panel, person=Clerk(says=True), drm=drm)
    assert _by_name(test.with_person())["buttons"].mark == "bad"
    assert clock.uptime_ms() - before_ms == pytest.approx(60_000, abs=100)


@pytest.mark.parametrize("is_someone_there", [True, False])
def test_what_nobody_can_tell_is_unknown(
    alone: SelfTest, panel: HandPanel, *, is_someone_there: bool
) -> None:
    """Nobody is there, or does not know: that is neither good nor bad."""
    test = replace(
        alone,
        panel=panel,
        sound=VirtualSound(),
        person=Clerk(says=None) if is_someone_there else None,
    )
    results = _by_name(test.with_person())
    assert {results[name].mark for name in ("lights", "sound", "speech", "headphones")} == {
        "unknown"
    }
    expected = "nobody could tell" if is_someone_there else "not tested: somebody has to be there"
    assert results["lights"].text == expected


@pytest.mark.parametrize("is_worn", [True, False])
def test_headphones_and_speech_are_listened_to(alone: SelfTest, *, is_worn: bool) -> None:
    """A tone in each, then words in whichever the person wears; unworn headphones are unknown."""
    sound = VirtualSound()
    clerk = Clerk(says=True)
    clerk.ask_instead = lambda asked: is_worn if asked.startswith("Plug headphones") else True
    test = replace(alone, sound=sound, person=clerk)
    results = _by_name(test.with_person())
    marks = {name: result.mark for name, result in results.items()}
    assert marks == {
        "sound": "good",
        "headphones": "good" if is_worn else "unknown",
        "speech": "good",
    }
    heard = [(str(getattr(each.what, "text", each.what)), each.is_private) for each in sound.heard]
    worn = [("thanks", True)] if is_worn else []
    assert heard == [("thanks", False), *worn, ("Thank you!", is_worn)]


def test_a_virtual_sound_is_not_listened_to(alone: SelfTest, settings: Settings) -> None:
    """Nothing can be heard of it."""
    silent = msgspec.structs.replace(settings, sound=SoundSettings(kind="virtual"))
    test = replace(alone, settings=silent, sound=VirtualSound(), person=Clerk(says=False))
    assert _by_name(test.with_person()) == {}


def test_the_time_is_that_of_the_hall(
    alone: SelfTest, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the machine's own zone: that of a Pi is often UTC."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        told = _by_name(alone.passive())["clock"].text
    finally:
        monkeypatch.undo()
        time.tzset()
    assert told == f"{instant(clock.read().wall_ms).astimezone(SOFIA):%Y-%m-%d %H:%M}"


def test_what_a_kiosk_has_not_is_not_tested(alone: SelfTest, settings: Settings) -> None:
    """No screen, no loudspeaker, no button: no line about them."""
    bare = Settings(site="troyan", device="k", data=settings.data, panel=settings.panel)
    test = replace(alone, settings=bare)
    assert list(_by_name(test.run())) == ["disk", "clock", "broker", "outbox"]


def test_a_disk_that_cannot_be_written_is_bad(alone: SelfTest, settings: Settings) -> None:
    """And its reason is told."""
    gone = Settings(site="troyan", device="k", data=settings.data / "gone", panel=settings.panel)
    results = _by_name(replace(alone, settings=gone).passive())
    assert results["disk"].mark == "bad"
    assert "can't be written" in results["disk"].text


def test_the_outbox_is_looked_at_while_it_is_used(
    alone: SelfTest, settings: Settings, clock: HandClock
) -> None:
    """The firmware goes on adding; nothing is left behind by the look."""
    with closing(Outbox(settings.data / "outbox.db")) as outbox:
        outbox.add([Entry(draft(1), clock.read())])
        results = _by_name(alone.passive())
        outbox.add([Entry(draft(2), clock.read())])
    assert results["outbox"].text == "whole, answers waiting: 1"
    assert not (settings.data / "self-test").exists()


def test_a_clerk_reads_it_in_bulgarian(alone: SelfTest, clock: HandClock) -> None:
    """Every line is translated: no Latin letters but of units and names."""
    clock.is_synced = False
    results = list(replace(alone, words=Words("bg"), is_connected=lambda: False).passive())
    latin = {"MB", "ms"}
    for result in results:
        words = result.text.replace("127.0.0.1:1883", "").split()
        assert not [w for w in words if w.isascii() and w.isalpha() and w not in latin]
        assert not result.name.isascii()
