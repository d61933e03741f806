"""Who does it, and who may read what is made: the services' user, and nobody else."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Final

GROUPS: Final = ("gpio", "audio", "video", "render", "input")
"""Those that the services have."""


@contextlib.contextmanager
def keeping_private() -> Iterator[None]:
    """Whatever is made while this lasts is for its owner alone: answers, settings, keys.

    As ``UMask=0077`` of the services, for those who run a kiosk by hand.
    """
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def become_owner_of(folder: Path) -> None:
    """Become the owner of ``folder`` for good, if we are root and it isn't.

    What only root can do must not look well in a test, and a file that root makes in ``folder``
    would be in the kiosk's way.
    """
    if os.geteuid() != 0 or not folder.exists():
        return
    owner = folder.stat().st_uid
    if owner == 0:
        return
    user = pwd.getpwuid(owner)
    known = {group.gr_name: group.gr_gid for group in grp.getgrall()}
    os.setgroups([known[name] for name in GROUPS if name in known])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
