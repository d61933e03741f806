"""Why something can't be done, in the reader's words: the verbs say it for terminals, in English.

What is not in these tables is shown as the verb said it. Tests lead each through its verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from portal.web.language import Language


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal for people.

    Attributes:
        text: what was wrong.
        details: one line each; faults of kiosks.
        is_ours: whether it is in the reader's language; else it is English.
    """

    text: str
    details: tuple[str, ...] = ()
    is_ours: bool = True


_REFUSALS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (
            r"has votes of (?P<day>[\d-]+): retire",
            _("There are votes of {day} here; choose that day or a later one."),
        ),
        (
            r"^(?P<devices>[\w, -]+) stands at .*: move it first",
            _("A device stands there: {devices}. Move it first."),
        ),
        (
            r"would stand in \w+ (?P<place>[\w-]+), which is not there",
            _("Something would stand in {place}, which is not there on that day. Move it first."),
        ),
        (r"can't stand under itself", _("A place can't stand in itself.")),
        (
            r"is retired (?:from|since) (?P<day>[\d-]+)",
            _("It is out of use since {day}, and stays so."),
        ),
        (r"is there already", _("This code is taken by something else; choose another one.")),
        (
            r"stands at (?P<place>[\w-]+): put it into the drawer first",
            _("That device stands at {place}. Put it into the drawer first."),
        ),
        (
            r"is retired, or of another site|was retired: take another name",
            _("That device is out of use; choose another name."),
        ),
        (
            r"stands nowhere",
            _("The old device stands nowhere any more: somebody moved it meanwhile."),
        ),
        (
            r"no code can be given out before the fleet's process ran",
            _(
                "No code can be given out yet: the server's process for devices has never run. "
                "Ask whoever looks after the server."
            ),
        ),
        (
            r"had no other configuration before",
            _("This device had no other configuration before."),
        ),
        (
            r"revision (?P<number>\d+) can't be used at",
            _("Configuration {number} can't be used at its place any more; choose another one."),
        ),
        (
            r"^there is no |unknown (touchpoint|site)|^no device",
            _("It is not there any more: somebody changed it meanwhile."),
        ),
    )
)
_FAULTS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (
            r"\.(?P<language>[\w-]+): is missing; translate it",
            _("a text is missing in the language {language}"),
        ),
        (
            r"has (?P<n>\d+) characters; at most (?P<most>\d+) fit",
            _("a text of {n} characters is too long; at most {most} fit the screen"),
        ),
        (
            r"has (?P<n>\d+) lines; at most (?P<most>\d+) fit",
            _("a text of {n} lines is too long; at most {most} fit the screen"),
        ),
        (
            r"has (?P<n>\d+) characters without a space; at most (?P<most>\d+)",
            _("a word of {n} letters is too long; at most {most} fit a line"),
        ),
        (r"has nothing to read", _("a text is empty")),
        (r"has a line break", _("a text that must be on one line has several")),
        (r"has \d+ spaces in a row", _("a text has several spaces in a row")),
        (r"U\+[0-9A-F]{4}|letters made of pieces|marks that pile", _("a text has unusual marks")),
        (
            r"hours of weekday (?P<day>\d) overlap",
            _("opening hours of weekday {day} overlap (1 is Monday)"),
        ),
        (r"hours: they overlap", _("opening hours of one special day overlap")),
        (r"it never opens", _("there is not one open hour")),
        (
            r"^(?P<n>[0-9]+) more$",
            _("and {n} more"),
        ),
        (r"is there twice; keep one", _("a special day is there twice")),
        (r"is not in 2000.2200", _("a year is wrong")),
        (r"first_on is after last_on", _("a period ends before it begins")),
        (r"is no https address", _("the address for writing more is no https address")),
        (r"languages: ", _("one language is there twice")),
        (
            r"no survey '(?P<survey>[\w-]+)' was published",
            _("the survey {survey} was never published"),
        ),
        (
            r"survey '(?P<survey>[\w-]+)' has no version (?P<version>\d+)",
            _("the survey {survey} has no version {version}"),
        ),
    )
)
_ORDERS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"^the device is not connected", _("The device is not connected.")),
        (
            r"^it was never sent",
            _("It was not sent: the server's process for devices does not run, or is cut off."),
        ),
        (
            r"^sent, and no answer",
            _("It was sent, and no answer came in time: the device may have lost its connection."),
        ),
        (
            r"^the connection to the broker broke",
            _("The connection broke just then; ask again."),
        ),
    )
)
_BETWEEN: Final = re.compile(r"; (?=[a-z0-9][a-z0-9-]*: )|; and (?=[0-9]+ more$)")
"""Faults are told in a row, each with its touchpoint in front."""
_UNSHOWN: Final = "nothing was changed, since kiosks could not show it: "


def told(error: Exception, language: Language) -> Told:
    """What a verb refused, for people."""
    text = str(error)
    if text.startswith(_UNSHOWN):
        faults = _BETWEEN.split(text.removeprefix(_UNSHOWN))
        found = dict.fromkeys(told_fault(each, language) for each in faults)
        said = language.text("Nothing was changed, since devices could not show it.")
        return Told(said, tuple(found))
    for pattern, message in _REFUSALS:
        if match := pattern.search(text):
            return Told(language.text(message, **match.groupdict()))
    return Told(text, is_ours=False)


def told_order(detail: str, language: Language) -> Told:
    """Why an order was not done; what the device itself said is shown as it is."""
    for pattern, message in _ORDERS:
        if pattern.search(detail):
            return Told(language.text(message))
    return Told(detail, is_ours=False)


def told_fault(fault: str, language: Language) -> str:
    """A fault of a configuration, with its touchpoint."""
    where = re.match(r"(?P<touchpoint>[a-z0-9][a-z0-9-]*): ", fault)
    for pattern, message in _FAULTS:
        if match := pattern.search(fault):
            said = language.text(message, **match.groupdict())
            return f"{where['touchpoint']}: {said}" if where else said
    return fault
