"""``uninstall``: take away all that setup made, and the answers that are kept, if all were sent."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

from kiosk.cli.parts import all_names
from kiosk.cli.places import DATA, FIRMWARE_UNIT, RUNTIME, SETTINGS
from kiosk.cli.placing import Placer
from kiosk.cli.setup import refuse_without_rights
from kiosk.cli.system import System
from kiosk.cli.terminal import CommandError, ask_yes_no, is_interactive, say
from kiosk.database import OUTBOX_NAME
from kiosk.settings import SettingsError, load_settings

CACHE: Final = Path("/var/cache/otziv-kiosk")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument(
        "--discard", action="store_true", help="answers that were not sent are lost: no question"
    )
    parser.add_argument(
        "--root", type=Path, default=Path("/"), help="take away below this folder: of an image"
    )


def main(options: argparse.Namespace) -> int:
    """Take it away; returns 0.

    Raises:
        CommandError: answers wait and nobody said that they may be lost, or we lack the right.
    """
    root = options.root.absolute()
    refuse_without_rights(root)
    placer, system = Placer(root), System(root)
    if not options.discard and (waiting := waiting_in(placer.at(DATA))):
        _ask_to_discard(waiting)
    elsewhere = _data_elsewhere(placer)
    system.stop()
    placer.remove([SETTINGS, SETTINGS.with_name(f"{SETTINGS.name}.new"), *all_names()])
    placer.block("")
    for folder in (DATA, CACHE, RUNTIME):
        if placer.at(folder).is_dir():
            shutil.rmtree(placer.at(folder))
            placer.done.append(f"removed {folder}")
    system.remove_user()
    system.forget()
    say(*placer.done or ["there was no kiosk"], *elsewhere, *_advice(root))
    return 0


def waiting_in(data: Path) -> int:
    """How many events without a receipt are in the outboxes in ``data``, salvaged ones included.

    Raises:
        CommandError: an outbox can't be read, so nobody knows.
    """
    return sum(
        _count(outbox)
        for outbox in data.glob(f"{OUTBOX_NAME}*")
        if not outbox.name.endswith(("-wal", "-shm")) and ".broken-" not in outbox.name
    )


def _count(outbox: Path) -> int:
    try:
        uri = f"{outbox.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
    except sqlite3.Error as error:
        raise CommandError(
            f"{outbox} can't be read ({error}): what waits in it is not known; "
            "--discard removes it all the same"
        ) from error
    return int(count)


def _data_elsewhere(placer: Placer) -> list[str]:
    """Tell of a data folder that somebody chose: what else is in it we can't know."""
    try:
        data = load_settings(placer.at(SETTINGS)).data
    except SettingsError:  # none, or broken ones
        return []
    return [f"left its data in {data}, which setup did not choose"] if data != DATA else []


def _ask_to_discard(waiting: int) -> None:
    told = f"answers that the server has not received: {waiting}"
    if not is_interactive():
        raise CommandError(f"{told}; let the kiosk run until they are sent, or say --discard")
    if not ask_yes_no(f"{told}. Lose them?"):
        raise CommandError(f"nothing was changed; see systemctl status {FIRMWARE_UNIT}")


def _advice(root: Path) -> list[str]:
    if root != Path("/"):
        return []
    return [f"the program itself goes with: sudo rm -r {sys.prefix}", "restart once: sudo reboot"]
