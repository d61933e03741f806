"""``python -m kiosk --settings FILE``: run one kiosk until SIGTERM."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from hardware.panel import PanelError
from kiosk.database import OutboxError
from kiosk.firmware import run
from kiosk.logs import set_up_logs
from kiosk.settings import SettingsError, load_settings


def main(arguments: list[str] | None = None) -> int:
    """Run a kiosk; returns the exit status: 0 ended as asked, 1 failed, 2 can't start."""
    parser = argparse.ArgumentParser(prog="python -m kiosk", description="Run one kiosk.")
    parser.add_argument("--settings", type=Path, required=True, help="the settings file (TOML)")
    parser.add_argument("--log-json", action="store_true", help="log lines of JSON")
    parser.add_argument(
        "--log-level", choices=["debug", "info", "warning", "error"], default="info"
    )
    options = parser.parse_args(arguments)
    set_up_logs(options.log_level, is_json=options.log_json)
    try:
        return 0 if run(load_settings(options.settings)) else 1
    except (SettingsError, PanelError, OutboxError) as error:
        logging.getLogger("kiosk").critical("this kiosk can't start: %s", error)
        return 2


if __name__ == "__main__":
    sys.exit(main())
