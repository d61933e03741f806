"""In the machine: a whole kiosk with two lit buttons, nobody to send to, its card in memory.

Says ``ready`` once it keeps presses. Told ``report``, it says what its outbox holds.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from broker.wire.codec import write
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.surveys import Question, Survey
from kiosk.__main__ import main as run
from tests.machines.guest.console import say

FOLDER: Final = Path("/tmp/kiosk")  # noqa: S108 the machine is ours alone
OUTBOX: Final = FOLDER / "data/outbox.db"

SETTINGS: Final = """
site = "troyan"
device = "kiosk-1"
touchpoint = "hall-desk-1"
data = "data"
clock = "trusted"
[panel]
kind = "gpio"
board = "/tmp/kiosk/board.toml"
chip = "9030000.pl061"
"""

BOARD: Final = """
title = "No and yes"
buzzer = 7
[buttons]
face-0 = 4
face-1 = 5
[lamps]
lamp-1 = 6
"""

CONFIGURATION: Final = Configuration(
    v=VERSION,
    revision=1,
    touchpoint="hall-desk-1",
    survey=Survey(
        code="short",
        version=1,
        questions=(
            Question(
                code="overall",
                texts={"bg": "Доволни ли сте?", "en": "Are you satisfied?"},
                scale="yes-no",
            ),
        ),
    ),
)


def main() -> None:
    """Run the kiosk until told to end it."""
    OUTBOX.parent.mkdir(parents=True)
    (FOLDER / "kiosk.toml").write_text(SETTINGS)
    (FOLDER / "board.toml").write_text(BOARD)
    (OUTBOX.parent / "configuration.json").write_bytes(write(CONFIGURATION))
    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    say(ended=run(["run", "--settings", str(FOLDER / "kiosk.toml")]))


def listen() -> None:
    """Wait for the kiosk, then do what the test says."""
    while not OUTBOX.exists():
        time.sleep(0.1)
    say(ready=True)
    for order in sys.stdin:
        if order.strip() == "report":
            say(outbox=kept())
        else:
            os.kill(os.getpid(), signal.SIGTERM)


def kept() -> list[dict[str, object]]:
    """Return the events in the outbox, in order."""
    with closing(sqlite3.connect(f"file:{OUTBOX}?mode=ro", uri=True)) as outbox:
        rows = outbox.execute("SELECT body FROM event ORDER BY seq").fetchall()
    return [json.loads(body) for (body,) in rows]


main()
