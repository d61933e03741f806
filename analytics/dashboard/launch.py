"""How the dashboard is started: the exact command and environment, for whoever runs processes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

DATABASE: Final = "OTZIV_DATABASE"
"""Environment variable with the database's URL: arguments can be seen by others."""

_LOOPBACK: Final = "127.0.0.1"
"""The dashboard has no accounts yet, so it must not be reached from elsewhere."""

_OPTIONS: Final = {
    "server.headless": "true",  # opens no browser and asks for no e-mail address
    "server.allowedHosts": _LOOPBACK,  # no foreign name may be made to point here
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # an error's text may name files and addresses
    "client.showErrorLinks": "false",
    "theme.paddingTop": "2rem",
    "theme.light.primaryColor": "#1f6f9f",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f1f5f8",
    "theme.light.textColor": "#0f1820",  # captions are paler, and still 4.5 : 1
    "theme.dark.primaryColor": "#6cb6e0",
    "theme.dark.backgroundColor": "#11181f",
    "theme.dark.secondaryBackgroundColor": "#1b2630",
    "theme.dark.textColor": "#eaf0f4",
}


def command(database_url: str, port: int) -> tuple[list[str], dict[str, str]]:
    """The arguments that start the dashboard on ``port`` of 127.0.0.1, and what to add to the
    environment.

    It answers ``/_stcore/health`` with ``ok`` when it is ready.
    """
    script = Path(__file__).with_name("app.py")
    options = {**_OPTIONS, "server.address": _LOOPBACK, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in options.items()]
    argv = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    return argv, {DATABASE: database_url}
