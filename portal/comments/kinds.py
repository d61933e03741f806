"""What is masked in comments: a code for each kind, and what people read instead."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "egn",
    "lnch",
    "document",
    "phone",
    "e-mail",
    "iban",
    "card",
    "plate",
    "address",
    "name",
    "other",
]


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NAMES: Final[dict[Kind, str]] = {
    "egn": _("personal number (EGN)"),
    "lnch": _("personal number of a foreigner (LNCh)"),
    "document": _("number of an identity document"),
    "phone": _("telephone number"),
    "e-mail": _("e-mail address"),
    "iban": _("bank account (IBAN)"),
    "card": _("number of a payment card"),
    "plate": _("registration number of a car"),
    "address": _("home address"),
    "name": _("name of an employee"),
    "other": _("something that an editor masked"),
}
"""For the visitor, who is told what was masked."""

MARKS: Final[dict[Kind, tuple[str, str]]] = {
    "egn": ("[ЕГН]", "[EGN]"),
    "lnch": ("[ЛНЧ]", "[LNCh]"),
    "document": ("[документ]", "[document]"),
    "phone": ("[телефон]", "[telephone]"),
    "e-mail": ("[е-поща]", "[e-mail]"),
    "iban": ("[IBAN]", "[IBAN]"),
    "card": ("[карта]", "[card]"),
    "plate": ("[рег. №]", "[plate]"),
    "address": ("[адрес]", "[address]"),
    "name": ("[име]", "[name]"),
    "other": ("[скрито]", "[masked]"),
}
"""What stands in the text instead: in Bulgarian, in English."""


def mark(kind: Kind, language: str) -> str:
    """What stands in a text of that language instead of something of that kind."""
    return MARKS[kind][0 if language == "bg" else 1]


def named(codes: str) -> list[str]:
    """Names (to be translated) of the kinds in ``codes``, as ``Kept.codes`` has them.

    They may come from an address, so what is no kind is passed over.
    """
    said = set(codes.split(","))
    return [name for kind, name in NAMES.items() if kind in said]
