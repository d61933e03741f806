"""Forms: what was typed stays, what is wrong stands beside it, fields mean what they should."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.datastructures import FormData

from portal.web.characters import UNSTORABLE
from portal.web.fields import Code, Day, EmailAddress, Hour, Phone, Url
from portal.web.forms import Filled, Form, FormError, blank, fill
from portal.web.language import Language

BULGARIAN = Language("bg", ZoneInfo("Europe/Sofia"))
ENGLISH = Language("en", ZoneInfo("Europe/Sofia"))


class Everything(Form):
    """A field of each type."""

    name: Annotated[str, Field(min_length=2, max_length=10)]
    day: Day | None = None
    hour: Hour | None = None
    code: Code = ""
    email: EmailAddress = ""
    phone: Phone = ""
    url: Url = ""
    number: Annotated[int, Field(ge=1, le=9)] | None = None
    side: Literal["left", "right"] | None = None
    many: tuple[str, ...] = ()


def filled(**fields: str) -> Filled[Everything]:
    """The form with a name and these."""
    return fill(Everything, FormData([("name", "Ева"), *fields.items()]), ENGLISH)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        (" 1.2.2026 г. ", date(2026, 2, 1)),
        ("01.02.2026г", date(2026, 2, 1)),
        ("2026-11-22", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("29.02.2024", date(2024, 2, 29)),
    ],
)
def test_days_are_read(typed: str, meant: date) -> None:
    """As people write them here, and as browsers do."""
    model = filled(day=typed).model
    assert model is not None
    assert model.day == meant


@pytest.mark.parametrize(
    "typed", ["29.02.2026", "31.04.2026", "22.11.26", "11-22-2026", "вчера", "0", "1e9", "22.11."]
)
def test_what_is_no_day_is_said(typed: str) -> None:
    """With an example, in the reader's language."""
    assert filled(day=typed).errors == {"day": "Write a day, for example 22.11.2026"}
    said = fill(Everything, FormData({"name": "Ева", "day": typed}), BULGARIAN).errors
    assert said == {"day": "Напишете дата, например 22.11.2026"}


@pytest.mark.parametrize(
    ("typed", "meant"), [("9:30", time(9, 30)), ("09.05", time(9, 5)), ("17 ч.", time(17))]
)
def test_hours_are_read(typed: str, meant: time) -> None:
    """With a colon or a point, with minutes or without."""
    model = filled(hour=typed).model
    assert model is not None
    assert model.hour == meant


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("hour", "24:00"),
        ("hour", "9:60"),
        ("code", "Main Hall"),
        ("code", "-hall"),
        ("code", "зала"),
        ("code", "a" * 64),
        ("email", "eva"),
        ("email", "eva@localhost"),
        ("email", "иван@abv.bg"),
        ("email", "a..b@x.bg"),
        ("email", "a@b_c.bg"),
        ("email", "x@-a.bg"),
        ("email", "eva@example.bg\nBcc: x@example.bg"),
        ("email", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.bg"),
        ("phone", "my phone"),
        ("phone", "12"),
        ("url", "javascript:alert(1)"),
        ("url", "//elsewhere.example"),
        ("url", "https://"),
        ("url", "http://[::1"),
        ("url", 'https://example.bg/"onclick="x'),
        ("number", "0"),
        ("number", "ten"),
        ("side", "middle"),
        ("name", "Е"),
        ("name", "Елисавета Багряна"),
    ],
)
def test_bad_values_are_refused_and_kept(field: str, bad: str) -> None:
    """One message at the field; what was typed is there still, to be mended."""
    found = fill(Everything, FormData({"name": "Ева"} | {field: bad}), ENGLISH)
    assert list(found.errors) == [field]
    assert found.model is None
    assert found.value(field) == bad


@pytest.mark.parametrize(
    ("field", "good"),
    [
        ("code", "main-hall-2"),
        ("email", "eva.ilieva+x@sub.example.bg"),
        ("email", "eva@пример.бг"),
        ("phone", "+359 (670) 680-50"),
        ("url", "https://example.bg/път?x=1#y"),
    ],
)
def test_good_values_are_taken(field: str, good: str) -> None:
    """As they were typed."""
    model = filled(**{field: good}).model
    assert model is not None
    assert getattr(model, field) == good


def test_bounds_are_told_and_spaces_go() -> None:
    """A message names the bound; an empty field is one that was not filled in."""
    assert filled(number="10").errors == {"number": "Write a number up to 9"}
    assert fill(Everything, FormData({"name": "   "}), ENGLISH).errors == {"name": "Fill this in"}
    model = fill(Everything, FormData([("name", " Ева "), ("number", "")]), ENGLISH).model
    assert model is not None
    assert (model.name, model.number) == ("Ева", None)


def test_a_field_may_be_given_several_times() -> None:
    """A list takes them all; of others the first counts; unknown ones are nobody's."""
    posted = FormData([("name", "Ева"), ("name", "Ана"), ("many", "a"), ("many", "b"), ("x", "1")])
    found = fill(Everything, posted, ENGLISH)
    assert found.model is not None
    assert found.model.many == ("a", "b")
    assert found.model.name == "Ева"
    assert found.values("many") == ["a", "b"]


def test_texts_are_made_uniform() -> None:
    """One form of each letter, one end of a line: what looks alike is found alike."""
    model = filled(many="й\r\nред").model
    assert model is not None
    assert model.many == ("й\nред",)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\ufffe"])
def test_signs_that_nobody_can_read_are_refused(sign: str) -> None:
    """They would break a database, a file or a terminal later on."""
    found = filled(many=f"a{sign}b")
    assert list(found.errors) == ["many"]
    assert not UNSTORABLE.search(found.value("many"))


@given(st.dictionaries(st.sampled_from(list(Everything.model_fields)), st.text()))
def test_nothing_typed_breaks_a_form(fields: dict[str, str]) -> None:
    """Either it means something, or each error stands at a field and is a sentence."""
    found = fill(Everything, FormData(fields), BULGARIAN)
    assert (found.model is None) == bool(found.errors)
    assert all(message for message in found.errors.values())
    assert set(found.errors) <= set(Everything.model_fields)


def test_a_blank_form_shows_what_is_known() -> None:
    """As people would type it."""
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    form = blank(a="x", b=None, c=["1", 2], d=at.date(), e=at.time(), f=True, g=False)
    assert form.values("c") == ["1", "2"]
    assert [form.value(name) for name in "abdefg"] == ["x", "", "22.11.2026", "09:30", "yes", ""]


def test_a_validator_speaks_with_values() -> None:
    """They are put in after translation, so they may hold braces."""
    error = FormError("Write at most {bound} characters", bound="{x}")
    assert BULGARIAN.text(error.message, **error.values) == "Напишете най-много {x} знака"
