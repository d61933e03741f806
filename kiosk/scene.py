"""What the kiosk shows and hears: the whole contract between the firmware and its screen.

A :class:`Scene` is all that stands on the stage at one moment, in the visitor's language, so that a
screen which comes late, or comes back, shows the right thing at once; it only draws. Scene and
gestures pass over a local socket, JSON, one message a line.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from broker.wire.events import Milliseconds
from broker.wire.texts import ID, checked
from hardware.panel import Closure, Input

BUTTON: Final = "[A-Za-z0-9-]{1,64}"
"""The form of a button's name; whether there is such a button, the session knows."""

STALE_MS: Final = 5_000
"""A touch is told within milliseconds. One that claims to be older than this has a wrong clock, and
would date a vote as it likes."""

State: TypeAlias = Literal[
    "not-set-up",
    "idle",
    "asking",
    "follow-up",
    "correction",
    "thanks",
    "out-of-hours",
    "out-of-order",
    "maintenance",
]
"""``idle`` waits for a visitor and shows the first question; ``thanks`` and ``correction`` (the
rating was changed, thanks again) can still be corrected; ``asking`` is any later question, or the
first one once somebody chose a language or moved the focus."""

ChoiceKind: TypeAlias = Literal["face", "yes-no", "number", "option", "skip", "language"]


class Choice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that can be chosen now.

    Attributes:
        button: what to press for it (:class:`hardware.panel.Closure`).
        kind: how it is drawn: a drawn face, a number of 0–10, a pictogram …
        text: the word under it, in the visitor's language; never empty.
        rank: place on the scale for a face or number, 1 is worst; 0 for others.
        of: how many ranks the scale has.
        pictogram: name of the drawing, for an option; empty for none.
    """

    button: str
    kind: ChoiceKind
    text: str
    rank: int = 0
    of: int = 0
    pictogram: str = ""


class Tongue(Struct, frozen=True):
    """A language to choose: its tag, and its own name (``Български``)."""

    tag: str
    name: str


class IdleText(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is shown in turns while nobody is here.

    Attributes:
        lead: small, above (``Казахте:``); for a result the centre and the month.
        text: the thing itself.
        reply: what was done about it; empty for a result.
    """

    lead: str
    text: str
    reply_lead: str = ""
    reply: str = ""


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the maintenance screen.

    Attributes:
        mark: how a self-test ended; ``none`` for a plain fact.
    """

    name: str
    text: str
    mark: Literal["none", "good", "bad", "unknown", "running"] = "none"


class Scene(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="scene"):
    """All that is shown at one moment.

    Attributes:
        number: counts up with each new scene of one run of the firmware.
        state: what the kiosk is doing.
        language: tag of all texts.
        direction: in which that language is written.
        name: the municipality's or the centre's; may be empty.
        title: the question, or what else is to be said in large type.
        text: a smaller line below: what to do, since when, why. May be empty.
        caption: what is being said or sounded now, in words; empty when it is silent.
        choices: what can be chosen, in order.
        focus: the button of the choice that tactile keys stand on; empty for none.
        corrects: faces that are offered, small: they correct the rating just given or, once that
            is past, are the next visitor's, who must not have to wait.
        is_pressed: a press was felt and is not yet safe: light the frame, whatever the value. It
            is lit, too, while the kiosk shows which one of a hall it is.
        tongues: languages to choose from; empty where there is only one.
        warns_until_ms: device uptime at which the question ends unless something is pressed; 0
            while there is no warning.
        warning: what is shown and said meanwhile (``Are you still there?``); else empty.
        extend_text: stands on the button that gives more time meanwhile; else empty.
        progress: number of the question and how many there may be; (0, 0) when not said.
        idle_texts: shown in turns.
        write_url: where one can go on writing, to be shown as a QR code; empty for none.
        write_text: stands beside that code: what it is for.
        facts: lines of the maintenance screen.
        asks_pin: the maintenance screen wants its PIN.
        is_private: audio mode, through headphones.
        is_high_contrast, is_slow: how it is drawn.
        is_dim: nobody is expected: draw dark.
        reads_aloud: the loudspeaker may read ``title`` to whoever chose a language, or when it
            comes up. Never set for a follow-up or a question with a condition: which of them is
            asked tells what was answered, and the clerk hears it.
        clip: the sign-language clip of what is asked, ``survey-question``: a name in the clips
            folder, without language and ending. The file need not be there; empty for none.
        chosen: in audio mode what was noted last, in words, for the headphones; else empty.
        thanked, voided, helped: how many presses were thanked for, came to nothing (two at once),
            or asked for help, since the firmware started. What has counted up is sounded: two
            visitors in a second may leave everything else as it was.
    """

    number: int
    state: State
    language: str
    direction: Literal["ltr", "rtl"] = "ltr"
    name: str = ""
    title: str = ""
    text: str = ""
    caption: str = ""
    choices: tuple[Choice, ...] = ()
    focus: str = ""
    corrects: tuple[Choice, ...] = ()
    is_pressed: bool = False
    tongues: tuple[Tongue, ...] = ()
    warns_until_ms: int = 0
    warning: str = ""
    extend_text: str = ""
    progress: tuple[int, int] = (0, 0)
    idle_texts: tuple[IdleText, ...] = ()
    write_url: str = ""
    write_text: str = ""
    facts: tuple[Fact, ...] = ()
    asks_pin: bool = False
    is_private: bool = False
    is_high_contrast: bool = False
    is_slow: bool = False
    is_dim: bool = False
    reads_aloud: bool = False
    clip: str = ""
    chosen: str = ""
    thanked: int = 0
    voided: int = 0
    helped: int = 0


class Touched(Struct, frozen=True, kw_only=True, tag="touched"):
    """A visitor chose something at the screen; ``id`` is minted there and becomes the event's."""

    button: Annotated[str, checked(BUTTON)]
    at_ms: Milliseconds
    id: Annotated[str, checked(ID)]
    input: Input = "touch"

    def closure(self, now_ms: int) -> Closure:
        """The same, as every panel reports it; as of ``now_ms`` where its time can't be right."""
        is_likely = now_ms - STALE_MS < self.at_ms <= now_ms
        return Closure(self.button, self.at_ms if is_likely else now_ms, self.id, self.input)


class Unlock(Struct, frozen=True, kw_only=True, tag="unlock"):
    """Somebody held the corner: open the maintenance screen; first without ``pin``, then with."""

    pin: str = ""


class Leave(Struct, frozen=True, tag="leave"):
    """Close the maintenance screen."""


class TestYourself(Struct, frozen=True, tag="self-test"):
    """Run the self-test, and show how it goes."""


class Complaint(Struct, frozen=True, kw_only=True, tag="complaint"):
    """The screen's own fault, for the heartbeat: ``screen:lacks-glyphs-ka``."""

    fault: str
    is_present: bool


Gesture: TypeAlias = Touched | Unlock | Leave | TestYourself | Complaint
"""What the screen says."""

_encoder: Final = msgspec.json.Encoder()
_scene: Final = msgspec.json.Decoder(Scene)
_gesture: Final = msgspec.json.Decoder(Gesture)


def write_line(message: Scene | Gesture) -> bytes:
    """Return ``message`` as one line."""
    return _encoder.encode(message) + b"\n"


def read_scene(line: bytes) -> Scene:
    """Read a line from the firmware; raises ``msgspec.DecodeError``."""
    return _scene.decode(line)


def read_gesture(line: bytes) -> Gesture:
    """Read a line from a screen; raises ``msgspec.DecodeError``."""
    gesture: Gesture = _gesture.decode(line)
    return gesture
