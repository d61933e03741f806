"""What all viewers share, made once a process: the database, the book, what was shown."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from threading import Lock, Thread
from typing import Final

from altair.utils.schemapi import disable_debug_mode

from analytics.closed.library import Library
from analytics.dashboard import handed
from analytics.dashboard.garbage import keep_collections_short
from analytics.dashboard.launch import LOOK
from analytics.dashboard.read_only import open_read_only
from analytics.dashboard.releases import Releases
from analytics.dashboard.view import Source

_log: Final = logging.getLogger(__name__)
_lock: Final = Lock()
_made: dict[str, Source] = {}


def source_of(database_url: str) -> Source:
    """The one source over a database."""
    with _lock:
        if database_url not in _made:
            for old in _made.values():
                old.database.close()
            _made.clear()
            _made[database_url] = _make(database_url)
        return _made[database_url]


def warm(database_url: str) -> None:
    """Make it, and its book, beside what is going on: the first viewer need not wait for it."""
    Thread(target=_warm, args=(database_url,), name="warm", daemon=True).start()


def _make(database_url: str) -> Source:
    keep_collections_short()
    # Each part of each chart would be held against Vega-Lite's whole schema; tests do that.
    disable_debug_mode()
    database = open_read_only(database_url)
    look = os.environ.get(LOOK)
    return Source(
        database,
        Releases(),
        Library(database),
        improvement=handed.improvement(),
        alerts=handed.alerts(),
        look=Path(look) if look else None,
    )


def _warm(database_url: str) -> None:
    from analytics.dashboard import menu  # noqa: F401, PLC0415  # its imports take seconds

    try:
        source = source_of(database_url)
        source.findings.of(source.library.book(), frozenset())
        source.library.hours()
    except Exception:  # noqa: BLE001  # the first viewer is told; nothing else depends on it
        _log.exception("the book can't be made yet")
