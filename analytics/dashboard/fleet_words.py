"""Trouble with devices in short; the letters and the portal say what to do about it."""

from __future__ import annotations

from typing import Final

from analytics.dashboard.fleet_facts import OpenNotice
from analytics.dashboard.language import Translate


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


NOTICES: Final = {
    "nothing-heard": _("nothing is heard of any device"),
    "silent": _("nothing is heard of it"),
    "lagging": _("online, yet answers wait in it"),
    "clock-lost": _("its clock is not set"),
    "disk-full": _("its memory is nearly full"),
    "stuck-button": _("a button is stuck"),
    "fault": _("something is broken"),
    "configuration-behind": _("has not taken its new configuration yet"),
    "configuration-missing": _("no configuration can be made for it"),
    "configuration-refused": _("refused its new configuration"),
    "certificate-expiring": _("its certificate ends and was not renewed"),
    "too-hot": _("too hot"),
    "low-power": _("its power supply is too weak"),
    "improbably-quiet": _("far fewer ratings than usual"),
    "card-moved": _("its memory card is of another device"),
    "card-copied": _("its memory card was copied"),
    "speaks-for-others": _("speaks for places where it never stood"),
    "missing": _("answers that it made are missing"),
    "key-copied": _("its key may have been copied"),
    "wrong-codes": _("wrong codes for enrolment"),
    "no-backup": _("no backup is made"),
}

CLOCKS: Final = {
    "synced": _("clock set"),
    "estimated": _("clock estimated"),
    "unknown": _("clock not set"),
}


def notice_text(_: Translate, notice: OpenNotice) -> str:
    """What is wrong; the part that is meant, and the rule where nobody knows it."""
    known = NOTICES.get(notice.family)
    _family, _colon, part = notice.rule.partition(":")
    text = _(known) if known else notice.family
    return f"{text} ({part})" if part else text


def clock_text(_: Translate, clock: str | None) -> str:
    """How a device's clock does."""
    return _(CLOCKS[clock]) if clock in CLOCKS else "–"
