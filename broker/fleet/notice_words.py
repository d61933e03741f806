"""Notices in words, as a clerk reads them: what is the matter, and what to do. Pure.

``detail`` of a notice is a JSON object of facts, so that each language puts them into its own
sentence; what is no such object is shown as it is.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from broker.fleet.fault_texts import FAULTS
from broker.fleet.health_rules import family
from broker.fleet.notice_texts import REST, TEXTS, Language, Words
from broker.fleet.notices import NO_BACKUP, NoticeView

DEFAULT_TIMEZONE: Final = "Europe/Sofia"


class Told(NamedTuple):
    """A notice in words.

    Attributes:
        matter: what is the matter, or was.
        where: device and place; that all are meant.
        when: since when, or from when to when.
        advice: what to do.
    """

    matter: str
    where: str
    when: str
    advice: str

    def __str__(self) -> str:
        return f"{self.where}: {self.matter} ({self.when}). {self.advice}".strip()


def in_words(view: NoticeView, language: Language) -> Told:
    """A notice in words, times in its site's time zone."""
    notice, rest = view.notice, REST[language]
    zone = ZoneInfo(view.timezone or DEFAULT_TIMEZONE)
    times = {"opened": _local(notice.opened_at, zone)}
    if notice.closed_at is not None:
        times["closed"] = _local(notice.closed_at, zone)
    when = rest["since" if notice.closed_at is None else "over"].format_map(times)
    place = f" ({view.place})" if view.place else ""
    nobody = rest["server" if notice.rule == NO_BACKUP else "all"]
    where = f"{notice.device}{place}" if notice.device else nobody
    words = _words(notice.rule, notice.detail, language, zone)
    return Told(words.matter, where, when, words.advice if notice.closed_at is None else "")


def _words(rule: str, detail: str, language: Language, zone: ZoneInfo) -> Words:
    texts = TEXTS.get(family(rule))
    facts = _facts(detail)
    if texts is None or facts is None:
        return Words(detail or rule, "")
    said = {name: _shown(name, value, language, zone) for name, value in facts.items()}
    try:
        matter = texts[language].matter.format_map(said)
    except KeyError:  # facts of another version
        matter = f"{rule} {detail}"
    if said.get("why") == "broker":
        matter = f"{matter}: {REST[language]['broker']}"
    elif "last_heard_at" in said:
        matter = f"{matter}; {REST[language]['heard'].format_map(said)}"
    return Words(matter, texts[language].advice)


def _facts(detail: str) -> dict[str, object] | None:
    try:
        found = json.loads(detail)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _shown(name: str, value: object, language: Language, zone: ZoneInfo) -> str:
    """A fact as people read it."""
    text = str(value)
    if name.endswith("_at"):
        return _local(datetime.fromisoformat(text), zone)
    if name == "trouble":
        return REST[language].get(text, text)
    if name == "fault":
        return _fault(text, language)
    if name == "part" and text.startswith("face-"):
        return REST[language]["face"].format(n=text.removeprefix("face-"))
    return text


def _fault(fault: str, language: Language) -> str:
    if fault in FAULTS:
        return FAULTS[fault][language]
    part, _, what = fault.partition(":")
    if part.startswith("lamp-") and what == "dead":
        return REST[language]["lamp"].format(n=part.removeprefix("lamp-"))
    return fault


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d.%m.%Y %H:%M}"
