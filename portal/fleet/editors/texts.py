"""Editors of what the screen says: the name, what was done, the result of a month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.fleet.editors.parts import About, Group, Input, Raw, rows_posted, rows_to_show
from portal.web.forms import Filled


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


MAX_NAME: Final = 80
MAX_DEED: Final = 140
MOST_DEEDS: Final = 8
_MONTH: Final = re.compile(r"(\d{1,2})[./ ](\d{4})")
_MOST_RATINGS: Final = 9_999_999


class Name:
    """``presentation.name``: the name on the screen, in each of its languages."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401, ARG002  # Editor's
        """An input for each language."""
        return [Group(_by_language("text", "name", _("Name on the screen ({language})"), about))]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """The name in each."""
        return _raw_of("name", value)

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """Names by language; in all of the screen's, or in none."""
        return _texts(filled, "name", about, MAX_NAME)

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """A line for each language."""
        return _lines(value) or [about.language.text("None")]


class Deeds:
    """``presentation.deeds``: what visitors said and what was done about it."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # Editor's
        """A group for each; leaving it empty takes it out."""
        groups = []
        for number in range(1, rows_to_show(value, about, MOST_DEEDS) + 1):
            said = _by_language("textarea", f"row-{number}-said", _("You said ({language})"), about)
            did = _by_language("textarea", f"row-{number}-did", _("We did ({language})"), about)
            groups.append(Group([*said, *did], about.language.text("Message {n}", n=number)))
        return groups

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """What is entered of each."""
        filled: Raw = {}
        for number, deed in enumerate(value, 1):
            for part in ("said", "did"):
                filled |= _raw_of(f"row-{number}-{part}", deed[part])
        return filled

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """Those of which something is entered; then all of it must be."""
        deeds = []
        for number in range(1, min(rows_posted(filled, "row"), MOST_DEEDS) + 1):
            names = [f"row-{number}-{part}" for part in ("said", "did")]
            if not any(_given(filled, name, about) for name in names):
                continue
            said, did = (_texts(filled, name, about, MAX_DEED, is_needed=True) for name in names)
            deeds.append({"said": said, "did": did})
        return deeds

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """A line for each."""
        of = about.language.of
        return [f"{of(deed['said'])} → {of(deed['did'])}" for deed in value] or [
            about.language.text("None")
        ]


class Result:
    """``presentation.result``: the centre's result of a past month, or none."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401, ARG002  # Editor's
        """Name, month, share and number; all empty: nothing is shown."""
        month = Input(
            "text",
            "month",
            about.language.text("Month"),
            about.language.text("For example 10.2026"),
            width="10",
        )
        percent = Input("text", "percent", about.language.text("Satisfied, per cent"), width="5")
        ratings = Input(
            "text",
            "ratings",
            about.language.text("Number of ratings"),
            width="10",
            inputmode="numeric",
        )
        hint = about.language.text("Leave everything empty, and nothing is shown.")
        unit = _by_language("text", "unit", _("Name of the centre ({language})"), about, hint)
        return [Group([*unit, month, percent, ratings])]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """What is entered."""
        if value is None:
            return {}
        month = date.fromisoformat(value["month"])
        percent = f"{value['satisfied_percent']:g}".replace(".", ",")
        return {
            **_raw_of("unit", value["unit"]),
            "month": [f"{month:%m.%Y}"],
            "percent": [percent],
            "ratings": [str(value["ratings"])],
        }

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """The result; ``None``: none."""
        plain = {name: filled.value(name).strip() for name in ("month", "percent", "ratings")}
        if not any(plain.values()) and not _given(filled, "unit", about):
            return None
        found = _MONTH.fullmatch(plain["month"])
        if found is None or not 1 <= int(found[1]) <= 12 or not 2000 <= int(found[2]) <= 2200:
            filled.refuse("month", about.language.text("Write a month, for example 10.2026"))
        percent = _decimal(plain["percent"])
        if percent is None or not 0 <= percent <= 100:
            filled.refuse("percent", about.language.text("Write a number from 0 to 100"))
        ratings = int(plain["ratings"]) if re.fullmatch(r"[0-9]{1,7}", plain["ratings"]) else 0
        if not 5 <= ratings <= _MOST_RATINGS:
            filled.refuse("ratings", about.language.text("Write a whole number, 5 or more"))
        month = f"{found[2]}-{int(found[1]):02}-01" if found else ""
        return {
            "unit": _texts(filled, "unit", about, MAX_NAME, is_needed=True),
            "month": month,
            "satisfied_percent": percent,
            "ratings": ratings,
        }

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """A line with all of it."""
        if value is None:
            return [about.language.text("None")]
        month = date.fromisoformat(value["month"])
        said = about.language.text(
            "{percent} % satisfied of {n} ratings",
            percent=about.language.number(value["satisfied_percent"]),
            n=about.language.number(value["ratings"]),
        )
        return [f"{about.language.of(value['unit'])}, {month:%m.%Y}: {said}"]


def _by_language(
    kind: Any,  # noqa: ANN401  # of Input
    name: str,
    label: str,
    about: About,
    hint: str = "",
) -> list[Input]:
    return [
        Input(
            kind,
            f"{name}-{code}",
            about.language.text(label, language=code),
            hint if number == 0 else "",
            lang=code,
            most=MAX_DEED if kind == "textarea" else 0,
            optional=True,
        )
        for number, code in enumerate(about.languages)
    ]


def _raw_of(name: str, texts: Mapping[str, str]) -> Raw:
    return {f"{name}-{code}": [text] for code, text in texts.items()}


def _given(filled: Filled[Any], name: str, about: About) -> dict[str, str]:
    texts = {code: filled.value(f"{name}-{code}").strip() for code in about.languages}
    return {code: " ".join(text.split()) for code, text in texts.items() if text}


def _texts(
    filled: Filled[Any], name: str, about: About, most: int, *, is_needed: bool = False
) -> dict[str, str]:
    """What is written in each language; in all of them where it is in one."""
    given = _given(filled, name, about)
    for code in about.languages:
        if code not in given and (given or is_needed):
            said = about.language.text(
                "Write it in every language of the screen: {language} is missing", language=code
            )
            filled.refuse(f"{name}-{code}", said)
        elif len(given.get(code, "")) > most:
            filled.refuse(
                f"{name}-{code}",
                about.language.text("Write at most {bound} characters", bound=most),
            )
    return given


def _lines(texts: Mapping[str, str]) -> list[str]:
    return [f"{code}: {text}" for code, text in texts.items()]


def _decimal(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,2})?", text):
        return None
    return float(text.replace(",", "."))
