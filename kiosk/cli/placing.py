"""Putting files below a root folder, and taking them away; again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hardware.files import replace_file
from kiosk.cli.parts import CONFIG_TXT, Part
from kiosk.cli.terminal import CommandError

BEGIN: Final = "# --- otziv kiosk: begin ---"
END: Final = "# --- otziv kiosk: end ---"


class Placer:
    """Writes below ``root``, and remembers in words what changed.

    Attributes:
        done: one line for each thing that was changed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.done: list[str] = []

    def at(self, path: Path) -> Path:
        """Where ``path``, as the kiosk sees it, is for us."""
        return self.root / path.relative_to("/")

    def put(self, part: Part) -> None:
        """Let ``part`` be there.

        Raises:
            CommandError: it can't be written.
        """
        place = self.at(part.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if part.target:
                self._link(place, part)
            else:
                self.write(place, part.text, f"wrote {part.path}")
        except OSError as error:
            raise CommandError(f"{place} can't be written: {error.strerror}") from error

    def write(self, place: Path, text: str, told: str, mode: int = 0o644) -> None:
        """Write a file so that after a power cut there is the old one or the new one."""
        if place.is_file() and not place.is_symlink() and place.read_text("utf-8") == text:
            return
        replace_file(place, text.encode(), mode)
        self.done.append(told)

    def remove(self, paths: Iterable[Path]) -> None:
        """Let none of ``paths`` be there, nor the folders that held nothing else of ours."""
        for path in paths:
            place = self.at(path)
            if place.is_symlink() or place.exists():
                place.unlink()
                self.done.append(f"removed {path}")
            self._remove_empty(place.parent)

    def block(self, text: str) -> None:
        """Let our block in the Raspberry Pi's ``config.txt`` hold ``text``; none if it is empty."""
        path = next((path for path in CONFIG_TXT if self.at(path).is_file()), None)
        if path is None:
            if text:
                self.done.append(f"there is no {CONFIG_TXT[0]}, so no button that switches off")
            return
        place = self.at(path)
        before = place.read_text("utf-8")
        outside = _without_block(before)
        ours = f"\n[all]\n{BEGIN}\n{text}{END}\n" if text else ""
        self.write(place, outside + ours, f"changed {path}", place.stat().st_mode & 0o777)

    def _link(self, place: Path, part: Part) -> None:
        if place.is_symlink() and str(place.readlink()) == part.target:
            return
        if place.exists() and not place.is_symlink():
            raise CommandError(f"{place} is a file of somebody's; move it away, then try again")
        place.unlink(missing_ok=True)
        place.symlink_to(part.target)
        self.done.append(f"linked {part.path} to {part.target}")

    def _remove_empty(self, folder: Path) -> None:
        """Remove a folder that only ours was in: one of drop-ins, of wants, or ``/etc/otziv``."""
        is_likely_ours = folder.name.endswith((".conf.d", ".wants")) or folder.name == "otziv"
        if is_likely_ours and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _without_block(text: str) -> str:
    """``text`` as it was before our block was added."""
    before, begin, rest = text.partition(f"\n[all]\n{BEGIN}\n")
    return before + rest.partition(f"{END}\n")[2] if begin else text
