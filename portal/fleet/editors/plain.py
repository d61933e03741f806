"""Editors of settings that are one number, one choice, one code or one address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.fleet.editors.parts import About, Choice, Group, Input, Raw
from portal.web.forms import Filled


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, of ``least`` to ``most``; where it may be unknown, an empty input is that."""

    label: str
    least: int
    most: int
    is_optional: bool = False

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401, ARG002  # Editor's
        """One input."""
        label = about.language.text(self.label)
        kind = Input("text", "number", label, width="5", inputmode="numeric")
        return [Group([kind])]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """The number."""
        return {"number": ["" if value is None else str(value)]}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """The number; ``None`` where none is known."""
        text = filled.value("number").strip()
        if not text and self.is_optional:
            return None
        is_number = text.isascii() and text.isdecimal() and len(text) < 10
        if not is_number or not self.least <= int(text) <= self.most:
            said = _("Write a whole number from {least} to {most}")
            filled.refuse("number", about.language.text(said, least=self.least, most=self.most))
            return None
        return int(text)

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """The number, or that it is not known."""
        return [about.language.text("Not known") if value is None else about.language.number(value)]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some values, each with what it is called and a hint."""

    label: str
    choices: Sequence[tuple[Any, str, str]]

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401, ARG002  # Editor's
        """Radios."""
        choices: list[Choice] = [
            (str(number), about.language.text(name), about.language.text(hint) if hint else "")
            for number, (_value, name, hint) in enumerate(self.choices)
        ]
        return [
            Group([Input("radios", "choice", about.language.text(self.label), choices=choices)])
        ]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """Which one it is."""
        return {"choice": [str(n) for n, each in enumerate(self.choices) if each[0] == value]}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """The value chosen."""
        chosen = filled.value("choice")
        for number, each in enumerate(self.choices):
            if str(number) == chosen:
                return each[0]
        filled.refuse("choice", about.language.text("Choose one of the answers"))
        return None

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """What it is called."""
        return [about.language.text(each[1]) for each in self.choices if each[0] == value] or [
            str(value)
        ]


class Unit:
    """``unit``: one of the municipality's units, or none."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # Editor's
        """A choice of units; where none are entered yet, their code."""
        label = about.language.text("Which unit serves here?")
        if not about.units:
            hint = about.language.text(
                "Its code, for example revenue. Leave it empty where nobody is meant."
            )
            return [Group([Input("text", "unit", label, hint, optional=True)])]
        known = {**about.units, **({value: value} if value else {}), **about.units}
        choices = [("", about.language.text("None")), *known.items()]
        return [Group([Input("select", "unit", label, choices=choices)])]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """Its code."""
        return {"unit": [value or ""]}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401, ARG002  # Editor's
        """Its code; ``None``: none."""
        return filled.value("unit").strip() or None

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """Its name."""
        return [about.units.get(value, value) if value else about.language.text("None")]


class Address:
    """``presentation.write_url``: an address, or none."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401, ARG002  # Editor's
        """One input."""
        label = about.language.text("Where can visitors write more?")
        hint = about.language.text(
            "An address that begins with https://. The screen shows it as a QR code."
        )
        return [Group([Input("text", "url", label, hint, inputmode="url", optional=True)])]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """The address."""
        return {"url": [value or ""]}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """The address; ``None``: none."""
        url = filled.value("url").strip()
        if url and not (url.startswith("https://") and 12 <= len(url) <= 200 and url.isascii()):
            filled.refuse("url", about.language.text("Write an address that begins with https://"))
        return url or None

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """The address."""
        return [value or about.language.text("None")]
