"""Opening what a portal stands on: databases and keys, as the settings name them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from broker.store.migrate import open_database
from portal.keys import read_keys
from portal.settings import PortalSettings
from portal.store.schema import open_portal
from portal.web.portal import Portal

KEY_FILE: Final = "portal.key"
"""In the portal's folder: the master key of :mod:`portal.keys`."""


@contextmanager
def opened(settings: PortalSettings) -> Iterator[Portal]:
    """A portal with both databases open, which knows nobody yet.

    Raises:
        StoreError: a database can't be used.
        KeyFileError: the key file can't.
    """
    keys = read_keys(settings.data / KEY_FILE)
    with (
        closing(open_portal(settings.database.get_secret_value())) as database,
        closing(open_database(settings.feedback.get_secret_value())) as feedback,
    ):
        yield Portal(settings, database, feedback, keys)
