"""Forms of this area."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from analytics.improvement.actions import GroundKind, State
from analytics.improvement.drafts import Kind, Language
from analytics.improvement.journal import Method
from analytics.improvement.targets import Measure
from portal.web.fields import Day, EmailAddress, Line, Text
from portal.web.forms import Form, FormError

_MOST: Final = 100


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def _level(given: object) -> object:
    """``90``, ``90 %`` or ``90,5``."""
    if not isinstance(given, str):
        return given
    text = given.removesuffix("%").strip().replace(",", ".")
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise FormError(_("Write a number from 0 to 100, for example 90")) from error
    if not found.is_finite() or not 0 <= found <= _MOST:
        raise FormError(_("Write a number from 0 to 100, for example 90"))
    return found


Level = Annotated[Decimal, BeforeValidator(_level)]
Unit = Annotated[str, Field(max_length=63)]


class TargetForm(Form):
    """A target; the level is in percent, or points of the index."""

    unit: Unit = ""
    measure: Measure
    level: Level
    text_bg: Annotated[str, Field(max_length=1_000)]
    text_en: Annotated[str, Field(max_length=1_000)] = ""
    from_on: Day
    to_on: Day | None = None


class EndForm(Form):
    """The last day."""

    on: Day


class MethodForm(Form):
    """That a method was used."""

    method: Method
    unit: Unit = ""
    from_on: Day
    to_on: Day | None = None
    n: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    findings: Text
    done: Text = ""
    revision: int = 0

    @property
    def last_on(self) -> date:
        """The last day: the first, where it was one."""
        return self.to_on or self.from_on


class UnitForm(Form):
    """For which unit."""

    unit: Unit = ""


class PlanForm(Form):
    """An action; its unit was chosen before, since it says who may own it."""

    title: Line
    description: Text = ""
    ground_kind: GroundKind
    ground_reference: Line = ""
    ground_words: Text
    owner: Annotated[str, Field(max_length=63)]
    due_on: Day
    measure: Measure = "satisfied"
    target: Annotated[str, Field(max_length=63)] = ""
    revision: int = 0


class MoveForm(Form):
    """To which state, since when, and why."""

    state: State
    on: Day
    note: Text = ""
    revision: int


class PublishForm(Form):
    """What the public page says of an action."""

    public_bg: Text
    public_en: Text = ""
    revision: int


class RevisionForm(Form):
    """What was seen."""

    revision: int


class WishForm(Form):
    """Which reports."""

    kind: Kind
    unit: Unit = ""
    language: Language


class GuestForm(WishForm):
    """Which reports, for somebody without an account."""

    email: EmailAddress
