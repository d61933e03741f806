"""What differs between configurations is told in the reader's language, whatever it is about."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest

from broker.fleet.differences import Difference, differences
from broker.wire.configuration import (
    Configuration,
    Deed,
    OpeningHours,
    PlannedSurvey,
    Presentation,
    SpecialDay,
    WeeklyHours,
)
from broker.wire.standard_survey import STANDARD_SURVEY
from portal.fleet.difference_words import (
    FIELDS,
    LISTS,
    SWITCHES,
    TEXTS,
    told_difference,
    told_key,
    told_note,
)
from portal.web.language import Language

BULGARIAN = Language("bg", ZoneInfo("Europe/Sofia"))
ENGLISH = Language("en", ZoneInfo("Europe/Sofia"))
LEFT_OUT = {"v", "revision"}


def _fields(kind: msgspec.inspect.Type) -> dict[str, set[str]]:
    """Each field below a type, with what kinds of values it has: list, texts, switch."""
    found: dict[str, set[str]] = {}
    waiting, seen = [kind], set()
    while waiting:
        at = waiting.pop()
        if isinstance(at, msgspec.inspect.Metadata):
            waiting.append(at.type)
        elif isinstance(at, msgspec.inspect.UnionType):
            waiting.extend(at.types)
        elif isinstance(at, msgspec.inspect.VarTupleType):
            waiting.append(at.item_type)
        elif isinstance(at, msgspec.inspect.StructType) and at.cls not in seen:
            seen.add(at.cls)
            for each in at.fields:
                found.setdefault(each.name, set()).add(_sort(each.type))
                waiting.append(each.type)
    return found


def _sort(kind: msgspec.inspect.Type) -> str:
    if isinstance(kind, msgspec.inspect.Metadata):
        return _sort(kind.type)
    if isinstance(kind, msgspec.inspect.DictType):
        return "texts"
    if isinstance(kind, msgspec.inspect.BoolType):
        return "switch"
    if isinstance(kind, msgspec.inspect.VarTupleType):
        inner = kind.item_type
        while isinstance(inner, msgspec.inspect.Metadata):
            inner = inner.type
        return "list" if isinstance(inner, msgspec.inspect.StructType) else "plain"
    return "plain"


def test_every_field_of_a_configuration_has_words() -> None:
    """One that is new in the wire contract is not shown by its name in the program."""
    fields = _fields(msgspec.inspect.type_info(Configuration))
    assert set(fields) - LEFT_OUT == set(FIELDS)
    assert {name for name, sorts in fields.items() if "list" in sorts} == set(LISTS)
    assert {name for name, sorts in fields.items() if "texts" in sorts} == set(TEXTS)
    assert {name for name, sorts in fields.items() if "switch" in sorts} == set(SWITCHES)
    assert not [name for name, message in FIELDS.items() if BULGARIAN.text(message) == message]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("survey.questions.title.texts.bg", "анкета › въпроси › title › текст › български"),
        ("survey.questions.unit.unit.en", "анкета › въпроси › unit › единица › английски"),
        ("opening.special_days.2026-12-24.hours", "работно време › особени дни › 2026-12-24 › ча"),
        ("planned.1.survey.version", "анкети за определени дни › 1 › анкета › версия"),
        ("something_new.of.later", "something_new › of › later"),
    ],
)
def test_codes_stay_codes(key: str, said: str) -> None:
    """A question whose code is the name of a field is called by its code."""
    assert told_key(key, BULGARIAN).startswith(said)


def test_all_of_a_configuration_is_told() -> None:
    """Switches, hours, days, texts: nothing of the program's own words is left."""
    old = Configuration(v=1, revision=1, touchpoint="desk-1")
    new = Configuration(
        v=1,
        revision=2,
        touchpoint="desk-1",
        opening=OpeningHours(
            weekly=(WeeklyHours(days=(1, 5), opens_at="08:00", closes_at="17:00"),),
            special_days=(SpecialDay(on=date(2026, 12, 24), texts={"bg": "Бъдни вечер"}),),
        ),
        planned=(PlannedSurvey(survey=STANDARD_SURVEY, days=(6,)),),
        presentation=Presentation(
            name={"bg": "Община"}, deeds=(Deed(said={"bg": "а"}, did={"bg": "б"}),), is_slow=True
        ),
    )
    lines = [told_difference(each, BULGARIAN) for each in differences(old, new)]
    assert any("пн, пт 08:00–17:00" in line for line in lines), lines
    assert "какво показва екранът › за бавно четящи: добавено: да" in lines
    assert not [line for line in lines if "added" in line or "Mon" in line or "None" in line]
    back = [told_difference(each, BULGARIAN) for each in differences(new, old)]
    assert any("премахнато; беше" in line for line in back)
    english = told_difference(Difference("opening.grace_min", "10", "20"), ENGLISH)
    assert english == "opening hours › minutes after closing: 10 → 20"


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("settings of its place", "зададеното за мястото му"),
        ("held to 12", "задържано е на конфигурация 12"),
        ("moved", "устройството е преместено"),
        ("above what it has: a backup was restored", "възстановено е резервно копие"),
        ("something else", "something else"),
    ],
)
def test_what_it_was_made_for_is_told(note: str, said: str) -> None:
    """As ``broker.fleet.wanted`` notes it; what nobody knows stays as it is."""
    assert said in told_note(note, BULGARIAN)
