"""The configuration: newer ones replace, bad ones are refused, and a power cut hurts neither."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from broker.wire.configuration import Configuration
from broker.wire.presentable import advice_of, faults_of
from hardware.board import find_board, shipped_boards
from kiosk.built_in import BUILT_IN_SURVEY, built_in_configuration
from kiosk.configuration import ConfigurationError, ConfigurationFile
from kiosk.rehearsal import rehearse
from kiosk.visit import faces_of
from kiosk.words import Words
from tests.kiosk.builders import ONE, WITH_REASON, configured

GOOD = configured(ONE, revision=3)
HALF_TRANSLATED = replace(GOOD, revision=4, languages=("bg", "en"))


def _stumble(configuration: Configuration) -> None:
    """Fail over the third revision, as a kiosk might for a reason that nobody thought of."""
    if configuration.revision == GOOD.revision:
        raise OverflowError("date value out of range")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is kept."""
    return tmp_path / "configuration.json"


def test_a_fresh_kiosk_asks_the_built_in_survey(path: Path) -> None:
    """It works before it has ever heard from the server."""
    found = ConfigurationFile(path, "desk-1")
    assert found.latest == built_in_configuration("desk-1")
    assert found.latest.revision == 0
    assert found.latest.survey == BUILT_IN_SURVEY
    assert found.fault is None
    assert found.refused is None


def test_a_kiosk_without_a_touchpoint_is_not_set_up(path: Path) -> None:
    """It asks nothing until the first good configuration comes, and then for good."""
    found = ConfigurationFile(path, None)
    assert found.latest is None
    with pytest.raises(ConfigurationError):
        found.offer(write(HALF_TRANSLATED))
    assert found.latest is None
    assert found.offer(write(GOOD))
    assert found.latest == ConfigurationFile(path, None).latest == GOOD


def test_the_built_in_survey_can_be_shown() -> None:
    """In Bulgarian and in English, with reasons that are read at a glance."""
    sent = replace(built_in_configuration("desk-1"), revision=1)  # 0 is never sent
    assert sent.languages == ("bg", "en")
    assert faults_of(sent) == []
    assert advice_of(sent) == []


PANELS = {
    "otziv-panel-4": ("faces-4", (1, 2)),
    "otziv-panel-4-keys": ("faces-4", (1, 2)),
    "otziv-panel-5": ("faces-5", (1, 2)),
    "otziv-panel-yes-no": ("yes-no", (0,)),
    "otziv-touch-stand": ("faces-4", (1, 2)),
}


def test_every_shipped_board_is_thought_of() -> None:
    """Below."""
    assert set(shipped_boards()) == set(PANELS)


@pytest.mark.parametrize("board", PANELS)
def test_the_built_in_survey_is_the_panels(path: Path, board: str) -> None:
    """Its faces are just the values of the scale: "yes" must not be kept as "very bad"."""
    buttons = find_board(board).buttons
    latest = ConfigurationFile(path, "desk-1", buttons=tuple(buttons)).latest
    assert latest is not None
    (question,) = latest.survey.questions
    (follow_up,) = question.follow_ups
    assert (question.scale, follow_up.when) == PANELS[board]
    faces = [button for button in buttons if button.startswith("face-")]
    assert faces == [] or sorted(faces) == faces_of(latest.survey)
    assert faults_of(replace(latest, revision=1)) == []
    assert advice_of(replace(latest, revision=1)) == []


def test_a_newer_one_is_kept_across_restarts(path: Path) -> None:
    """It replaces the one before, in memory and on the disk."""
    found = ConfigurationFile(path, "desk-1")
    assert found.offer(write(GOOD))
    assert found.latest == GOOD
    assert ConfigurationFile(path, "desk-1").latest == GOOD
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("revision", [1, 3])
def test_an_older_or_equal_revision_is_ignored(path: Path, revision: int) -> None:
    """Retained messages come again with every connection."""
    found = ConfigurationFile(path, "desk-1")
    found.offer(write(GOOD))
    assert not found.offer(write(configured(WITH_REASON, revision=revision)))
    assert found.latest == GOOD


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
def test_what_cannot_be_read_is_refused(path: Path, payload: bytes) -> None:
    """The last good one stays."""
    found = ConfigurationFile(path, "desk-1")
    found.offer(write(GOOD))
    with pytest.raises(ConfigurationError):
        found.offer(payload)
    assert found.latest == ConfigurationFile(path, "desk-1").latest == GOOD


def test_what_cannot_be_shown_is_refused(path: Path) -> None:
    """The last good one stays, on the disk too, and the reason is kept until a good one comes."""
    changes: list[int] = []
    found = ConfigurationFile(path, "desk-1", lambda: changes.append(1))
    found.offer(write(GOOD))
    with pytest.raises(ConfigurationError, match=r"questions\[0\]\.texts\.en: is missing"):
        found.offer(write(HALF_TRANSLATED))
    assert found.refused is not None
    assert "survey.questions[0].texts.en: is missing" in str(found.refused)
    assert found.latest == ConfigurationFile(path, "desk-1").latest == GOOD
    assert changes == [1]
    assert found.offer(write(replace(GOOD, revision=5)))
    assert found.refused is None


def test_the_last_good_one_sent_again_ends_a_refusal(path: Path) -> None:
    """That is how somebody takes a bad one back."""
    found = ConfigurationFile(path, "desk-1")
    found.offer(write(GOOD))
    with pytest.raises(ConfigurationError):
        found.offer(write(HALF_TRANSLATED))
    assert not found.offer(write(GOOD))
    assert found.refused is None


