"""What can be wrong with a backup."""

from __future__ import annotations


class BackupError(Exception):
    """A backup that can't be made or restored; the text says why, and what to do."""
