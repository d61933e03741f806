"""``otziv`` and ``python -m otziv``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, or say what is missing where only a kiosk is installed."""
    try:
        from otziv.cli.app import run
    except ModuleNotFoundError as error:
        sys.exit(
            f"otziv: {error.name} is not installed; the command needs the server's packages: "
            "pip install 'otziv[server]' (a kiosk is started with: python -m kiosk)"
        )
    run()


if __name__ == "__main__":
    main()
