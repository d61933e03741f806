"""The kiosk's own spoken phrases, and how each text gets the name of its recording."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final, Literal, TypeAlias

from hardware.sound import Utterance
from kiosk.words import Words, mark

Manner: TypeAlias = Literal["direct", "both", "keys", "two-faces", "three-faces", "faces"]
"""How a question is answered without seeing: each answer has its button, or one goes through them
by the tactile keys, or by the face buttons (:mod:`kiosk.focus`); ``both`` is buttons or keys."""

HOW: Final[dict[Manner, str]] = {
    "direct": mark("Each answer has its button, counted from the left."),
    "both": mark(
        "Each answer has its button, counted from the left. Or use the four small keys, from the "
        "left: back and forward go through the answers, choose chooses, help repeats."
    ),
    "keys": mark(
        "Use the four small keys, from the left: back and forward go through the answers, choose "
        "chooses, help repeats."
    ),
    "two-faces": mark("The first button goes through the answers, the second one chooses."),
    "three-faces": mark(
        "Counted from the left, the first button goes back, the second one goes on, the third one "
        "chooses."
    ),
    "faces": mark(
        "Counted from the left, the first button goes back, the second one goes on, the third one "
        "repeats, the last one chooses."
    ),
}
MORE_TIME: Final[dict[Manner, str]] = {
    "direct": mark("Please choose an answer."),
    "both": mark("For more time press the help key."),
    "keys": mark("For more time press the help key."),
    "two-faces": mark("For more time press the first button."),
    "three-faces": mark("For more time press the first button."),
    "faces": mark("For more time press the third button."),
}
"""A press that answers nothing, where there is one: any other would be taken for an answer."""

WELCOME: Final = mark("Welcome. Only you hear this, and nobody learns who answered.")
LOUDER: Final = mark("Ask for help twice to hear me louder.")
CORRECTION: Final = mark("If you press the wrong one, press another within three seconds.")
NOTED: Final = mark("Noted:")
CORRECTED: Final = mark("Corrected:")
VOID: Final = mark("Two buttons at once: nothing was noted. Please press one.")
TIME_IS_UP: Final = mark("The time is up. What you have answered is kept.")
PHRASES: Final = (
    *dict.fromkeys((*HOW.values(), *MORE_TIME.values())),
    WELCOME,
    LOUDER,
    CORRECTION,
    NOTED,
    CORRECTED,
    VOID,
    TIME_IS_UP,
)

VOLUME_STEPS: Final = 5

FELT: Final = mark("Felt")
TONE: Final = mark("(tone)")
VOICE: Final = mark("(voice)")
"""These three are only shown: captions of what has no words, or whose words are on the screen."""


def utterance(text: str, language: str) -> Utterance:
    """``text`` to be said, with the name of its recording.

    The name is made from the text: a recording can't say anything else than what is meant, and
    when the text is edited it is no longer used.
    """
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    return Utterance(text, language, hashlib.sha256(plain.encode()).hexdigest()[:12])


def answer_number(number: int, of: int, words: Words) -> str:
    """Which of the answers that one goes through."""
    return words("Answer {n} of {of}:", n=number, of=of)


def button_number(number: int, words: Words) -> str:
    """Which button, counted from the left."""
    return words("Button {n}:", n=number)


def question_number(number: int, of: int, words: Words) -> str:
    """Which of the questions."""
    return words("Question {n} of {of}.", n=number, of=of)


def volume_number(number: int, of: int, words: Words) -> str:
    """How loud by now."""
    return words("Volume {n} of {of}.", n=number, of=of)
