"""Errors that people read."""

from __future__ import annotations


class ReadableError(Exception):
    """What can't be used or done; its text says what was wrong, where, and what to do.

    Whoever runs a program prints that text in one line, without a traceback.
    """
