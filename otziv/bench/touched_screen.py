"""The touchscreen as it is, and when its window hears of each touch.

Runs as a process: ``python -m otziv.bench.touched_screen --settings FILE``. For each touch a line
``touched SECONDS`` goes to its standard output, by ``time.monotonic``.
"""

from __future__ import annotations

import sys
import time

from kiosk.ui.__main__ import main
from kiosk.ui.toolkit import tame


def _tell(*_: object) -> None:
    print("touched", time.monotonic(), flush=True)


if __name__ == "__main__":
    tame()
    from kivy.core.window import Window  # opens the window, set up as above

    Window.bind(on_touch_down=_tell)
    sys.exit(main())
