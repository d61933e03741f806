"""Which kiosk's identity is meant: said by its settings, its data folder, or the folder itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.cli.places import IDENTITY, SETTINGS
from kiosk.cli.privileges import become_owner_of
from kiosk.cli.terminal import CommandError
from kiosk.identity_file import IdentityFolder
from kiosk.settings import load_settings


def add_places(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    places = parser.add_mutually_exclusive_group()
    places.add_argument("--settings", type=Path, help=f"the settings file ({SETTINGS})")
    places.add_argument("--data", type=Path, help="the data folder of a virtual kiosk")
    places.add_argument("--identity", type=Path, help="the folder of the identity itself")


def find_folder(options: argparse.Namespace) -> tuple[IdentityFolder, str]:
    """The folder that is meant, and ``site/device`` as the settings have it, if there are any.

    As root we become the kiosk's user, who has to read what is written there.

    Raises:
        CommandError: the settings name none.
        SettingsError: they can't be used.
    """
    if options.identity is not None:
        return IdentityFolder(options.identity), ""
    if options.data is not None:
        return IdentityFolder(options.data / IDENTITY.name), ""
    path = options.settings or SETTINGS
    settings = load_settings(path)
    if settings.broker.identity is None:
        raise CommandError(
            f"{path} names no folder for the identity: add to [broker] the line "
            f'identity = "{IDENTITY}"'
        )
    if path == SETTINGS and not settings.data.exists():  # else we would make it, for root alone
        raise CommandError(f"{settings.data} is not there: 'sudo otziv kiosk setup' makes it")
    become_owner_of(settings.data)
    return IdentityFolder(settings.broker.identity), f"{settings.site}/{settings.device}"
