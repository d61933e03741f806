"""Fixtures for tests of the portal."""

from __future__ import annotations

from collections.abc import Iterator

import argon2
import pytest
import structlog

from portal.accounts import passwords
from tests.fixtures.databases import postgres_server  # noqa: F401
from tests.fixtures.portals import *  # noqa: F403

COSTLY: dict[str, argon2.PasswordHasher] = {}
"""Those that the portal works with."""


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """The same hashes with less work: a sign-in costs a quarter of a second on purpose.

    ``test_passwords`` holds the real cost to what it must be; servers that run have it, too.
    """
    with pytest.MonkeyPatch.context() as patch:
        for memory, kind in enumerate(passwords.HASHERS, 1):
            COSTLY[kind] = passwords.HASHERS[kind]
            quick = argon2.PasswordHasher(time_cost=1, memory_cost=64 * memory, parallelism=1)
            patch.setitem(passwords.HASHERS, kind, quick)
        yield


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as the portal does."""
    for kind, hasher in COSTLY.items():
        monkeypatch.setitem(passwords.HASHERS, kind, hasher)


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """Faults in a few lines: drawn with all they knew, one takes seconds, or minutes."""
    structlog.configure(
        processors=[
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    yield
    structlog.reset_defaults()
