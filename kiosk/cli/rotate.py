"""``rotate``: ask for the certificate after the one in use; the firmware runs it in time."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from datetime import UTC, datetime
from typing import Final

from hardware.errors import ReadableError
from kiosk.cli.identity_options import add_places, find_folder
from kiosk.cli.terminal import say
from kiosk.rotation import rotate

_NICENESS: Final = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    add_places(parser)


def main(options: argparse.Namespace) -> int:
    """Rotate; returns 0, or 1 with the reason on standard error.

    Raises:
        CommandError: an option is missing.
        SettingsError: the settings can't be used.
    """
    with contextlib.suppress(OSError):  # visitors come first; the services' sandbox forbids it
        os.nice(_NICENESS)
    folder, _ = find_folder(options)
    try:
        kept = rotate(folder, datetime.now(UTC))
    except ReadableError as error:
        sys.stderr.write(f"no new certificate: {error}\n")
        return 1
    say(f"the next certificate of {kept.site}/{kept.device} holds until {kept.expires_at:%Y-%m-%d}")
    return 0
