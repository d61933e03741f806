"""Reasons of flags, of late presses and of the quarantine, as people call them."""

from __future__ import annotations

from typing import Final

from analytics.dashboard.language import Translate


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


DOUBTS: Final = {
    "burst": _("many presses in a row"),
    "sweep": _("every face in a row"),
    "repeat": _("the same face again at once"),
    "several-buttons": _("several faces at once"),
    "stuck-key": _("perfectly even gaps"),
    "monotone": _("a steady rhythm"),
    "out-of-hours": _("while it was closed"),
    "improbable-count": _("far more than usual"),
    "same-answers": _("identical web forms"),
    "foreign-touchpoint": _("device was never there"),
    "foreign-rating": _("about another's rating"),
    "ruled-out": _("administration ruled so"),
    "late": _("stored more than an hour after it was pressed"),
    "clock-unknown": _("the device did not know the time: dated at its arrival"),
    "foreign-stream": _("from the memory card of another device"),
    "seq-clash": _("two presses with one number: a copied card"),
}
"""docs/misuse.md explains those of misuse."""

WAITING: Final = {
    "unknown-site": _("the municipality is not registered"),
    "unknown-device": _("the device is not registered"),
    "unknown-touchpoint": _("the place is not registered"),
    "future-time": _("dated in the future: the clock is wrong"),
    "past-time": _("dated before 1990: the clock was never set"),
    "wrong-channel": _("a device says that it was given elsewhere"),
    "foreign-seq": _("a number of another device's stream"),
    "unknown-rating": _("about a rating that is not there"),
    "other-touchpoint": _("about a rating of another place"),
    "value-not-on-scale": _("a value that the scale does not have"),
    "id-conflict": _("something else came under the same id before"),
    "unstorable": _("the database did not take it"),
    "bad-topic": _("sent to an unknown topic"),
    "too-large": _("larger than allowed"),
    "too-deep": _("nested too deep"),
    "not-json": _("can't be read"),
    "unknown-version": _("of a newer version"),
    "unknown-kind": _("of an unknown kind"),
    "too-many-events": _("more answers at once than allowed"),
    "invalid": _("breaks the rules of messages"),
}
"""The portal's page of the quarantine says what to do about each."""


def doubt_name(_: Translate, reason: str) -> str:
    """Why a press is doubted; the code where nobody knows it."""
    known = DOUBTS.get(reason)
    return _(known) if known else reason


def waiting_name(_: Translate, reason: str) -> str:
    """Why something waits in quarantine; the code where nobody knows it."""
    known = WAITING.get(reason)
    return _(known) if known else reason
