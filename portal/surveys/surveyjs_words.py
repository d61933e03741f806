"""What a SurveyJS document says, in which languages, and what of it could not be carried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from portal.surveys.draft import Note, Texts
from portal.surveys.surveyjs_elements import Element, plain_text, value_of

_LONGEST: Final = 2_000
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


class Words:
    """The texts of one document.

    Attributes:
        default: the language of texts without one.
        languages: all that texts were met in, as keys, the default first.
        notes: what could not be carried.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.default = _default_language(document)
        self.languages: dict[str, None] = {self.default: None}
        self.notes: list[Note] = []

    def text_of(self, choice: object) -> Texts:
        """The texts of a choice, which may be a text itself."""
        if isinstance(choice, dict):
            return self.texts(choice.get("text")) or {self.default: str(value_of(choice))[:150]}
        return self.texts(str(choice))

    def texts(self, given: object, *, is_html: bool = False) -> Texts:
        """A text, or texts by language; tags of HTML go."""
        said = given if isinstance(given, dict) else {"default": given}
        found: Texts = {}
        for tag, text in said.items():
            language = self._default_key(said) if tag == "default" else str(tag)
            if not isinstance(text, str) or not text.strip() or not _LANGUAGE.fullmatch(language):
                continue
            plain = plain_text(text) if is_html else text
            found[language] = plain.strip()[:_LONGEST]
            self.languages.setdefault(language)
        return found

    def _default_key(self, said: Mapping[Any, Any]) -> str:
        """The language of ``default``: that of the document, unless that one is there by name."""
        return "en" if self.default in said else self.default

    def note_unseen(self, element: Element, name: str) -> None:
        """Note the properties of an element that nobody looked at."""
        unseen = element.unseen()
        if unseen:
            message = _("{name}: not carried: {properties}")
            properties = ", ".join(unseen[:20])
            self.notes.append(
                Note(message=message, values={"name": name or "survey", "properties": properties})
            )

    def note(self, message: str, element: Mapping[str, Any], **values: str) -> None:
        """Note something about an element, which is ``{name}`` in the message."""
        name = str(element.get("name") or element.get("title") or "?")[:80]
        self.notes.append(Note(message=message, values={"name": name, **values}))


def _default_language(document: Mapping[str, Any]) -> str:
    locale = document.get("locale")
    if isinstance(locale, str) and _LANGUAGE.fullmatch(locale):
        return locale
    return "bg" if _CYRILLIC.search(str(document)[:20_000]) else "en"
