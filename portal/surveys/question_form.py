"""The form of a question: from what is in a draft to what stands in its fields, and back.

A draft takes nearly anything, so that nothing typed is lost; the check list says what is missing.
Refused is only what could not be kept: a code that is none, a number that is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from starlette.datastructures import FormData

from portal.surveys.draft import MAX_OPTIONS, MAX_ROWS, Draft, Item, Named, Texts, first_free
from portal.surveys.pasted_text import mended
from portal.web.forms import Filled, blank

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST: Final = 2_000
MAX_BOUND: Final = 1_000_000_000

Say: TypeAlias = Callable[..., str]
"""``page.text``."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


class Fields:
    """What was posted, read field by field.

    Attributes:
        filled: as typed, with what is wrong beside each field.
    """

    def __init__(self, posted: FormData, say: Say) -> None:
        raw: dict[str, list[str]] = {}
        for name, value in posted.multi_items():
            if isinstance(value, str):
                raw.setdefault(name, []).append(value.replace("\r\n", "\n"))
        self.filled: Filled[Any] = Filled(raw)
        self._say = say

    def text(self, name: str) -> str:
        """A text, without spaces around it, and mended where it was pasted."""
        found = mended(self.filled.value(name)).strip()
        if len(found) > _LONGEST:
            self.refuse(name, _("Write at most {bound} characters"), bound=_LONGEST)
        return found[:_LONGEST]

    def texts(self, name: str, languages: Iterable[str]) -> Texts:
        """The fields ``name_bg``, ``name_en`` and so on that are written."""
        found = {language: self.text(f"{name}_{language}") for language in languages}
        return {language: text for language, text in found.items() if text}

    def whole(self, name: str, most: int) -> int | None:
        """A whole number from 1 to ``most``; ``None`` where nothing was typed."""
        typed = self.filled.value(name).strip()
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", typed) or not 1 <= int(typed) <= most:
            self.refuse(name, _("Write a whole number from 1 to {most}"), most=most)
            return None
        return int(typed)

    def number(self, name: str) -> float | None:
        """Any number, with a comma or a point; ``None`` where nothing was typed."""
        typed = self.filled.value(name).strip().replace(" ", "").replace(",", ".")
        if not typed:
            return None
        if (
            not re.fullmatch(r"-?[0-9]{1,10}(\.[0-9]{1,6})?", typed)
            or abs(float(typed)) > MAX_BOUND
        ):
            self.refuse(name, _("Write a number"))
            return None
        return float(typed)

    def code(self, name: str, there: str, taken: set[str]) -> str:
        """A code; ``there`` where nothing, or nothing good, was typed."""
        typed = self.filled.value(name).strip()
        if not typed or typed == there:
            return there
        if not _CODE.fullmatch(typed):
            message = _(
                "Use small Latin letters, digits and hyphens, for example main-hall; at most 63"
            )
            self.refuse(name, message)
            return there
        if typed in taken:
            self.refuse(name, _("Another question has this code"))
            return there
        return typed

    def refuse(self, name: str, message: str, **values: object) -> None:
        """Note what is wrong with a field."""
        self.filled.refuse(name, self._say(message, **values))

    def named(self, name: str, there: Sequence[Named], languages: Sequence[str]) -> list[Named]:
        """Options or rows in the order of their fields ``name_0_bg``, ``name_1_bg`` and so on."""
        return [
            each.model_copy(
                update={"texts": self.merged(f"{name}_{number}", each.texts, languages)}
            )
            for number, each in enumerate(there)
        ]

    def merged(self, name: str, there: Mapping[str, str], languages: Sequence[str]) -> Texts:
        """What was typed; texts in languages without a field stay."""
        asked = [tag for tag in languages if f"{name}_{tag}" in self.filled.raw]
        others = {tag: text for tag, text in there.items() if tag not in asked}
        return {**others, **self.texts(name, asked)}


def shown(item: Item, languages: Sequence[str]) -> Filled[Any]:
    """The form of ``item`` as it is kept."""
    fields: dict[str, object] = {
        "code": item.code,
        "mark": item.mark,
        "head": item.head,
        "at_least": item.at_least,
        "at_most": item.at_most,
        "least": _plain(item.least),
        "most": _plain(item.most),
        "is_required": item.is_required,
    }
    for name, texts in (("texts", item.texts), ("hint", item.hint), ("unit", item.unit)):
        fields |= in_fields(name, texts, languages)
    for name, named in (("option", item.options), ("row", item.rows)):
        for number, each in enumerate(named):
            fields |= in_fields(f"{name}_{number}", each.texts, languages)
    return blank(**fields)


def in_fields(name: str, texts: Mapping[str, str], languages: Iterable[str]) -> dict[str, str]:
    """Texts as values of the fields ``name_bg``, ``name_en`` and so on."""
    return {f"{name}_{language}": texts.get(language, "") for language in languages}


def read_item(fields: Fields, draft: Draft, item: Item) -> Item:
    """``item`` with what was typed; what was refused stays as it was."""
    languages = draft.languages
    taken = set(draft.all_codes()) - {item.code}
    changes: dict[str, object] = {
        "code": fields.code("code", item.code, taken),
        "texts": fields.merged("texts", item.texts, languages),
        "hint": fields.merged("hint", item.hint, languages),
        "is_required": fields.filled.value("is_required") == "yes",
        "options": tuple(fields.named("option", item.options, languages)),
        "rows": tuple(fields.named("row", item.rows, languages)),
    }
    if item.sort == "matrix" and fields.filled.value("head") in HEADS:
        changes["head"] = fields.filled.value("head")
    if item.sort == "multiple":
        most = max(len(item.options), 1)
        changes |= {name: fields.whole(name, most) for name in ("at_least", "at_most")}
    if item.sort == "number":
        changes |= {name: fields.number(name) for name in ("least", "most")}
        changes["unit"] = fields.merged("unit", item.unit, languages)
    return rearranged(item.model_copy(update=changes), draft, fields.filled.value("then"))


HEADS: Final = ("faces-5", "faces-4", "stars", "yes-no", "nps-11", "choice")
"""What the rows of a matrix can be answered with."""


def rearranged(item: Item, draft: Draft, then: str) -> Item:
    """``item`` after a button among its options or rows: ``add-option``, ``drop-row-2``."""
    deed, _dash, rest = then.partition("-")
    what, _dash, number = rest.partition("-")
    if what not in {"option", "row"}:
        return item
    named = [*(item.options if what == "option" else item.rows)]
    place = int(number) if number.isdecimal() and len(number) < 4 else -1
    if deed == "add":
        named = _with_new(item, draft, named, what)
    elif 0 <= place < len(named) and deed == "drop":
        del named[place]
    elif 0 < place < len(named) and deed == "raise":
        named[place - 1], named[place] = named[place], named[place - 1]
    return item.model_copy(update={"options" if what == "option" else "rows": tuple(named)})


def _with_new(item: Item, draft: Draft, named: list[Named], what: str) -> list[Named]:
    if len(named) >= (MAX_OPTIONS if what == "option" else MAX_ROWS):
        return named
    if what == "row":
        taken = {*draft.all_codes(), *(each.code for each in named)}
        return [*named, Named(code=first_free(f"{item.code}-{len(named) + 1}", taken))]
    taken = {each.code for each in named}
    return [*named, Named(code=first_free(f"option-{len(named) + 1}", taken))]


def _plain(number: float | None) -> str | None:
    return None if number is None else f"{number:g}" if abs(number) < 1e6 else str(number)
