"""Figures in the reader's words: scales, certainty, a share with its interval, devices."""

from __future__ import annotations

from datetime import datetime, timedelta

from analytics.dashboard.devices import Contact, DeviceState
from analytics.dashboard.language import Language, Translate
from analytics.measures.certainty import Certainty, certainty
from analytics.measures.interval import Interval
from analytics.measures.satisfied import SatisfiedShare
from analytics.summary import Votes
from broker.store.scales import SCALES


def certainty_word(_: Translate, found: Certainty) -> str:
    """*Сигурно*, *вероятно* or *още е рано*."""
    return {"sure": _("sure"), "likely": _("likely"), "too-early": _("too early")}[found]


def scale_name(_: Translate, scale: str) -> str:
    """A scale as people call it."""
    names = {
        "faces-4": _("four faces"),
        "faces-5": _("five faces"),
        "nps-11": _("0 to 10"),
        "yes-no": _("yes or no"),
    }
    return names.get(scale, scale)


def value_name(_: Translate, scale: str, value: int) -> str:
    """A value of a scale as people call it: ``very good``; that of ten steps is its number."""
    names = {
        "faces-4": (_("very bad"), _("bad"), _("good"), _("very good")),
        "faces-5": (_("very bad"), _("bad"), _("neither good nor bad"), _("good"), _("very good")),
        "yes-no": (_("no"), _("yes")),
    }
    known = names.get(scale)
    return known[value - SCALES[scale].worst] if known else str(value)


def channel_name(_: Translate, channel: str) -> str:
    """How a rating came, as people call it."""
    names = {
        "device": _("device"),
        "tablet": _("tablet"),
        "web": _("web page"),
        "qr": _("QR code"),
        "paper": _("paper form"),
        "phone": _("telephone"),
        "e-mail": _("e-mail"),
        "case": _("after a case"),
    }
    return names.get(channel, channel)


def rating_text(_: Translate, scale: str, value: int) -> str:
    """One rating: ``3 of 4``."""
    return _("{value} of {best}").format(value=value, best=SCALES[scale].best)


def interval_text(language: Language, found: SatisfiedShare) -> str:
    """The interval of a share, and how sure it is: ``70–85 % · likely``."""
    word = certainty_word(language.text, certainty(Interval(found.low, found.high)))
    return f"{language.percents(found.low, found.high)} · {word}"


def share_text(language: Language, found: SatisfiedShare) -> str:
    """Two lines: the share, and its interval."""
    return f"{language.percent(found.share)}\n{interval_text(language, found)}"


def votes_text(language: Language, found: Votes) -> str:
    """A share and of how many votes: ``78 % of 412``."""
    if found.satisfied is None:
        return language.number(found.n)
    return language.text("{share} of {n}").format(
        share=language.percent(found.satisfied.share), n=language.number(found.n)
    )


def place_text(_: Translate, device: DeviceState) -> str:
    """Where a device stands, or where a stranger says that it does."""
    if not device.is_registered:
        return _("not registered, says it is at {site}").format(site=device.who.site)
    if not device.is_machine:
        return _("forms and files, no device")
    return device.place or _("no place")


def contact_text(language: Language, contact: Contact | None, now: datetime) -> str:
    """Whether a device is online, else since when nothing was heard of it."""
    _ = language.text
    if contact is None:
        return _("no signal yet")
    if contact.is_online:
        return _("online")
    passed = language.ago(max(now - contact.last_seen_at, timedelta(seconds=1)))
    return _("no connection, last signal {time}").format(time=passed)
