"""In the machine: how programs speak to the test that started it."""

from __future__ import annotations

import json
import sys


def say(**words: object) -> None:
    """Say a line of JSON."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()
