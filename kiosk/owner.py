"""An outbox belongs to one device: under another name, a kiosk begins another stream.

The collector gives a stream to the first device that uses it, and flags what another one sends in
it. So the name is kept beside the outbox. Where it has changed, the whole outbox is put beside the
new one, and sent like one that was salvaged: what waits in it was pressed under the old name, is
flagged as that, and is lost as little as anything else.
"""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Final

from hardware.files import replace_file
from kiosk.database import OutboxError, connect, reported
from kiosk.identity import NOT_ENROLLED, Identity
from kiosk.opening import set_whole_aside

OWNER_NAME: Final = "owner-of-outbox"
"""The file's name in the kiosk's data folder; what is in it is the device's name in MQTT."""

MAX_OWNER_BYTES: Final = 200
_log: Final = logging.getLogger(__name__)


def hand_over(path: Path, identity: Identity) -> Path | None:
    """Let the outbox at ``path`` be that of ``identity``, by a new one if it was another's.

    To be called before it is opened. Killed anywhere, the next start goes on with it. Where it
    can't be done (the disk is full), the kiosk goes on with the outbox it has, and the next start
    tries again.

    Returns:
        Where the other device's outbox was put, else ``None``.
    """
    file = path.with_name(OWNER_NAME)
    owner, aside = _read(file), None
    if owner == identity.client_id:
        return None
    try:
        with reported(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if owner and path.exists() and not owner.startswith(f"{NOT_ENROLLED}/"):
                _fold(path)
                aside = set_whole_aside(path)
            replace_file(file, f"{identity.client_id}\n".encode(), 0o600)
    except OutboxError as error:
        _log.error("the outbox can't be handed over from %r: %s", owner, error)
    if aside is not None:
        _log.info("this kiosk was %r before: what waits from then is in %s", owner, aside)
    return aside


def _read(file: Path) -> str:
    """The name in ``file``; empty where there is none, as beside outboxes of older programs."""
    try:
        with file.open("rb") as found:
            return found.read(MAX_OWNER_BYTES).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _fold(path: Path) -> None:
    """Bring all of the outbox into its one file, so that it can be renamed.

    Raises:
        OutboxError: it can't be, so that renaming it would lose answers.
    """
    with closing(connect(path, "FULL")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > 0:
        raise OutboxError(f"{log} can't be folded into the outbox")
