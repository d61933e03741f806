"""Asking for the certificate after this one; for a process of its own, not the firmware's.

The old key vouches for the new one. What comes is kept beside the identity in use, and takes its
place once a broker has accepted it (:mod:`kiosk.custody`). Killed anywhere, the next run goes on
with the same key.
"""

from __future__ import annotations

from datetime import datetime

from broker.link.proof import rotation_text
from broker.wire.enrolment import ROTATE_PATH, Credentials, Rotation
from broker.wire.messages import VERSION
from kiosk.asking import Asking
from kiosk.credentials import CredentialsError, checked, new_key, request_for, sign
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import IdentityFileError, KeptIdentity


def rotate(folder: IdentityFolder, now: datetime) -> KeptIdentity:
    """Get the next certificate, and keep it for the firmware to try.

    Args:
        folder: where key and certificate are kept.
        now: the time, aware; the server takes none that is far off.

    Raises:
        IdentityFileError: the kiosk is not enrolled, or the folder can't be used.
        AskingError: the server can't be reached, or refuses.
        CredentialsError: the server's certificate is not for us.
    """
    with folder.alone():
        current = folder.current()
        if current is None:
            raise IdentityFileError("this kiosk is not enrolled: 'otziv kiosk enrol CODE'")
        key = folder.key_for("rotating", f"after {current.serial}", new_key)
        with Asking(current.fleet_url, current.trust) as asking:
            said = asking.ask(ROTATE_PATH, _rotation(current, key, now), Credentials)
        fresh = checked(said, key, current.label)
        if fresh.identity != current.identity:
            raise CredentialsError("the server sent a certificate for another device")
        folder.keep_next(fresh)
    return fresh


def _rotation(current: KeptIdentity, key: str, now: datetime) -> Rotation:
    request = request_for(key)
    return Rotation(
        v=VERSION,
        certificate=current.certificate,
        request=request,
        asked_at=now,
        signature=sign(current.key, rotation_text(current.certificate, request, now)),
    )