def test_a_refusal_fits_a_screen(path: Path) -> None:
    """Of many reasons it names some, in one line, and says how many there are."""
    found = ConfigurationFile(path, "desk-1")
    many = tuple(f"x{letter}" for letter in "abcdefghij")
    with pytest.raises(ConfigurationError, match=r"and 5 more$"):
        found.offer(write(replace(GOOD, revision=4, languages=("bg", *many))))
    assert found.refused is not None
    assert str(found.refused).isprintable()


@pytest.mark.parametrize("content", [b"\0" * 100, write(HALF_TRANSLATED)], ids=["zeros", "half"])
@pytest.mark.parametrize("touchpoint", ["desk-1", None])
def test_an_unusable_file_is_reported_and_replaced(
    path: Path, content: bytes, touchpoint: str | None
) -> None:
    """The kiosk does without it until the retained message comes again."""
    path.write_bytes(content)
    found = ConfigurationFile(path, touchpoint)
    assert found.fault is not None
    assert found.latest == (touchpoint and built_in_configuration(touchpoint))
    assert found.offer(write(GOOD))
    again = ConfigurationFile(path, touchpoint)
    assert (again.latest, again.fault) == (GOOD, None)


def test_times_are_told_in_the_zone_of_the_hall(path: Path) -> None:
    """Bulgaria's until it is told; never the machine's own, which may be anything."""
    found = ConfigurationFile(path, None)
    assert found.zone == ZoneInfo("Europe/Sofia")
    found.offer(write(replace(GOOD, timezone="Europe/Lisbon")))
    assert found.zone == ZoneInfo("Europe/Lisbon")


def test_one_that_fails_its_rehearsal_is_refused(path: Path) -> None:
    """Before it is written: on the disk it would stop the kiosk at every start."""
    found = ConfigurationFile(path, "desk-1", rehearse=_stumble)
    before = replace(GOOD, revision=2)
    assert found.offer(write(before))
    with pytest.raises(ConfigurationError, match="it would stop the kiosk: OverflowError"):
        found.offer(write(GOOD))
    assert found.refused is not None
    assert found.refused.refusal == "would-stop"
    assert found.latest == ConfigurationFile(path, "desk-1").latest == before
    assert found.offer(write(replace(GOOD, revision=4)))


@pytest.mark.parametrize("touchpoint", ["desk-1", None])
def test_one_on_the_disk_that_fails_its_rehearsal_is_set_aside(
    path: Path, touchpoint: str | None
) -> None:
    """The kiosk starts without it, tells, keeps it for people, and takes a better one."""
    path.write_bytes(write(GOOD))
    found = ConfigurationFile(path, touchpoint, rehearse=_stumble)
    assert found.fault is not None
    assert found.latest == (touchpoint and built_in_configuration(touchpoint))
    found.set_aside()
    assert not path.exists()
    assert path.with_name("configuration.json.damaged").read_bytes() == write(GOOD)


def test_what_was_set_aside_is_told_until_another_one_is_there(path: Path) -> None:
    """At every start: a kiosk that asks something else than it should is worth a look."""
    path.write_bytes(b"noise")
    ConfigurationFile(path, "desk-1").set_aside()
    for _ in range(2):
        again = ConfigurationFile(path, "desk-1")
        assert again.fault == "it was damaged, and is kept as configuration.json.damaged"
        again.set_aside()
    assert ConfigurationFile(path, "desk-1").offer(write(GOOD))
    assert ConfigurationFile(path, "desk-1").fault is None


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        (b"noise", "unreadable"),
        (write(replace(GOOD, languages=("bg", "bg"))), "not-showable"),
    ],
)
def test_a_refusal_is_told_in_a_word_too(path: Path, payload: bytes, refusal: str) -> None:
    """Whoever reads no English is told by the word, in the kiosk's language."""
    found = ConfigurationFile(path, "desk-1")
    with pytest.raises(ConfigurationError) as caught:
        found.offer(payload)
    assert caught.value.refusal == refusal
    assert found.refused is caught.value


def test_only_what_is_faulty_is_set_aside(path: Path) -> None:
    """A good one stays, and so does nothing at all."""
    ConfigurationFile(path, "desk-1").set_aside()
    path.write_bytes(write(GOOD))
    ConfigurationFile(path, "desk-1").set_aside()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_set_aside(path: Path, make: Callable[[Path], None]) -> None:
    """A pipe is not waited for, and the next good one is kept in its place."""
    make(path)
    found = ConfigurationFile(path, "desk-1")
    assert found.fault == "it is no file"
    found.set_aside()
    assert found.offer(write(GOOD))
    assert ConfigurationFile(path, "desk-1").latest == GOOD


def test_a_file_without_end_is_not_read_to_it(path: Path) -> None:
    """No more of it than a message may have."""
    with path.open("wb") as file:
        file.truncate(10**12)
    assert "too-large" in (ConfigurationFile(path, "desk-1").fault or "")


def test_a_kiosk_without_words_in_any_of_its_languages_refuses(path: Path) -> None:
    """Only English could stand under a Turkish question."""
    found = ConfigurationFile(path, "desk-1", rehearse=partial(rehearse, words_of=Words))
    question = replace(ONE.questions[0], texts={"tr": "Memnun musunuz?", "bg": "Доволни ли сте?"})
    turkish = replace(GOOD, survey=replace(ONE, questions=(question,)), languages=("tr",))
    with pytest.raises(ConfigurationError, match="no whole catalogue of tr"):
        found.offer(write(turkish))
    assert found.offer(write(replace(turkish, languages=("tr", "bg"))))
