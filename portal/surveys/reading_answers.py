"""Reading what was filled in: an answer as it stands in events, or what is wrong with it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from pydantic import TypeAdapter, ValidationError

from broker.intake.submission import Given
from portal.comments.service import MAX_LENGTH
from portal.surveys.asking import Item, Said
from portal.web.fields import Day
from portal.web.forms import FormError

_NUMBER: Final = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
"""Nobody means a day of other years; it is a slip."""

_day: Final[TypeAdapter[date]] = TypeAdapter(Day)


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def read_answer(item: Item, typed: Sequence[str], *, is_clerk: bool = False) -> tuple[str, ...]:
    """What ``typed`` says, in the form of :data:`portal.surveys.asking.Said`; empty: left out.

    A clerk may leave out what is required: the paper before him says nothing there, either.

    Raises:
        FormError: it can't be an answer to that.
    """
    given = [value.strip() for value in typed if value.strip()]
    if not given:
        if item.is_required and not is_clerk:
            raise FormError(_REQUIRED.get(item.sort, _("Choose one of the answers")))
        return ()
    if item.values:
        return _chosen(item, given)
    if item.sort == "number":
        return (_number(item, given[0]),)
    if item.sort == "date":
        return (_date(given[0]),)
    return (_comment(given[0]),)


def as_given(item: Item, said: Said) -> Given:
    """An answer as the intake takes it; of a comment nothing but that is never asked for."""
    values = said.get(item.code, ())
    follows = item.follows or None
    if not values:
        return Given(item.code, follows=follows)
    if item.scale:
        return Given(item.code, scale=item.scale, value=int(values[0]))
    if item.options:
        return Given(item.code, options=values, follows=follows)
    if item.sort == "number":
        return Given(item.code, number=float(values[0]))
    return Given(item.code, stated_on=date.fromisoformat(values[0]))


def givens(items: Iterable[Item], said: Said) -> tuple[Given, ...]:
    """All that may stand in the feedback store of what was said: comments may not."""
    return tuple(as_given(item, said) for item in items if item.sort != "comment")


def _chosen(item: Item, given: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(value for value in item.values if value in given)
    if len(chosen) != len(set(given)):
        raise FormError(_("Choose one of the answers"))
    if item.sort != "multiple":
        if len(chosen) > 1:
            raise FormError(_("Choose one of the answers"))
        return chosen
    if len(chosen) < item.at_least:
        raise FormError(_("Choose at least {bound}"), bound=item.at_least)
    if len(chosen) > item.at_most:
        raise FormError(_("Choose at most {bound}"), bound=item.at_most)
    return chosen


def _number(item: Item, given: str) -> str:
    plain = given.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise FormError(_("Write a number"))
    number = float(plain.replace(",", "."))
    if item.least is not None and number < item.least:
        raise FormError(_("Write a number from {bound} up"), bound=plain_number(item.least))
    if item.most is not None and number > item.most:
        raise FormError(_("Write a number up to {bound}"), bound=plain_number(item.most))
    return plain_number(number)


def plain_number(number: float) -> str:
    """A number as people type it, without an exponent."""
    return repr(number) if not number.is_integer() else str(math.floor(number))


def _date(given: str) -> str:
    try:
        day = _day.validate_python(given)
    except ValidationError as error:
        raise FormError(_("Write a day, for example 22.11.2026")) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        bounds = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise FormError(_("Write a day of the years {first} to {last}"), **bounds)
    return day.isoformat()


def _comment(given: str) -> str:
    # PostgreSQL stores no NUL, and a signed state no half of a character.
    text = given.replace("\0", "").encode("utf-8", "ignore").decode().replace("\r\n", "\n")
    if len(text) > MAX_LENGTH:
        raise FormError(_("Write at most {bound} characters"), bound=MAX_LENGTH)
    return text


_REQUIRED: Final = {
    "number": _("Write a number"),
    "date": _("Write a day, for example 22.11.2026"),
    "comment": _("Fill this in"),
}
