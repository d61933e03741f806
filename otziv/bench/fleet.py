"""``otziv bench fleet``: how soon a change at the root is in use by 200 kiosks, a bad one by none.

A real broker and a real collector; the kiosks' relays, housekeeping and configurations as shipped,
some processes full of them; the publisher in the keeper's loop, in a process of its own. Measured
is the way of a person's change: the verb, composing, publishing, taking, heartbeat, and the rows
in ``device_status`` at which a person would look.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

from broker.fleet.errors import FleetError
from otziv.bench.fleet_running import RunningFleet, running_fleet
from otziv.bench.report import Report, Target, medians

RUNS: Final = 5
DEVICES: Final = 200
WITHIN_S: Final = 10.0
WATCHED_S: Final = 5.0
"""How long nobody may take up what was refused: far longer than a good one needs."""

BAD: Final = ("bg", "en", "tr")
"""Languages of which one is missing in every text."""


def measure(runs: int = RUNS, devices: int = DEVICES, watched_s: float = WATCHED_S) -> Report:
    """Change the root ``runs`` times well; once badly, and once past the verbs.

    Args:
        runs: good changes.
        devices: kiosks.
        watched_s: how long to look whether a bad one is taken after all.
    """
    taken: dict[str, list[float]] = {"verb": [], "made": [], "in use": []}
    with (
        tempfile.TemporaryDirectory(prefix="otziv-bench-") as name,
        running_fleet(Path(name), devices) as fleet,
    ):
        for run in range(runs):
            _change(fleet, f"Otziv {run}", taken)
        bad_by_verb = _change_badly(fleet, watched_s)
        bad_by_wire = _publish_badly(fleet, watched_s)
    median = medians(taken)
    worst_s = max(taken["in use"])
    return Report(
        name="fleet",
        figures={
            "devices": devices,
            "verb_s": round(median["verb"], 3),
            "made_s": round(median["made"], 3),
            "in_use_everywhere_s": round(median["in use"], 3),
            "in_use_everywhere_worst_s": round(worst_s, 3),
            "runs": {step: [round(each, 3) for each in s] for step, s in taken.items()},
        },
        compared_with={},
        targets={
            "root change in use by all, worst run (s)": Target(
                round(worst_s, 3), WITHIN_S, "at most"
            ),
            "bad ones taken, by the verb": Target(bad_by_verb, 0, "at most"),
            "bad ones taken, past the verbs": Target(bad_by_wire, 0, "at most"),
        },
        notes=(
            "from the call of the verb to the last row in device_status",
            "NATS, SQLite with synchronous=FULL, kiosks in processes of 100",
        ),
    )


def _change(fleet: RunningFleet, name: str, taken: dict[str, list[float]]) -> None:
    """Change the root, and note what each step took since the verb was called."""
    before = fleet.hear().newest_in_use
    started_s = time.monotonic()
    fleet.set_at_root("presentation.name", {"bg": name, "en": name})
    taken["verb"].append(time.monotonic() - started_s)
    fleet.wait_for_revisions(before)
    taken["made"].append(time.monotonic() - started_s)
    fleet.wait_for_use(before)
    taken["in use"].append(time.monotonic() - started_s)


def _change_badly(fleet: RunningFleet, watched_s: float) -> int:
    """Ask the verb for what no kiosk could show; how many have something new afterwards."""
    before = fleet.hear().newest_in_use
    try:
        fleet.set_at_root("languages", BAD)
    except FleetError:
        time.sleep(watched_s)
        return fleet.count_above(before)
    return fleet.devices  # it was not refused, so in time all of them have it


def _publish_badly(fleet: RunningFleet, watched_s: float) -> int:
    """Send it past the verbs; how many kiosks took it, once all have said that they refused."""
    before = fleet.hear().newest_in_use
    fleet.publish_past_the_verbs(BAD)
    fleet.wait_for_refusals()
    time.sleep(watched_s)
    return fleet.count_above(before)
