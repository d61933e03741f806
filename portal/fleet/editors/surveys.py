"""Editors of what is asked: the survey, others on some days, and the languages of the screen."""

from __future__ import annotations

from typing import Any, Final

from babel import Locale, UnknownLocaleError

from portal.fleet.editors.opening import WEEKDAYS
from portal.fleet.editors.parts import (
    About,
    Choice,
    Group,
    Input,
    Raw,
    read_day,
    rows_posted,
    rows_to_show,
)
from portal.web.forms import Filled, FormError

MOST_PLANNED: Final = 8
MOST_LANGUAGES: Final = 12
OFFERED: Final = ("bg", "en", "tr", "ro", "el", "de", "fr", "ru", "uk", "sr", "mk")
"""Languages that are often wanted; others may be written."""


class Chosen:
    """``survey``: one that was published, in a version or always the newest; or the standard."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # Editor's
        """A choice of all."""
        choices: list[Choice] = [
            ("", about.language.text("The standard survey")),
            *_surveys(about, value),
        ]
        label = about.language.text("Which survey is asked?")
        return [Group([Input("select", "survey", label, choices=choices)])]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """Which one."""
        return {"survey": [_key(value)]}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """Which one; ``None``: the standard one."""
        return _read(filled, "survey", about)

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """Its code and version."""
        return [_words(value, about)]


class Planned:
    """``planned``: other surveys on some days; the first that fits is asked."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # Editor's
        """A group for each; without a survey it is none."""
        days: list[Choice] = [
            (str(n), about.language.text(name)) for n, name in enumerate(WEEKDAYS, 1)
        ]
        groups = []
        for number in range(1, rows_to_show(value, about, MOST_PLANNED) + 1):
            row = f"row-{number}"
            kept = value[number - 1]["survey"] if number <= len(value) else None
            surveys: list[Choice] = [("", about.language.text("None")), *_surveys(about, kept)]
            hint = about.language.text("None marked: on all of them.")
            inputs = [
                Input("select", f"{row}-survey", about.language.text("Survey"), choices=surveys),
                Input(
                    "checkboxes",
                    f"{row}-days",
                    about.language.text("On these weekdays"),
                    hint,
                    days,
                ),
                Input(
                    "text",
                    f"{row}-first",
                    about.language.text("First day"),
                    width="10",
                    optional=True,
                ),
                Input(
                    "text",
                    f"{row}-last",
                    about.language.text("Last day"),
                    width="10",
                    optional=True,
                ),
            ]
            groups.append(Group(inputs, about.language.text("Planned survey {n}", n=number)))
        return groups

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """What is entered of each."""
        filled: Raw = {}
        for number, planned in enumerate(value, 1):
            row = f"row-{number}"
            filled[f"{row}-survey"] = [_key(planned["survey"])]
            filled[f"{row}-days"] = [str(day) for day in planned.get("days", range(1, 8))]
            for name in ("first", "last"):
                filled[f"{row}-{name}"] = [_written(planned.get(f"{name}_on"))]
        return filled

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """Those with a survey."""
        found = []
        for number in range(1, min(rows_posted(filled, "row"), MOST_PLANNED) + 1):
            row = f"row-{number}"
            survey = _read(filled, f"{row}-survey", about)
            if survey is None:
                continue
            first, last = (_day(filled, f"{row}-{name}", about) for name in ("first", "last"))
            if first and last and first > last:
                filled.refuse(
                    f"{row}-last", about.language.text("The last day is before the first")
                )
            days = [n for n in range(1, 8) if str(n) in filled.values(f"{row}-days")]
            made = {"survey": survey, "days": days or list(range(1, 8))}
            found.append({**made, "first_on": first, "last_on": last})
        return found

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """A line for each."""
        return [_planned_words(each, about) for each in value] or [about.language.text("None")]


