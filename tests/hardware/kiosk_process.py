"""A kiosk in miniature, to be killed: it thanks for each press on the virtual panel given."""

from __future__ import annotations

import sys
from pathlib import Path

from hardware.panel import Closure
from hardware.virtual import VirtualPanel


def main() -> None:
    """Serve the panel at the path of the first argument until killed."""
    panel = VirtualPanel(path=Path(sys.argv[1]))
    while True:
        for notice in panel.wait(60):
            if isinstance(notice, Closure):
                panel.show("thanks", notice.id)


if __name__ == "__main__":
    main()
