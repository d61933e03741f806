"""A configuration for which the disk has no room: used from memory, and written when it can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from broker.wire.configuration import Configuration
from kiosk.built_in import built_in_configuration
from kiosk.configuration import ConfigurationError, ConfigurationFile
from tests.kiosk.builders import ONE, configured
from tests.kiosk.full_disk import no_room

GOOD = configured(ONE, revision=3)
HALF_TRANSLATED = replace(GOOD, revision=6, languages=("bg", "en"))


def _stumble(_configuration: Configuration) -> None:
    """Fail, as a kiosk might for a reason that nobody thought of."""
    raise OverflowError("date value out of range")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is kept."""
    return tmp_path / "configuration.json"


def test_one_that_cannot_be_kept_is_used_from_memory(path: Path) -> None:
    """At once; after a power cut meanwhile the kiosk goes on with the last one kept."""
    changes: list[int] = []
    found = ConfigurationFile(path, "desk-1", lambda: changes.append(1))
    found.offer(write(GOOD))
    newer = replace(GOOD, revision=4, is_resting=True)
    with no_room():
        assert found.offer(write(newer))
        assert not found.offer(write(newer))  # as it comes again with every connection
        with pytest.raises(OSError, match="too large"):
            found.keep()
    assert (found.latest, found.is_kept, changes) == (newer, False, [1, 1])
    assert ConfigurationFile(path, "desk-1").latest == GOOD


def test_one_that_could_not_be_kept_is_kept_later(path: Path) -> None:
    """The newest of those that came meanwhile, and once; a bad one changes nothing of that."""
    found = ConfigurationFile(path, "desk-1")
    newest = replace(GOOD, revision=5)
    with no_room():
        found.offer(write(GOOD))
        found.offer(write(newest))
        with pytest.raises(ConfigurationError):
            found.offer(write(HALF_TRANSLATED))
    found.keep()
    assert found.is_kept
    assert ConfigurationFile(path, "desk-1").latest == newest
    path.unlink()
    found.keep()
    assert not path.exists()


def test_one_that_fails_its_rehearsal_is_not_used_from_memory(path: Path) -> None:
    """Whether there is room or not."""
    found = ConfigurationFile(path, "desk-1", rehearse=_stumble)
    with no_room(), pytest.raises(ConfigurationError, match="it would stop the kiosk"):
        found.offer(write(GOOD))
    assert found.latest == built_in_configuration("desk-1")
    assert found.is_kept
