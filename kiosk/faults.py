"""Faults in words: what a heartbeat calls ``face-1:stuck``, as a clerk reads it."""

from __future__ import annotations

from typing import Final

from kiosk.configuration import Refusal
from kiosk.faces import name_of
from kiosk.words import Words, mark

_STUCK: Final = "stuck"
_WORDS: Final = {
    "certificate:damaged": mark("the kept certificate is damaged: enrol this kiosk anew"),
    "certificate:expired": mark("the certificate has expired: enrol this kiosk anew"),
    "certificate:missing": mark("not enrolled: answers are kept until it is"),
    "certificate:not-yet-valid": mark(
        "certificate not yet valid: the clock is wrong, the time comes over the network"
    ),
    "certificate:refused": mark("the server refuses this kiosk's certificate; answers are kept"),
    "certificate:unreadable": mark("the kept certificate can't be read: look at its owner"),
    "cable:pulled": mark("the cable of the buttons is pulled"),
    "configuration:damaged": mark("the kept settings were damaged; the built-in ones are used"),
    "configuration:not-kept": mark("new settings can't be kept: look at the memory card"),
    "configuration:refused": mark("new settings were refused; the last good ones are used"),
    "disk:full": mark("the memory card is full: something else than answers fills it"),
    "headphones:dead": mark("the headphones do not sound"),
    "outbox:not-deletable": mark("sent answers can't be deleted: look at the memory card"),
    "outbox:not-writable": mark("answers can't be kept: look at the memory card"),
    "outbox:replaced": mark("the outbox was broken, and a new one begun"),
    "outbox:unreadable": mark("some kept answers can't be read"),
    "power:low": mark("the power is too low: look at the power supply and its cable"),
    "processor:hot": mark("the processor is too hot: let air to the enclosure"),
    "sound:dead": mark("the loudspeaker does not sound"),
    "speech:missing": mark("nothing can be spoken: install espeak-ng"),
}
_LACKING: Final = {
    "panel": mark("the survey needs a button that is missing: {what}"),
    "screen": mark("the screen has no letters for a language: {what}"),
    "speech": mark("there is no voice for a language: {what}"),
    "words": mark("a language is not offered, its catalogue is missing or not whole: {what}"),
}
"""Part → what it lacks: a button, or a language."""

_REFUSALS: Final[dict[Refusal, str]] = {
    "unreadable": mark("they can't be read; is the program here older than the server's?"),
    "not-showable": mark("they can't be shown as they are"),
    "not-spoken": mark("this kiosk speaks none of their languages"),
    "would-stop": mark("they would stop this kiosk"),
}


def in_words(fault: str, words: Words) -> str:
    """What ``fault`` (``part:fault``) means, for people; one that is not known, as it is."""
    part, _, what = fault.partition(":")
    if fault in _WORDS:
        return words(_WORDS[fault])
    if what == _STUCK:
        return words("a button is stuck: {button}", button=name_of(part, words))
    if part.startswith("lamp-") and what == "dead":
        return words("a lamp is dark: {n}", n=part.removeprefix("lamp-"))
    for lack in ("lacks-glyphs-", "lacks-"):
        if part in _LACKING and what.startswith(lack):
            return words(_LACKING[part], what=name_of(what.removeprefix(lack), words))
    return fault


def refusal_in_words(refusal: Refusal, words: Words) -> str:
    """Why new settings were refused, for a clerk; the administrator's page says all of it."""
    return words(_REFUSALS[refusal])
