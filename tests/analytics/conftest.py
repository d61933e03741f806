"""A feedback store to look at: touchpoints and presses go in by the intake, as in life."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analytics.feedback import Feedback


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    """An empty store of one municipality."""
    feedback = Feedback(f"sqlite:///{tmp_path / 'feedback.db'}")
    yield feedback
    feedback.close()
