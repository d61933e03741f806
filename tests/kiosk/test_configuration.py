"""The configuration: newer ones replace, bad ones are refused, and a power cut hurts neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.wire.codec import write
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError
from kiosk.configuration import BUILT_IN_SURVEY, ConfigurationFile
from tests.kiosk.builders import ONE, WITH_REASON, configured


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is kept."""
    return tmp_path / "configuration.json"


def test_a_fresh_kiosk_asks_the_built_in_survey(path: Path) -> None:
    """It works before it has ever heard from the server."""
    found = ConfigurationFile(path, "desk-1")
    assert found.latest.revision == 0
    assert found.latest.touchpoint == "desk-1"
    assert found.latest.survey == BUILT_IN_SURVEY
    assert found.fault is None


def test_the_built_in_survey_speaks_both_languages() -> None:
    """Every text is there in Bulgarian and in English."""
    (question,) = BUILT_IN_SURVEY.questions
    (follow_up,) = question.follow_ups
    spoken = [question.texts, follow_up.texts, *(option.texts for option in follow_up.options)]
    for texts in spoken:
        assert set(texts) == {"bg", "en"}
        assert all(texts.values())


def test_a_newer_one_is_kept_across_restarts(path: Path) -> None:
    """It replaces the one before, in memory and on the disk."""
    found = ConfigurationFile(path, "desk-1")
    assert found.offer(write(configured(ONE, revision=3)))
    assert found.latest == configured(ONE, revision=3)
    assert ConfigurationFile(path, "desk-1").latest == configured(ONE, revision=3)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("revision", [1, 3])
def test_an_older_or_equal_revision_is_ignored(path: Path, revision: int) -> None:
    """Retained messages come again with every connection."""
    found = ConfigurationFile(path, "desk-1")
    found.offer(write(configured(ONE, revision=3)))
    assert not found.offer(write(configured(WITH_REASON, revision=revision)))
    assert found.latest == configured(ONE, revision=3)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"v":1,"revision":9,"touchpoint":"d","survey":{"code":"s","version":1,"questions":[]}}',
        b'{"v":1,"revision":9,"touchpoint":"NO SUCH","survey":null}',
        b"[" * 5_000,
    ],
)
def test_what_cannot_be_used_is_refused(path: Path, payload: bytes) -> None:
    """The last good one stays."""
    found = ConfigurationFile(path, "desk-1")
    found.offer(write(configured(ONE, revision=3)))
    with pytest.raises(WireError):
        found.offer(payload)
    assert found.latest == ConfigurationFile(path, "desk-1").latest == configured(ONE, revision=3)


def test_a_damaged_file_is_reported_and_replaced(path: Path) -> None:
    """The kiosk asks the built-in survey until the retained message comes again."""
    path.write_bytes(b"\0" * 100)
    found = ConfigurationFile(path, "desk-1")
    assert found.fault is not None
    assert found.latest.revision == 0
    assert found.offer(write(configured(ONE, revision=3)))
    assert isinstance(ConfigurationFile(path, "desk-1").latest, Configuration)


def test_one_that_cannot_be_kept_is_not_used(tmp_path: Path) -> None:
    """Else the kiosk would go back to another survey after a power cut."""
    found = ConfigurationFile(tmp_path / "gone" / "configuration.json", "desk-1")
    with pytest.raises(OSError, match="gone"):
        found.offer(write(configured(ONE, revision=3)))
    assert found.latest.revision == 0
