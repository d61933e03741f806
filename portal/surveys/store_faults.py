"""What the feedback store finds wrong with a text, in the reader's words. Pure."""

from __future__ import annotations

import re
from typing import Final

from portal.web.language import Language


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_FAULTS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
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
    )
)


def told_fault(fault: str, language: Language) -> str:
    """A fault of a text; what is none of these stays as it is."""
    for pattern, message in _FAULTS:
        if match := pattern.search(fault):
            return language.text(message, **match.groupdict())
    return fault
