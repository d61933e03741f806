"""What the sample town does about its sample votes: targets, actions, the journal of methods.

The actions are those that were planted, so that the pages show a measure that helped and one that
did not. All of it is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from analytics.improvement.actions import Ground, Plan
from analytics.improvement.journal import NewEntry
from analytics.improvement.protocol import Improvement
from analytics.improvement.targets import NewTarget
from analytics.improvement.who import Who
from broker.store.places import Place
from otziv.sample_years.planting import Planted

_DECIDED_BEFORE: Final = timedelta(days=21)
_AGO: Final = timedelta(days=200)


class _Words(NamedTuple):
    title: str
    ground: str
    public_bg: str
    public_en: str


_MEASURES: Final = {
    "gorna-05": _Words(
        "Второ гише за такса битови отпадъци преди крайния срок",
        "Дълго чакане преди крайния срок за плащане",
        "Казахте ни, че чакате дълго пред „Такса битови отпадъци“. Открихме второ гише.",
        "You told us that you wait long for the waste fee. We opened a second desk.",
    ),
    "gorna-07": _Words(
        "Нов електронен екран с поредни номера в „Кадастър“",
        "Предложение на служителите",
        "Поставихме екран с поредни номера в „Кадастър и устройство на територията“.",
        "We put up a screen with queue numbers at the cadastre desk.",
    ),
}
"""Touchpoint → what was done there; of others nobody planted a measure."""

_UNITS: Final = {"gorna-05": "revenue", "gorna-07": "centre"}


def take_up(improvement: Improvement, who: Who, planted: Iterable[Planted], today: date) -> None:
    """Enter it, unless something is entered already."""
    if improvement.actions(who) or improvement.targets(who):
        return
    found = list(planted)
    first_on = today - _AGO
    for target in _targets(first_on):
        improvement.set_target(who, target)
    for each in found:
        if each.kind in {"helped", "not-helped"} and each.touchpoint in _MEASURES:
            _take_measure(improvement, who, each)
        elif each.kind == "worsening" and each.reason is not None:
            improvement.make_action(who, _planned(who, each, today))
    for entry in _entries(today):
        improvement.enter(who, entry)


def _take_measure(improvement: Improvement, who: Who, planted: Planted) -> None:
    words = _MEASURES[planted.touchpoint]
    plan = Plan(
        title=words.title,
        ground=Ground("suggestion", "", words.ground),
        unit=_UNITS[planted.touchpoint],
        owner=who.id,
        due_on=planted.from_on,
        place=Place("touchpoint", planted.touchpoint),
    )
    action = improvement.make_action(who, plan)
    action = improvement.move_action(
        who, action.id, "done", on=planted.from_on, revision=action.revision
    )
    words_of_both = (words.public_bg, words.public_en)
    improvement.publish_action(who, action.id, words_of_both, None, revision=action.revision)


def _planned(who: Who, planted: Planted, today: date) -> Plan:
    return Plan(
        title="Разяснителни листовки и кратко обучение в „Социални услуги“",
        ground=Ground(
            "finding", "", "Повече недоволни; най-често посочвана причина: неясна информация"
        ),
        unit="centre",
        owner=who.id,
        due_on=today + _DECIDED_BEFORE,
        place=Place("touchpoint", planted.touchpoint),
    )


def _targets(first_on: date) -> Iterator[NewTarget]:
    for unit, level in (("centre", 0.9), ("revenue", 0.85)):
        yield NewTarget(
            unit=unit,
            measure="satisfied",
            level=level,
            from_on=first_on,
            text_bg="Харта на клиента: най-малко "
            f"{round(100 * level)} от 100 потребители да са доволни от обслужването.",
            text_en=f"Client's charter: at least {round(100 * level)} of 100 users are satisfied.",
        )


def _entries(today: date) -> Iterator[NewEntry]:
    spring, autumn = today - timedelta(days=180), today - timedelta(days=40)
    yield NewEntry(
        method="staff-consultation",
        from_on=spring,
        to_on=spring,
        n=14,
        findings="Опашките са най-дълги в дните преди крайните срокове за данъци и такси.",
        done="Решено е да се открие второ гише в тези дни.",
    )
    yield NewEntry(
        method="mystery-client",
        from_on=autumn,
        to_on=autumn + timedelta(days=4),
        n=6,
        findings="Информацията за социалните услуги се обяснява различно на различните гишета.",
    )
    yield NewEntry(
        method="signals",
        from_on=today - _AGO,
        to_on=today - timedelta(days=1),
        n=23,
        findings="Сигналите са най-вече за чакане и за достъпа до входа; има и 9 благодарности.",
        done="Рампата при входа е ремонтирана.",
    )
