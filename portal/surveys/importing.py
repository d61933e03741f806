"""A file as a draft: our own form as JSON or TOML, or that of SurveyJS."""

from __future__ import annotations

import json
import re
from typing import Final

from pydantic import ValidationError

from broker.fleet.errors import FleetError
from broker.fleet.surveys import read_survey
from portal.surveys.draft import Draft
from portal.surveys.freezing import thaw
from portal.surveys.surveyjs_reading import read_surveyjs


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_BROKEN: Final = _("The file breaks off, or has a mistake: line {line}, sign {column}.")
_TOLD: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"at line (?P<line>\d+), column (?P<column>\d+)", _BROKEN),
        (
            r"missing required field `(?P<field>[^`]+)`(?: - at `\$\.?(?P<place>[^`]*)`)?",
            _("This is no whole survey: the field {field} is missing. {place}"),
        ),
        (
            r"there is no field '(?P<field>[^']+)'",
            _("There is no field {field} in our surveys; docs/surveys.md names those there are."),
        ),
        (
            r"first question is asked of everyone",
            _("The first question has a condition (only_if), but it is asked of everyone."),
        ),
        (
            r"- at `\$\.?(?P<place>[^`]+)`",
            _("Something else belongs there: {place}. docs/surveys.md says what."),
        ),
    )
)
"""What the feedback store says of a file, and how we say it."""

_OF_SURVEYJS: Final = frozenset({"pages", "elements", "questions"})


class ImportedError(ValueError):
    """It can't be read; the message is in English, as in the catalogue, with ``values``."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def read_import(content: bytes, most: int) -> Draft:
    """The draft that a file means; what it could not carry stands in its notes.

    Args:
        content: of a file that somebody chose; any bytes at all.
        most: how many bytes are looked at.

    Raises:
        ImportedError: it is empty, too large, or none of the forms that we read.
    """
    if not content.strip():
        raise ImportedError(_("Choose a file, or paste its content"))
    if len(content) > most:
        raise ImportedError(_("The file is too large: at most {n} KB"), n=most // 1000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportedError(_("This is no text file in UTF-8")) from error
    if text.lstrip().startswith("<"):
        raise ImportedError(
            _("This is XML, perhaps of LimeSurvey. We read SurveyJS and our own files.")
        )
    try:
        return _read(text)
    except RecursionError as error:
        raise ImportedError(_("The file is nested too deeply")) from error
    except FleetError as error:
        raise _of_store(str(error)) from error
    except ValidationError as error:  # a text that is too long to be kept
        raise ImportedError(_("The file can't be read: a text in it is too long.")) from error


def _of_store(text: str) -> ImportedError:
    for pattern, message in _TOLD:
        if found := pattern.search(text):
            values = {name: value or "" for name, value in found.groupdict().items()}
            return ImportedError(message, **values)
    return ImportedError(
        _("This is no survey of ours, though it looks like one. ({why})"), why=text
    )


def _read(text: str) -> Draft:
    if text.lstrip().startswith("{"):
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            raise ImportedError(_BROKEN, line=error.lineno, column=error.colno) from error
        except ValueError as error:  # a number of thousands of digits
            raise ImportedError(_("The file can't be read: a number in it is too long.")) from error
        is_ours = "code" in document and "version" in document
        if not is_ours and _OF_SURVEYJS & document.keys():
            return read_surveyjs(document)
    return thaw(read_survey(text))
