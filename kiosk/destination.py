"""Where a kiosk goes: what the settings say, or the server once it has enrolled it."""

from __future__ import annotations

from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import IdentityFileError, KeptIdentity
from kiosk.settings import Settings


def identity_folder(settings: Settings) -> IdentityFolder | None:
    """Where the identity is kept; ``None`` for a kiosk without TLS certificates."""
    path = settings.broker.identity
    return None if path is None else IdentityFolder(path)


def kept_identity(settings: Settings) -> KeptIdentity | None:
    """The identity in use; one that can't be read is told elsewhere, by :mod:`kiosk.custody`."""
    folder = identity_folder(settings)
    try:
        return None if folder is None else folder.current()
    except IdentityFileError:
        return None


def broker_addresses(settings: Settings) -> str:
    """Host and port of the broker, for people; empty while there is nobody to go to.

    Two of them while the server has given another one, and we try which of them answers.
    """
    folder = identity_folder(settings)
    if folder is None or (folder.is_empty() and not settings.broker.waits_for_identity):
        return settings.broker.address
    try:
        tried = [kept.address for kept in (folder.current(), folder.next()) if kept is not None]
    except IdentityFileError:
        return ""
    return ", ".join(dict.fromkeys(tried))
