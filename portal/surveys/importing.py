"""A file as a draft: our own form as JSON or TOML, or that of SurveyJS."""

from __future__ import annotations

import json
from typing import Final

from pydantic import ValidationError

from broker.fleet.errors import FleetError
from broker.fleet.surveys import read_survey
from portal.surveys.draft import Draft
from portal.surveys.freezing import thaw
from portal.surveys.surveyjs_reading import read_surveyjs

_OF_SURVEYJS: Final = frozenset({"pages", "elements", "questions"})


class ImportedError(ValueError):
    """It can't be read; the message is in English, as in the catalogue, with ``values``."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


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
        raise ImportedError(_("The file can't be read: {why}"), why=str(error)) from error
    except ValidationError as error:  # half a character, which JSON can write and nobody can keep
        why = error.errors()[0]["msg"]
        raise ImportedError(_("The file can't be read: {why}"), why=why) from error


def _read(text: str) -> Draft:
    if text.lstrip().startswith("{"):
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ImportedError(_("The file can't be read: {why}"), why=str(error)) from error
        is_ours = "code" in document and "version" in document
        if not is_ours and _OF_SURVEYJS & document.keys():
            return read_surveyjs(document)
    return thaw(read_survey(text))
