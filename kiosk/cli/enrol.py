"""``enrol``: make this kiosk a device of an installation, by a one-time code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from broker.link.code import Code, CodeError
from hardware.errors import ReadableError
from kiosk.cli.identity_options import add_places, find_folder
from kiosk.cli.privileges import keeping_private
from kiosk.cli.terminal import CommandError, ask, is_interactive, say
from kiosk.enrolment import enrol, is_clock_right
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import KeptIdentity


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument(
        "code",
        nargs="*",
        metavar="CODE",
        help="as 'otziv device enrol' shows it, hyphens, spaces or none, or its QR code's text",
    )
    parser.add_argument(
        "--server", metavar="URL", help="where to enrol; the text of a QR code says it, too"
    )
    add_places(parser)
    parser.epilog = "Interrupted, run it again with the same code. Status 1 if it did not work."


def main(options: argparse.Namespace) -> int:
    """Enrol; returns 0, or 1 with the reason on standard error.

    Raises:
        CommandError: an option is missing.
        SettingsError: the settings can't be used.
    """
    folder, called = find_folder(options)
    with keeping_private():
        return _enrol(options, folder, called)


def _enrol(options: argparse.Namespace, folder: IdentityFolder, called: str) -> int:
    try:
        code = Code.read(" ".join(options.code) or _asked("Code", "CODE"))
        server = options.server or code.server or _asked("Server (https://HOST:PORT)", "--server")
        kept = enrol(code, server, folder)
    except (CodeError, ReadableError) as error:
        sys.stderr.write(f"not enrolled: {error}\n")
        return 1
    say(*_outcome(kept, called, datetime.now(UTC)))
    return 0


def _asked(question: str, option: str) -> str:
    said = ask(question) if is_interactive() else ""
    if not said:
        raise CommandError(f"give {option}: 'otziv device enrol' on the server shows it")
    return said


def _outcome(kept: KeptIdentity, called: str, now: datetime) -> Iterator[str]:
    name = f"{kept.site}/{kept.device}"
    yield f"enrolled as {name}, until {kept.expires_at:%Y-%m-%d}; it renews that by itself"
    yield f"broker: {kept.mqtt_host}:{kept.mqtt_port}"
    if called not in ("", name):
        yield f"the settings call this kiosk {called}: that no longer counts"
    if not is_clock_right(kept, now):
        yield (
            f"this kiosk's clock is wrong, it says {now:%Y-%m-%d %H:%M} UTC: it can't reach the "
            "broker until the time has come over the network (NTP); what is pressed is kept"
        )
    yield "a kiosk that runs takes this up within some seconds"
