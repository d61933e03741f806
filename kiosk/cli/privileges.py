"""Doing as the services' user what root was asked to do."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path
from typing import Final

GROUPS: Final = ("gpio", "audio", "video", "render", "input")
"""Those that the services have."""


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
