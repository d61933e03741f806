"""Where backups of an installation were made: each such folder needs the list of erased people."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from broker.files import write_whole
from otziv.backup.folder import backups_in
from otziv.installation import Installation

FILE: Final = "backup-folders.txt"
"""In the portal's folder, a path a line: delete that of a folder whose backups are all gone."""


def remember(installation: Installation, folder: Path) -> bool:
    """Note that backups are made in ``folder``; ``False`` where that was known."""
    folder, known = folder.absolute(), known_folders(installation)
    if folder in known:
        return False
    _write(installation, [*known, folder])
    return True


def forget(installation: Installation, folder: Path) -> None:
    """Take it back: none was made."""
    left = [known for known in known_folders(installation) if known != folder.absolute()]
    _write(installation, left)


def _write(installation: Installation, folders: list[Path]) -> None:
    installation.portal_files.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = "".join(f"{folder}\n" for folder in folders)
    write_whole(installation.portal_files / FILE, lines.encode())


def known_folders(installation: Installation) -> list[Path]:
    """All folders in which backups were made, in the order in which they came."""
    try:
        lines = (installation.portal_files / FILE).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Path(line) for line in lines if line]


def folders_to_tell(installation: Installation) -> tuple[list[Path], list[Path]]:
    """Folders that the list of erased people is to be put in: those that are there, and the rest.

    A folder without a backup in it counts as away: a disk may not be mounted on it just now.
    """
    settings = installation.settings
    named = [Path(settings.backup_to).absolute()] if settings.backup_to else []
    here: list[Path] = []
    away: list[Path] = []
    for folder in dict.fromkeys([*named, *known_folders(installation)]):
        is_here = folder.is_dir() and (folder in named or backups_in(folder, settings.site))
        (here if is_here else away).append(folder)
    return here, away
