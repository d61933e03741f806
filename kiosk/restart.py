"""Restarting the whole machine, where the kiosk's user may."""

from __future__ import annotations

from typing import Final

from kiosk.commands import Answer

REBOOT: Final = ("systemctl", "--no-ask-password", "reboot")
TIMEOUT_S: Final = 10.0

HOW: Final = (
    "this kiosk may not restart its machine; on it: sudo systemctl reboot; "
    "or allow it, once, as docs/kiosk.md says"
)


def restart_machine() -> Answer:
    """Ask the service manager to restart the machine: it ends us, too, in good order.

    The relay waits meanwhile, usually for a fraction of a second, never for more than
    ``TIMEOUT_S``; visitors do not.
    """
    import subprocess  # noqa: PLC0415 for one command that is given once a year

    try:
        asked = subprocess.run(
            REBOOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(detail=f"{HOW} ({error})", is_done=False)
    if asked.returncode != 0:
        return Answer(detail=f"{HOW} ({asked.stderr.strip()})", is_done=False)
    return Answer(detail="the machine restarts")
