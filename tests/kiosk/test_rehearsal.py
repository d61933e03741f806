"""What can be shown can be used: no configuration that is accepted stops a kiosk, on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.wire.configuration import Configuration, Hours, OpeningHours, SpecialDay
from broker.wire.presentable import faults_of
from kiosk.built_in import built_in_configuration
from kiosk.rehearsal import rehearse
from kiosk.scene import Scene
from kiosk.scenes import Scenery
from kiosk.session import Session
from kiosk.timetable import Timetable
from kiosk.words import Words
from tests.kiosk.builders import WITH_CONDITIONS
from tests.wire.configurations import legible_configurations, presentable_configurations

_moments = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001 Hypothesis adds the zone
    datetime(2300, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
_thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _in_english(_language: str) -> Words:
    """Words of the language that every kiosk speaks."""
    return Words("en")


@given(presentable_configurations | legible_configurations)
@_thorough
def test_what_is_accepted_can_be_rehearsed(configuration: Configuration) -> None:
    """Whatever its days, its zone and its languages."""
    assume(not faults_of(configuration))
    rehearse(configuration, _in_english)


@given(presentable_configurations, st.lists(_moments, max_size=10))
@_thorough
def test_what_is_accepted_works_on_any_day(
    configuration: Configuration, moments: list[datetime]
) -> None:
    """Not only on those that the rehearsal tries."""
    table, scenery = Timetable(configuration), Scenery(configuration, Words)
    for at in moments:
        table.survey_at(at)
        change_at = table.next_change_at(at)
        assert change_at is None or change_at > at
        scenery.closed(table.opens_next(at), table.closed_because(at))


@pytest.mark.parametrize("on", [date(9999, 12, 31), date(1, 1, 1)])
def test_days_without_a_neighbour_stop_the_rehearsal(on: date) -> None:
    """It finds what slipped through all other checks."""
    hours = (Hours(opens_at="00:00", closes_at="24:00"),)
    opening = OpeningHours(weekly=(), special_days=(SpecialDay(on=on, hours=hours),))
    with pytest.raises(OverflowError):
        rehearse(replace(built_in_configuration("desk-1"), opening=opening), Words)


def test_every_question_is_asked_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that depend on an answer, and every follow-up, too."""
    seen: set[tuple[str, str]] = set()
    ask = Scenery.asking

    def asking(scenery: Scenery, session: Session, *, is_private: bool) -> Scene:
        scene = ask(scenery, session, is_private=is_private)
        seen.add((session.step.code, scene.language))
        return scene

    monkeypatch.setattr(Scenery, "asking", asking)
    configuration = replace(built_in_configuration("desk-1"), survey=WITH_CONDITIONS)
    rehearse(configuration, Words)
    codes = {question.code for question in WITH_CONDITIONS.questions}
    codes |= {
        each.question for question in WITH_CONDITIONS.questions for each in question.follow_ups
    }
    assert seen == {(code, language) for code in codes for language in ("bg", "en")}


def test_the_rehearsal_is_soon_over() -> None:
    """Of a hundred special days: the relay's thread, which rehearses, has other things to do."""
    days = tuple(SpecialDay(on=date(2026, 1, 1) + 7 * n * timedelta(days=1)) for n in range(100))
    opening = OpeningHours(weekly=(), special_days=days)
    started = datetime.now(UTC)
    rehearse(replace(built_in_configuration("desk-1"), opening=opening), Words)
    assert datetime.now(UTC) - started < timedelta(seconds=20)
