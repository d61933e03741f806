"""``run``: the firmware of this kiosk, or a virtual kiosk for people to try."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Final

from hardware.panel import PanelError
from kiosk.cli.places import SETTINGS
from kiosk.cli.privileges import keeping_private
from kiosk.cli.terminal import CommandError
from kiosk.database import OutboxError
from kiosk.logs import set_up_logs
from kiosk.settings import SettingsError, load_settings

_ONLY_VIRTUAL: Final = ("headless", "data", "broker", "window")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--settings", type=Path, help=f"the settings file ({SETTINGS})")
    levels = ["debug", "info", "warning", "error"]
    parser.add_argument("--log-json", action="store_true", help="log lines of JSON")
    parser.add_argument("--log-level", choices=levels, default="info", help="from where on (info)")
    virtual = parser.add_argument_group("a kiosk without a kiosk")
    virtual.add_argument("--virtual", action="store_true", help="screen and buttons in a window")
    virtual.add_argument("--headless", action="store_true", default=None, help="no window")
    virtual.add_argument("--data", type=Path, help="keep its data here, not in a scratch folder")
    virtual.add_argument("--broker", metavar="HOST:PORT", help="where to send (127.0.0.1:1883)")
    virtual.add_argument("--window", metavar="WxH", help="size of the screen (800x480)")


def main(options: argparse.Namespace) -> int:
    """Run a kiosk; returns the exit status: 0 ended as asked, 1 failed, 2 can't start."""
    set_up_logs(options.log_level, is_json=options.log_json)
    _refuse_contradictions(options)
    with keeping_private():
        if options.virtual:
            from kiosk.cli.virtual import run_virtual  # noqa: PLC0415 real kiosks never need it

            return run_virtual(options)
        return _run(options.settings or SETTINGS)


def _run(settings: Path) -> int:
    from kiosk.firmware import run  # noqa: PLC0415 all of the kiosk

    try:
        return 0 if run(load_settings(settings)) else 1
    except (SettingsError, PanelError, OutboxError) as error:
        logging.getLogger("kiosk").critical("this kiosk can't start: %s", error)
        return 2


def _refuse_contradictions(options: argparse.Namespace) -> None:
    if options.virtual and options.settings is not None:
        raise CommandError("a virtual kiosk has its own settings: leave out --settings")
    stray = [name for name in _ONLY_VIRTUAL if getattr(options, name) is not None]
    if stray and not options.virtual:
        raise CommandError(f"--{stray[0]} belongs to a virtual kiosk: add --virtual")
