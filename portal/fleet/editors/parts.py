"""What editors are made of: inputs in groups, and what they must know about the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, Literal, Protocol, TypeAlias

from pydantic import AfterValidator, TypeAdapter, ValidationError

from portal.web.fields import Day
from portal.web.forms import Filled, FormError
from portal.web.language import Language

Choice: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""Value, text, and a hint."""

Raw: TypeAlias = dict[str, list[str]]
"""Input → what stands in it."""

_YEARS: Final = range(1991, 2100)
"""Calendars know no others; and a mistyped digit is found."""

MORE_ROWS: Final = 2
"""Empty rows below those that are filled in."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input; ``kind`` is a component of the portal.

    Attributes:
        most: characters of a textarea; 0: as many as you like.
        lang: in which language something is written in it.
    """

    kind: Literal["text", "textarea", "select", "radios", "checkboxes"]
    name: str
    label: str
    hint: str = ""
    choices: Sequence[Choice] = ()
    width: str = ""
    inputmode: str = ""
    lang: str = ""
    most: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that belong together, under a title where there is one."""

    inputs: Sequence[Input]
    title: str = ""


@dataclass(frozen=True, slots=True)
class SurveyThere:
    """A published survey: its versions, the newest last, and its title by language."""

    code: str
    versions: tuple[int, ...]
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What an editor knows besides the value.

    Attributes:
        language: of whoever edits.
        languages: of the screens at the place, the hall's own first.
        surveys: that were published.
        units: code and name of the units there are.
        rows: of a list, how many to show; 0: as many as there are, and some more.
        holds: the value that holds now, which stood in the inputs at first; ``None``: none, or the
            setting is not being edited.
    """

    language: Language
    languages: Sequence[str] = ("bg", "en")
    surveys: Sequence[SurveyThere] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    holds: Any = None


class Editor(Protocol):
    """Edits one setting; values are made of what JSON can say."""

    def groups(self, value: Any, about: About) -> list[Group]:  # noqa: ANN401  # as above
        """The inputs."""

    def raw(self, value: Any, about: About) -> Raw:  # noqa: ANN401  # as above
        """What stands in them for ``value``."""

    def read(self, filled: Filled[Any], about: About) -> Any:  # noqa: ANN401  # as above
        """What was filled in; what is wrong is put into ``filled``, and the rest is no matter."""

    def words(self, value: Any, about: About) -> list[str]:  # noqa: ANN401  # as above
        """``value`` for people, a line each."""


def rows_to_show(value: Sequence[object], about: About, most: int) -> int:
    """How many rows of a list are shown."""
    return min(most, max(about.rows, len(value) + MORE_ROWS))


def rows_posted(filled: Filled[Any], prefix: str) -> int:
    """How many rows of a list were posted: inputs are named ``prefix-NUMBER-…`` from 1 on."""
    numbers = (name.split("-")[1] for name in filled.raw if name.startswith(f"{prefix}-"))
    return max((int(number) for number in numbers if number.isdigit()), default=0)


def _in_our_time(on: date) -> date:
    if on.year not in _YEARS:
        raise FormError("Write a day, for example 22.11.2026")
    return on


SomeDay: TypeAlias = Annotated[Day, AfterValidator(_in_our_time)]
"""A day of years that calendars know; in forms."""

_DAY: Final[TypeAdapter[date]] = TypeAdapter(SomeDay)


def read_day(text: str) -> date:
    """A day as people write it.

    Raises:
        FormError: it is none.
    """
    try:
        return _DAY.validate_python(text)
    except ValidationError as error:
        raise FormError("Write a day, for example 22.11.2026") from error
