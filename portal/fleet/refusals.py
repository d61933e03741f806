"""Why something can't be done, in the reader's words: the verbs say it for terminals, in English.

What is not in these tables is shown as the verb said it. Tests lead each through its verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from broker.fleet.errors import ChangedError
from broker.store.errors import UnavailableError
from broker.store.setting_keys import SettingError
from portal.fleet.refusal_texts import FAULTS, ORDERS, REFUSALS, ROWS
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


_BY_CLASS: Final = (
    (
        ChangedError,
        _("Somebody changed this while you were at it. Nothing of yours was saved."),
    ),
    (
        UnavailableError,
        _("The database does not answer just now. Nothing was saved; try again in a minute."),
    ),
    (SettingError, _("This can't be used as it is; check it")),
)
"""What the class alone says; of an error or of its cause."""
_BETWEEN: Final = re.compile(r"; (?=[a-z0-9][a-z0-9-]*: )|; and (?=[0-9]+ more$)")
"""Faults are told in a row, each with its touchpoint in front."""
_UNSHOWN: Final = re.compile(
    r"^(?:nothing was changed, since kiosks could not show it|survey [\w-]+ could not be shown): "
)
_LINE: Final = re.compile(r"line (?P<number>\d+): ")


def told(error: Exception, language: Language) -> Told:
    """What a verb refused, for people."""
    for kind, message in _BY_CLASS:
        if isinstance(error, kind) or isinstance(error.__cause__, kind):
            return Told(language.text(message))
    text = str(error)
    if unshown := _UNSHOWN.match(text):
        faults = _BETWEEN.split(text[unshown.end() :])
        found = dict.fromkeys(told_fault(each, language) for each in faults)
        said = language.text("Nothing was changed, since devices could not show it.")
        return Told(said, tuple(found))
    for pattern, message in REFUSALS:
        if match := pattern.search(text):
            return Told(language.text(message, **match.groupdict()))
    return Told(text, is_ours=False)


def told_order(detail: str, language: Language) -> Told:
    """What became of an order; what a device says beside that is shown as it is.

    A self-test is told in the language that was asked for, other things in English.
    """
    for pattern, message in ORDERS:
        if match := pattern.search(detail):
            return Told(language.text(message, **match.groupdict()))
    return Told(detail, is_ours=language.code != "en" and not detail.isascii())


def told_fault(fault: str, language: Language) -> str:
    """A fault of a configuration, with its touchpoint."""
    where = re.match(r"(?P<touchpoint>[a-z0-9][a-z0-9-]*): ", fault)
    for pattern, message in FAULTS:
        if match := pattern.search(fault):
            said = language.text(message, **match.groupdict())
            return f"{where['touchpoint']}: {said}" if where else said
    return fault


def told_row(fault: str, language: Language) -> str:
    """A fault of a row of numbers of people served, with where the row stands."""
    line = _LINE.match(fault)
    where = language.text("Line {n}", n=line["number"]) if line else fault.partition(": ")[0]
    rest = fault.partition(": ")[2]
    for pattern, message in ROWS:
        if match := pattern.search(rest):
            return f"{where}: {language.text(message, **match.groupdict())}"
    return f"{where}: {rest}"