class Languages:
    """``languages``: of the screen; the first is the hall's own."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # Editor's
        """The first, and the others in the order in which they are shown."""
        offered = [*value, *(code for code in OFFERED if code not in value)]
        choices: list[Choice] = [(code, _name(code, about)) for code in offered]
        first = Input("select", "first", about.language.text("First language"), choices=choices)
        others = Input(
            "checkboxes", "others", about.language.text("Other languages"), choices=choices
        )
        hint = about.language.text(
            "Texts that are set here must be there in each language of the screen."
        )
        more = Input(
            "text",
            "more",
            about.language.text("More languages, by code"),
            hint,
            width="20",
            optional=True,
        )
        return [Group([first, others, more])]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """Which they are."""
        return {"first": [value[0]], "others": list(value[1:])}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """Codes, the first one first."""
        written = filled.value("more").replace(",", " ").split()
        codes = dict.fromkeys([filled.value("first"), *filled.values("others"), *written])
        wrong = [code for code in codes if not _is_code(code)]
        if wrong:
            said = about.language.text(
                "{code} is no code of a language; write for example tr", code=wrong[0]
            )
            filled.refuse("more", said)
        if len(codes) > MOST_LANGUAGES:
            filled.refuse(
                "others", about.language.text("Choose at most {bound}", bound=MOST_LANGUAGES)
            )
        return list(codes)

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """Their names."""
        return [", ".join(_name(code, about) for code in value)]


def _surveys(about: About, value: Any) -> list[Choice]:  # noqa: ANN401  # a survey's choice
    """All there are, and the one that is chosen though nobody published it."""
    found: list[Choice] = []
    for survey in about.surveys:
        name = _title(survey.code, about)
        newest = about.language.text("{survey}: always the newest version", survey=name)
        found.append((survey.code, newest))
        for version in reversed(survey.versions):
            text = about.language.text("{survey}: version {n}", survey=name, n=version)
            found.append((f"{survey.code}@{version}", text))
    if value is not None and _key(value) not in {choice[0] for choice in found}:
        found.append((_key(value), _words(value, about)))
    return found


def _key(value: Any) -> str:  # noqa: ANN401  # a survey's choice
    if value is None:
        return ""
    version = value.get("version")
    return str(value["code"]) if version is None else f"{value['code']}@{version}"


def _read(filled: Filled[Any], name: str, about: About) -> dict[str, Any] | None:
    chosen = filled.value(name)
    if not chosen:
        return None
    code, _, version = chosen.partition("@")
    if version and not (version.isascii() and version.isdecimal()):
        filled.refuse(name, about.language.text("Choose one of the answers"))
        return None
    return {"code": code, "version": int(version) if version else None}


def _words(value: Any, about: About) -> str:  # noqa: ANN401  # a survey's choice
    if value is None:
        return str(about.language.text("The standard survey"))
    name = _title(value["code"], about)
    if value.get("version") is None:
        return str(about.language.text("{survey}: always the newest version", survey=name))
    return str(about.language.text("{survey}: version {n}", survey=name, n=value["version"]))


def _title(code: str, about: About) -> str:
    """What people call a survey, and its code."""
    title = next((about.language.of(each.title) for each in about.surveys if each.code == code), "")
    return f"{title} ({code})" if title else code


def _planned_words(value: Any, about: About) -> str:  # noqa: ANN401  # a planned survey
    days = value.get("days", list(range(1, 8)))
    said = [_words(value["survey"], about)]
    if len(days) < len(WEEKDAYS):
        said.append(", ".join(about.language.text(WEEKDAYS[day - 1]) for day in days))
    first, last = (_written(value.get(f"{name}_on")) for name in ("first", "last"))
    if first or last:
        said.append(f"{first or '…'} – {last or '…'}")
    return "; ".join(said)


def _day(filled: Filled[Any], name: str, about: About) -> str | None:
    text = filled.value(name).strip()
    if not text:
        return None
    try:
        return read_day(text).isoformat()
    except FormError as error:
        filled.refuse(name, about.language.text(error.message))
        return None


def _written(on: str | None) -> str:
    return "" if on is None else ".".join(reversed(on.split("-")))


def _is_code(code: str) -> bool:
    return code.isascii() and 2 <= len(code) <= 20 and code.replace("-", "").isalnum()


def _name(code: str, about: About) -> str:
    """A language's name in the reader's language; its code where nobody knows it."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(about.language.code)
    except (UnknownLocaleError, ValueError):
        name = None
    return f"{name} ({code})" if name else code
