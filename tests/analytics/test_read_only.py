"""The dashboard reads: it could not write if it tried."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import SQLAlchemyError

from analytics.dashboard.read_only import open_read_only
from broker.store.errors import StoreError
from broker.store.registry import add_touchpoint, list_touchpoints
from tests.analytics.feedback import SITE, Feedback


def test_what_is_open_for_reading_can_not_be_written(feedback: Feedback) -> None:
    """The database itself refuses, and what others write is seen."""
    reader = open_read_only(feedback.url)
    with pytest.raises((StoreError, SQLAlchemyError), match=r"read-?only"):
        add_touchpoint(reader, "desk-1", site=SITE)
    feedback.place("desk-2")
    assert [place.code for place in list_touchpoints(reader)] == ["desk-2"]
    reader.close()
