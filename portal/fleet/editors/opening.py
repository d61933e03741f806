"""Editors of opening hours: of the week, and of days unlike their weekday."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from portal.fleet.editors.hours import read_hours, write_hours
from portal.fleet.editors.parts import (
    About,
    Group,
    Input,
    Raw,
    read_day,
    rows_posted,
    rows_to_show,
)
from portal.web.forms import Filled, FormError
from portal.web.language import Language


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


WEEKDAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
MOST_DAYS: Final = 100
_ALWAYS, _HOURS = "always", "hours"


class Weekly:
    """``opening.weekly``: a line for each weekday, or always open."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401, ARG002  # Editor's
        """Whether there are hours, and those of each weekday."""
        hint = about.language.text(
            "For example 8:00–12:00, 13:00–17:30. Leave it empty where it is closed."
        )
        choices = [
            (_ALWAYS, about.language.text("Always open")),
            (_HOURS, about.language.text("Open in these hours")),
        ]
        days = [
            Input(
                "text",
                f"day-{number}",
                about.language.text(name),
                hint=hint if number == 1 else "",
                width="20",
            )
            for number, name in enumerate(WEEKDAYS, 1)
        ]
        return [
            Group(
                [Input("radios", "mode", about.language.text("When is it open?"), choices=choices)]
            ),
            Group(days, about.language.text("Hours")),
        ]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """The hours of each weekday."""
        days = _by_day(value or ())
        filled = {f"day-{number}": [write_hours(spans)] for number, spans in days.items()}
        return {"mode": [_ALWAYS if value is None else _HOURS], **filled}

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """Hours by weekdays that have the same; ``None``: always open."""
        if filled.value("mode") == _ALWAYS:
            self._check_none_typed(filled, about)
            return None
        same: dict[tuple[str, str], list[int]] = {}
        for number in range(1, 8):
            for span in _read(filled, f"day-{number}", about.language):
                same.setdefault((span["opens_at"], span["closes_at"]), []).append(number)
        if not same and not filled.errors:
            filled.refuse("day-1", about.language.text("Write the hours of one day at least"))
        return [
            {"opens_at": opens, "closes_at": closes, "days": days}
            for (opens, closes), days in sorted(same.items(), key=lambda each: each[1])
        ]

    def _check_none_typed(self, filled: Filled[Any], about: About) -> None:
        """Those that hold now stand in the inputs by themselves; others somebody has typed."""
        by_themselves = self.raw(about.holds, about)
        for name in (f"day-{number}" for number in range(1, 8)):
            if filled.value(name).strip() not in {"", *by_themselves.get(name, ())}:
                filled.refuse(
                    "mode",
                    about.language.text(
                        "Hours are written below, but it is to be always open. Choose the hours, "
                        "or empty them."
                    ),
                )

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """A line for each run of weekdays with the same hours."""
        if value is None:
            return [about.language.text("Always open")]
        days = _by_day(value)
        lines: list[tuple[int, int, str]] = []
        for number in range(1, 8):
            hours = write_hours(days[number])
            if lines and lines[-1][2] == hours:
                lines[-1] = (lines[-1][0], number, hours)
            else:
                lines.append((number, number, hours))
        return [_line(first, last, hours, about.language) for first, last, hours in lines]


class SpecialDays:
    """``opening.special_days``: rows of a day, its hours, and what visitors read."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # Editor's
        """A group for each day."""
        return [
            Group(_inputs(number, about), about.language.text("Day {n}", n=number))
            for number in range(1, rows_to_show(value, about, MOST_DAYS) + 1)
        ]

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401, ARG002  # Editor's
        """What is entered of each day, in order."""
        filled: Raw = {}
        for number, day in enumerate(sorted(value, key=lambda each: str(each["on"])), 1):
            filled[f"row-{number}-on"] = [_written(day["on"])]
            filled[f"row-{number}-hours"] = [write_hours(day.get("hours", ()))]
            for code, text in day.get("texts", {}).items():
                filled[f"row-{number}-text-{code}"] = [text]
        return filled

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # Editor's
        """The days of which something is entered."""
        found: list[dict[str, Any]] = []
        for number in range(1, min(rows_posted(filled, "row"), MOST_DAYS) + 1):
            row = f"row-{number}"
            texts = {code: filled.value(f"{row}-text-{code}").strip() for code in about.languages}
            texts = {code: text for code, text in texts.items() if text}
            hours = _read(filled, f"{row}-hours", about.language)
            on = _day(filled, f"{row}-on", about.language, is_needed=bool(texts or hours))
            if on is None:
                continue
            if any(day["on"] == on.isoformat() for day in found):
                filled.refuse(f"{row}-on", about.language.text("This day is there twice"))
            found.append(special_day(on, hours, texts))
        return sorted(found, key=lambda day: str(day["on"]))

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # Editor's
        """A line for each day."""
        found = [special_words(day, about.language) for day in value]
        return found or [about.language.text("None")]


def special_day(
    on: date, hours: Sequence[Mapping[str, str]], texts: Mapping[str, str]
) -> dict[str, Any]:
    """A special day as the setting has it."""
    made: dict[str, Any] = {"on": on.isoformat()}
    if hours:
        made["hours"] = [dict(span) for span in hours]
    if texts:
        made["texts"] = dict(texts)
    return made


def special_words(day: Mapping[str, Any], language: Language) -> str:
    """A special day in a line."""
    hours = write_hours(day.get("hours", ())) or language.text("closed")
    why = language.of(day.get("texts", {}))
    return f"{language.day(date.fromisoformat(day['on']))}: {hours}{f' ({why})' if why else ''}"


def _inputs(number: int, about: About) -> list[Input]:
    row = f"row-{number}"
    hours = about.language.text("For example 9:00–13:00. Leave it empty where it is closed.")
    texts = [
        Input(
            "text",
            f"{row}-text-{code}",
            about.language.text(
                "Why it is closed, as visitors read it ({language})", language=code
            ),
            lang=code,
            optional=True,
        )
        for code in about.languages
    ]
    on = Input(
        "text",
        f"{row}-on",
        about.language.text("Day"),
        about.language.text("For example 22.11.2026"),
        width="10",
    )
    return [
        on,
        Input("text", f"{row}-hours", about.language.text("Hours"), hours, width="20"),
        *texts,
    ]


def _by_day(value: Sequence[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    return {number: [span for span in value if number in span["days"]] for number in range(1, 8)}


def _line(first: int, last: int, hours: str, language: Language) -> str:
    names = [language.text(WEEKDAYS[number - 1]) for number in (first, last)]
    days = names[0] if first == last else f"{names[0]}–{names[1]}"
    return f"{days}: {hours or language.text('closed')}"


def _read(filled: Filled[Any], name: str, language: Language) -> list[dict[str, str]]:
    try:
        return read_hours(filled.value(name))
    except FormError as error:
        filled.refuse(name, language.text(error.message, **error.values))
        return []


def _day(filled: Filled[Any], name: str, language: Language, *, is_needed: bool) -> date | None:
    text = filled.value(name).strip()
    if not text:
        if is_needed:
            filled.refuse(name, language.text("Write a day, for example 22.11.2026"))
        return None
    try:
        return read_day(text)
    except FormError as error:
        filled.refuse(name, language.text(error.message, **error.values))
        return None


def _written(on: str) -> str:
    return f"{date.fromisoformat(on):%d.%m.%Y}"
