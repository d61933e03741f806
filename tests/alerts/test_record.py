"""The record in memory keeps the contract."""

from __future__ import annotations

import pytest

from analytics.alerts.record import AlertRecord
from analytics.alerts.virtual_record import VirtualRecord
from tests.alerts.record_contract import RecordContract


class TestVirtualRecord(RecordContract):
    """In memory."""

    @pytest.fixture
    def record(self) -> AlertRecord:
        """An empty one."""
        return VirtualRecord()
