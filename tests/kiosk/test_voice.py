"""The voice: how loud, how long, through what; over the virtual sound, and once over espeak-ng."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.espeak import Reader
from hardware.faults import Faults
from hardware.panel import Fault
from hardware.sound import Utterance
from hardware.virtual.sound import VirtualSound
from hardware.wav import duration_s
from kiosk.faces import scale_choices
from kiosk.scene import Scene
from kiosk.settings import SoundSettings
from kiosk.speech import to_record
from kiosk.voice import AGAIN_MS, VOLUMES_PERCENT, Voice, duration_ms, open_sound
from kiosk.words import Words
from tests.kiosk.hall import KEYS, PANELS, Hall, configuration

IDLE = Scene(
    number=0,
    state="idle",
    language="en",
    title="Satisfied?",
    choices=scale_choices("faces-4", PANELS["four faces"], Words("en")),
)
PRIVATE = replace(IDLE, is_private=True)


class Player:
    """A voice, its sound, and its clock in our hand."""

    def __init__(self) -> None:
        self.now_ms = 1_000
        self.sound = VirtualSound()
        self.voice = Voice(
            self.sound,
            buttons=PANELS["four faces and four keys"],
            words_of=Words,
            uptime_ms=lambda: self.now_ms,
            loudspeaker_percent=70,
        )
        self.scene: Scene | None = None

    def show(self, scene: Scene) -> str:
        """Perform the change to ``scene``; returns the caption."""
        before, self.scene = self.scene, scene
        return self.voice.perform(before, scene)

    def help(self, after_ms: int = 0) -> None:
        """Ask for help."""
        assert self.scene is not None
        self.now_ms += after_ms
        self.show(replace(self.scene, helped=self.scene.helped + 1))

    @property
    def percent(self) -> int:
        """How loud it was last."""
        return self.sound.heard[-1].percent


def test_settings_open_the_sound(tmp_path: Path) -> None:
    """None, a virtual one that needs no programs, or the real one with its own headphones."""
    assert open_sound(SoundSettings(), tmp_path) is None
    assert isinstance(open_sound(SoundSettings(kind="virtual"), tmp_path), VirtualSound)
    real = SoundSettings(kind="alsa", device="null", private_device="nowhere")
    sound = open_sound(real, tmp_path)
    assert sound is not None
    sound.tone("pressed", is_private=True)
    faults: list[Fault] = []
    deadline_s = time.monotonic() + 20
    while not faults and time.monotonic() < deadline_s:
        faults += sound.faults()
        time.sleep(0.01)
    sound.close()
    assert [(each.part, each.fault) for each in faults] == [("headphones", "dead")]


def test_the_loudspeaker_is_as_loud_as_set() -> None:
    """Tones in the hall have the loudspeaker's volume."""
    player = Player()
    player.show(IDLE)
    player.show(replace(IDLE, is_pressed=True))
    assert [(each.what, each.percent, each.is_private) for each in player.sound.heard] == [
        ("pressed", 70, False)
    ]


def test_help_asked_twice_makes_it_louder_and_comes_round() -> None:
    """Each time within 5 s it is one of five steps louder, and after the loudest the softest."""
    player = Player()
    player.show(PRIVATE)
    assert player.percent == VOLUMES_PERCENT[2]
    player.help()
    assert player.percent == VOLUMES_PERCENT[2]
    percents = []
    for _ in range(5):
        player.help(AGAIN_MS - 1)
        percents.append(player.percent)
    assert percents == [VOLUMES_PERCENT[step] for step in (3, 4, 0, 1, 2)]
    player.help(AGAIN_MS)
    assert player.percent == VOLUMES_PERCENT[2]


def test_who_makes_it_louder_is_told_how_loud() -> None:
    """The step is said, and shown."""
    player = Player()
    player.show(PRIVATE)
    player.help()
    player.help()
    assert Utterance("Volume 4 of 5.", "en").text in [
        each.what.text for each in player.sound.heard if isinstance(each.what, Utterance)
    ]
    assert player.show(replace(PRIVATE, helped=2, is_dim=True)).startswith("Volume 4 of 5.")


@pytest.mark.parametrize(
    "gone",
    [
        (replace(PRIVATE, state="thanks"), PRIVATE),
        (IDLE, PRIVATE),
    ],
)
def test_the_volume_is_reset_for_the_next_visitor(gone: tuple[Scene, Scene]) -> None:
    """When a visitor is gone, or the plug was out, it is as loud as at first."""
    player = Player()
    player.show(PRIVATE)
    player.help()
    player.help()
    assert player.percent == VOLUMES_PERCENT[3]
    for scene in gone:
        player.show(scene)
    player.show(replace(PRIVATE, is_pressed=True))
    assert player.percent == VOLUMES_PERCENT[2]


def test_it_is_silent_as_soon_as_the_plug_is_out() -> None:
    """What was being said in private is not said to the hall."""
    player = Player()
    player.sound.set_held(is_held=True)
    player.show(PRIVATE)
    assert len(player.sound.heard) == 1
    player.show(IDLE)
    assert player.voice.speaks_for_ms == 0
    player.sound.set_held(is_held=False)
    assert all(each.is_private for each in player.sound.heard)
    assert len(player.sound.heard) == 1


def test_a_caption_stays_as_long_as_it_speaks() -> None:
    """A scene that changes nothing to be heard keeps the caption until the speech is over."""
    player = Player()
    caption = player.show(PRIVATE)
    assert caption.startswith("Welcome.")
    assert player.show(replace(PRIVATE, is_dim=True)) == caption
    player.now_ms += player.voice.speaks_for_ms
    assert player.show(PRIVATE) == ""


def test_a_press_ends_the_speech() -> None:
    """With the tone of a press nothing more is being said, and no time is asked for it."""
    player = Player()
    player.show(PRIVATE)
    assert player.voice.speaks_for_ms > 5_000
    player.show(replace(PRIVATE, is_pressed=True))
    assert player.voice.speaks_for_ms == 0
    assert player.sound.heard[-1].what == "pressed"


def test_a_broken_sound_is_told() -> None:
    """Faults of the devices come out of the voice, and it goes on."""
    player = Player()
    player.sound.set_dead(is_dead=True)
    player.show(PRIVATE)
    assert [(fault.part, fault.fault) for fault in player.voice.faults()] == [("sound", "dead")]
    player.voice.close()


def test_plug_and_help_at_the_kiosk() -> None:
    """At a kiosk with keys: silence, then the plug brings the greeting; help twice is louder."""
    hall = Hall(configuration(("bg", "en")), KEYS, is_heard=False)
    assert hall.sound.heard == []
    hall.plug(is_in=True)
    greeted = len(hall.sound.heard)
    assert greeted > 5
    hall.press("help")
    hall.press("help")
    assert {each.percent for each in hall.sound.heard[:greeted]} == {VOLUMES_PERCENT[2]}
    assert hall.sound.heard[-1].percent == VOLUMES_PERCENT[3]
    hall.plug(is_in=False)
    hall.press("next")
    assert not hall.sound.heard[-1].is_private
    hall.close()


def test_speech_is_never_longer_than_we_think(tmp_path: Path) -> None:
    """The estimate holds for all that espeak-ng may have to say, in both languages."""
    reader = Reader(Faults(), tmp_path)
    for each in to_record(configuration(("bg", "en")), Words):
        wav = reader.read(each)
        assert wav, each
        assert duration_s(wav) * 1000 <= duration_ms([each]), each
