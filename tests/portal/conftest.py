"""Fixtures for tests of the portal."""

from __future__ import annotations

from tests.fixtures.databases import postgres_server  # noqa: F401
from tests.fixtures.portals import *  # noqa: F403
