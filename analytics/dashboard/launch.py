"""How the dashboard is started: the exact command and environment, for whoever runs processes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

DATABASE: Final = "OTZIV_DATABASE"
"""Environment variable with the database's URL: arguments can be seen by others."""

LOOK: Final = "OTZIV_LOOK"
"""Environment variable with the folder of the municipality's own colours, if it has one."""

SITE: Final = "OTZIV_SITE"
"""Environment variable with the portal's own site, whose results it publishes."""

_LOOPBACK: Final = "127.0.0.1"
"""Without the portal's gate it knows nobody, so it must not be reached from elsewhere."""

OPTIONS: Final = {
    "server.headless": "true",  # opens no browser and asks for no e-mail address
    "server.allowedHosts": _LOOPBACK,  # no foreign name may be made to point here
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # an error's text may name files and addresses
    "client.showErrorLinks": "false",
    "theme.paddingTop": "2rem",
}

_THEME: Final = "theme.json"
"""Made by ``otziv look``."""


def options(look: Path | None = None) -> dict[str, str]:
    """Options of Streamlit, its colours included.

    Args:
        look: folder with the municipality's own ``theme.json``; without one ours holds.
    """
    own = [] if look is None else [look / _THEME]
    path = next((each for each in own if each.is_file()), Path(__file__).with_name(_THEME))
    theme: dict[str, str] = json.loads(path.read_text("utf-8"))
    return {**OPTIONS, **theme}


def command(
    database_url: str, port: int, look: Path | None = None
) -> tuple[list[str], dict[str, str]]:
    """The arguments that start the dashboard on ``port`` of 127.0.0.1, and what to add to the
    environment.

    It answers ``/_stcore/health`` with ``ok`` when it is ready.
    """
    script = Path(__file__).with_name("app.py")
    given = {**options(look), "server.address": _LOOPBACK, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in given.items()]
    argv = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    return argv, {DATABASE: database_url, **({LOOK: str(look)} if look else {})}
