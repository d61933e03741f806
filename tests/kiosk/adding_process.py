"""A process that adds events to an outbox until it is killed, and says which were committed."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from kiosk.outbox import Entry, Outbox
from tests.kiosk.builders import HandClock, draft


def main() -> None:
    """Add events to the outbox at the first argument, from the number of the second one on."""
    outbox = Outbox(Path(sys.argv[1]))
    clock = HandClock()
    for number in itertools.count(int(sys.argv[2]), 3):
        # Three at once, so that half a transaction could be told from a whole one.
        added = outbox.add(Entry(draft(number + n), clock.read()) for n in range(3))
        print(number, *added, flush=True)  # noqa: T201  # the parent reads it


if __name__ == "__main__":
    main()
