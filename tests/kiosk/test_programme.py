"""What is on: which languages are offered, and for how long a result is news."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from broker.wire.configuration import Configuration, Presentation, Result
from broker.wire.surveys import Question, Survey
from tests.kiosk.reception import Hall

TEXTS = {
    "bg": "Доволни ли сте?",
    "en": "Are you satisfied?",
    "tr": "Memnun musunuz?",
    "en-Latn": "Are you?",
}
SURVEY = Survey(code="s", version=1, questions=(Question(code="q", texts=TEXTS, scale="faces-4"),))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A hall with a screen."""
    with ExitStack() as stack:
        yield Hall(tmp_path, stack, has_screen=True)


def speaking(*languages: str) -> Configuration:
    """A configuration in some languages."""
    return Configuration(v=1, revision=2, touchpoint="desk-1", survey=SURVEY, languages=languages)


def take(hall: Hall, configuration: Configuration) -> None:
    """Let it come from the server."""
    assert hall.configuration.offer(write(configuration))
    hall.run(1)


def test_a_first_language_without_a_catalogue_gives_way(hall: Hall) -> None:
    """Nobody should find English words under a Turkish question; and somebody is told."""
    take(hall, speaking("tr", "bg", "en"))
    assert (hall.scene.language, hall.scene.title) == ("bg", TEXTS["bg"])
    assert [tongue.tag for tongue in hall.scene.tongues] == ["bg", "en"]
    assert hall.scene.choices[0].text == "Много зле"
    assert "words:lacks-tr" in hall.health.faults


def test_two_languages_of_one_name_are_one_button(hall: Hall) -> None:
    """A catalogue for both, but no name of its own for the second."""
    take(hall, speaking("bg", "en", "en-Latn"))
    assert [tongue.name for tongue in hall.scene.tongues] == ["Български", "English"]
    assert hall.health.faults == {"words:lacks-en-Latn"}


@pytest.mark.parametrize(
    ("at", "is_shown"),
    [
        ("2026-10-31T21:59:00", False),  # in Sofia, October has not ended
        ("2026-10-31T22:01:00", True),
        ("2026-11-22T12:00:00", True),
        ("2027-01-31T21:59:00", True),
        ("2027-01-31T22:01:00", False),
        ("2031-01-10T12:00:00", False),
    ],
)
def test_a_result_is_news_for_three_months(hall: Hall, at: str, is_shown: bool) -> None:
    """Then it is left out, for nobody may ever send a newer one."""
    hall.clock.wall = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000
    take(hall, with_result())
    assert bool(hall.scene.idle_texts) == is_shown


def test_a_result_goes_while_nobody_is_here(hall: Hall) -> None:
    """Within a minute of the end of its third month."""
    take(hall, with_result())
    assert hall.scene.idle_texts
    hall.clock.wall = datetime(2027, 1, 31, 21, 59, 50, tzinfo=UTC).timestamp() * 1000
    hall.run(60)
    assert not hall.scene.idle_texts


def test_while_the_time_is_unknown_a_result_is_shown(hall: Hall) -> None:
    """It was news when it came."""
    hall.clock.is_synced = False
    take(hall, with_result())
    assert hall.scene.idle_texts


def with_result() -> Configuration:
    """A configuration with the result of October 2026."""
    result = Result(
        unit={"bg": "Център"}, month=date(2026, 10, 1), satisfied_percent=80, ratings=100
    )
    return replace(speaking("bg"), presentation=Presentation(result=result))
