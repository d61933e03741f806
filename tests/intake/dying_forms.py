"""A program that dies by SIGKILL before each statement of taking forms in, in turn.

``python -m tests.intake.dying_forms URL`` prints what a reader of the database sees after each
death, and at the end, when one attempt was left alive.
"""

from __future__ import annotations

import json
import os
import sys

from broker.intake.submissions import Submissions
from broker.store.migrate import open_database
from tests.intake.dying import Fate, sight
from tests.intake.filling import form
from tests.intake.making import SITE


def main() -> None:
    """Die, look, and die again one statement later."""
    url = sys.argv[1]
    forms = [form("one"), form("two"), form("one"), form("three", touchpoint="cellar")]
    sights = [sight(url)]
    for dies_before in range(1, 500):
        child = os.fork()
        if child == 0:
            database = open_database(url)
            database.close()
            Fate(dies_before).watch(database)
            Submissions(database, SITE).take(forms)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        sights.append(sight(url))
        if status == 0:
            break
    print(json.dumps({"sights": sights}))  # noqa: T201  # read by the test


if __name__ == "__main__":
    main()
