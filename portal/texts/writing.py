"""The texts that there are, and one of them written out as a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from analytics.reports.document import Block, Document, Note, Section, Table
from portal.texts.errors import TextError
from portal.texts.filling import Filling, Open
from portal.texts.laws import Language, laws
from portal.texts.reading import read, text_of

SOURCES: Final = Path(__file__).parent / "sources"


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text that can be had.

    Attributes:
        names: what it is called, in each language that it is there in.
        is_sheet: it hangs on a wall, so nothing is put behind it.
    """

    names: Mapping[Language, str]
    is_sheet: bool = False


TEXTS: Final[Mapping[str, TextKind]] = {
    "notice": TextKind(
        {"bg": "Табела до устройството", "en": "Notice at the device"}, is_sheet=True
    ),
    "rules": TextKind({"bg": "Вътрешни правила за използване на оценките"}),
    "staff": TextKind({"bg": "Уведомление до служителите"}),
    "dpia": TextKind({"bg": "Оценка на въздействието върху защитата на данните"}),
    "privacy": TextKind({"bg": "Уведомление за поверителност", "en": "Privacy notice"}),
}
"""Every text by the name that one types."""

_LEFT: Final[Mapping[Language, Mapping[str, str]]] = {
    "bg": {
        "title": "Преди утвърждаване",
        "note": "Този списък се изважда, когато всичко в него е направено. Текстът е образец: "
        "юрист и длъжностното лице по защита на данните го преглеждат, преди да влезе в сила.",
        "caption": "Какво остава да се направи",
        "what": "Какво",
        "deed": "Действие",
        "where": "Къде",
        "fill": "попълва се",
        "confirm": "потвърждава се",
        "law": "сверява се",
    },
    "en": {
        "title": "Before it is approved",
        "note": "Take this list out when all in it is done. The text is a template: a lawyer and "
        "the data protection officer go through it before it takes effect.",
        "caption": "What is left to do",
        "what": "What",
        "deed": "To do",
        "where": "Where",
        "fill": "fill in",
        "confirm": "confirm",
        "law": "compare",
    },
}


@dataclass(frozen=True, slots=True)
class Written:
    """A text, written out.

    Attributes:
        document: as it is set; a draft as long as something is open.
        open: what people have still to do with it.
    """

    document: Document
    open: tuple[Open, ...]


def write_text(name: str, language: Language, values: Mapping[str, str], on: date) -> Written:
    """Write the text ``name`` with ``values`` (:func:`portal.texts.known.known`).

    Raises:
        TextError: there is no such text, or not in this language.
    """
    kind = _kind(name, language)
    filling = Filling(values, laws(), language)
    source = read((SOURCES / f"{name}.{language}.md").read_text("utf-8"), filling)
    sections, left = source.sections, filling.open
    if left and not kind.is_sheet:
        sections = (*sections, _checklist(left, language))
    document = Document(
        language=language,
        kind="text",
        title=source.title,
        subtitle=source.subtitle,
        municipality=values["municipality"],
        made_on=on,
        sections=sections,
        is_draft=bool(left),
    )
    return Written(document, left)


def _kind(name: str, language: Language) -> TextKind:
    if name not in TEXTS:
        raise TextError(f"there is no text {name!r}; there are: {', '.join(TEXTS)}")
    kind = TEXTS[name]
    if language not in kind.names:
        there = ", ".join(kind.names)
        raise TextError(f"the text {name!r} is not there in {language!r}, only in: {there}")
    return kind


def _checklist(left: tuple[Open, ...], language: Language) -> Section:
    words = _LEFT[language]
    rows = tuple(
        tuple(map(text_of, (each.what, words[each.kind], "; ".join(each.places)))) for each in left
    )
    columns = (words["what"], words["deed"], words["where"])
    blocks: tuple[Block, ...] = (
        Note(text_of(words["note"])),
        Table(words["caption"], columns, rows, ("start", "start", "start")),
    )
    return Section(words["title"], blocks)
