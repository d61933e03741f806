"""``otziv`` and ``python -m otziv``."""

from __future__ import annotations

import sys
from typing import Final

ROOMS: Final = {"analytics", "broker", "hardware", "kiosk", "otziv", "portal"}


def main() -> None:
    """Run the command line, or say what is missing where only a kiosk is installed."""
    if sys.argv[1:2] == ["kiosk"]:  # a kiosk has no Typer
        from kiosk.__main__ import main as run_kiosk

        sys.exit(run_kiosk(sys.argv[2:], "otziv kiosk"))
    try:
        from otziv.cli.app import run

        run()  # commands import what they need when they need it
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ROOMS:
            raise
        extra = "postgres" if missing == "psycopg" else "server"
        sys.exit(
            f"otziv: {missing} is not installed; the command needs the server's packages: "
            f"pip install 'otziv[{extra}]' (on a kiosk there is: otziv kiosk)"
        )


if __name__ == "__main__":
    main()
