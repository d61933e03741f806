"""Where the parts of an installed kiosk stand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

USER: Final = "otziv-kiosk"
SETTINGS: Final = Path("/etc/otziv/kiosk.toml")
DATA: Final = Path("/var/lib/otziv-kiosk")
IDENTITY: Final = DATA / "identity"
RUNTIME: Final = Path("/run/otziv-kiosk")
SOCKET: Final = RUNTIME / "screen.sock"
FIRMWARE_UNIT: Final = "otziv-kiosk.service"
SCREEN_UNIT: Final = "otziv-kiosk-screen.service"
