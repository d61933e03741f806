"""What can go wrong with the store, each with a text that says what to do."""

from __future__ import annotations


class StoreError(Exception):
    """Base of all errors of the store."""


class OpenError(StoreError):
    """The database can't be opened: wrong address, unreadable, or of a newer program."""


class UnavailableError(StoreError):
    """The database does not answer now (locked, full, gone); the same may work later."""


class ContentionError(UnavailableError):
    """Two writers got in each other's way; nothing was written, and trying again helps."""


class RegistryError(StoreError):
    """A site, touchpoint or device that can't be registered or is not there."""
