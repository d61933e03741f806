"""What differs between two configurations, and what one was made for, in the reader's words.

A value's key is dotted (:mod:`broker.fleet.differences`): fields by their names in the wire
contract, with the codes of questions, the days and the languages between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from babel import Locale, UnknownLocaleError

from broker.fleet.differences import Difference
from portal.web.language import Language


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


FIELDS: Final = {
    "at_least": _("at least so many"),
    "at_most": _("at most so many"),
    "closes_at": _("closes at"),
    "code": _("code"),
    "days": _("days of the week"),
    "deeds": _("what was said and what was done"),
    "did": _("what was done"),
    "drawing": _("drawing"),
    "first_on": _("first day"),
    "follow_ups": _("follow-ups"),
    "grace_min": _("minutes after closing"),
    "hint": _("hint"),
    "hours": _("hours"),
    "intro": _("introduction"),
    "is_high_contrast": _("high contrast"),
    "is_required": _("needs an answer"),
    "is_resting": _("rests: asks nobody"),
    "is_slow": _("for slow readers"),
    "kind": _("kind"),
    "languages": _("languages"),
    "last_on": _("last day"),
    "least": _("smallest number"),
    "matrices": _("tables of questions"),
    "matrix": _("table of questions"),
    "month": _("month"),
    "most": _("greatest number"),
    "name": _("name"),
    "on": _("day"),
    "only_if": _("only if"),
    "opening": _("opening hours"),
    "opens_at": _("opens at"),
    "options": _("answers"),
    "page": _("page"),
    "pages": _("pages"),
    "pictogram": _("picture"),
    "planned": _("surveys on some days"),
    "presentation": _("what the screen shows"),
    "question": _("question"),
    "questions": _("questions"),
    "ratings": _("number of ratings"),
    "reads_aloud": _("reads aloud"),
    "result": _("last month's result"),
    "said": _("what was said"),
    "satisfied_percent": _("share of satisfied people"),
    "scale": _("scale"),
    "special_days": _("special days"),
    "survey": _("survey"),
    "texts": _("text"),
    "thanks": _("thanks"),
    "timezone": _("time zone"),
    "title": _("title"),
    "touchpoint": _("touchpoint"),
    "unit": _("unit"),
    "values": _("values"),
    "version": _("version"),
    "weekly": _("hours of the week"),
    "when": _("after which values"),
    "write_url": _("address for writing more"),
}
"""The fields of a configuration."""
LISTS: Final = frozenset(
    {"deeds", "follow_ups", "hours", "matrices", "only_if", "options", "pages", "planned"}
    | {"questions", "special_days", "weekly"}
)
"""Behind these stands what an element is known by: a code, a day, a number."""
TEXTS: Final = frozenset(
    {"did", "hint", "intro", "name", "said", "texts", "thanks", "title", "unit"}
)
"""Behind these stands a language."""
SWITCHES: Final = frozenset(
    {"is_high_contrast", "is_required", "is_resting", "is_slow", "reads_aloud"}
)

_SWITCHED: Final = {"yes": _("yes"), "no": _("no")}
_HOURS: Final = frozenset({"hours", "weekly"})
_WEEKDAYS: Final = {
    "Mon": _("Mon"),
    "Tue": _("Tue"),
    "Wed": _("Wed"),
    "Thu": _("Thu"),
    "Fri": _("Fri"),
    "Sat": _("Sat"),
    "Sun": _("Sun"),
}
_WEEKDAY: Final = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")
_NOTES: Final = (
    (re.compile(r"^settings of its place$"), _("what is set for its place")),
    (re.compile(r"^held to (?P<number>\d+)$"), _("it is held to configuration {number}")),
    (re.compile(r"^it stands nowhere: it rests$"), _("it stands nowhere and asks nobody")),
    (re.compile(r"^moved$"), _("the device was moved")),
    (
        re.compile(r"^above what it has: a backup was restored$"),
        _("a number above what the device has: a backup was restored"),
    ),
)
"""What :mod:`broker.fleet.wanted` notes."""


def told_difference(difference: Difference, language: Language) -> str:
    """One value that is not the same."""
    what = told_key(difference.key, language)
    old, new = (
        None if value is None else told_value(difference.key, value, language)
        for value in (difference.old, difference.new)
    )
    if old is None:
        return str(language.text("{what}: added: {new}", what=what, new=new))
    if new is None:
        return str(language.text("{what}: taken out; it was {old}", what=what, old=old))
    return f"{what}: {old} → {new}"


def told_key(key: str, language: Language) -> str:
    """Which value it is: ``survey › questions › overall › text › Bulgarian``."""
    return " › ".join(_parts(key, language))


def told_value(key: str, value: str, language: Language) -> str:
    """A value; texts and codes are as they are."""
    field = key.rpartition(".")[2]
    if field in SWITCHES and value in _SWITCHED:
        return str(language.text(_SWITCHED[value]))
    if field in FIELDS and value in {"none", "None"}:
        return str(language.text("none"))
    if field in _HOURS:
        return _WEEKDAY.sub(lambda day: language.text(_WEEKDAYS[day[0]]), value)
    return value


def told_note(note: str, language: Language) -> str:
    """What a configuration was made for."""
    for pattern, message in _NOTES:
        if match := pattern.search(note):
            return str(language.text(message, **match.groupdict()))
    return note


def _parts(key: str, language: Language) -> Iterator[str]:
    before = ""
    for part in key.split("."):
        if before in LISTS:
            yield part
            before = ""
        elif before in TEXTS:
            yield _language_name(part, language)
        else:
            yield language.text(FIELDS[part]) if part in FIELDS else part
            before = part


def _language_name(tag: str, language: Language) -> str:
    try:
        name = Locale.parse(tag, sep="-").get_display_name(language.code)
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag
