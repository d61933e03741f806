"""How often a CUSUM alarms: the false ones while nothing changes, the delay of the true ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from analytics.measures.cusum import Cusum

STATES: Final = 600
"""Steps between 0 and the limit; with a quarter of them the run length comes out up to 15 per cent
too short, in a fiftieth of the time."""


@lru_cache(maxsize=256)
def votes_to_alarm(cusum: Cusum, share: float | None = None, states: int = STATES) -> float:
    """How many votes pass on average until there is an alarm, vote by vote.

    With the usual share these are the votes between two false alarms; with another, the delay of a
    true one. Scores between the steps of the chain are shared out to their neighbours in such a
    way that the mean is right. Votes must be independent: where they come in waves there are more
    alarms, and the limit has to be found by simulation.

    Source: D. Brook and D. A. Evans, "An approach to the probability distribution of CUSUM run
    length", Biometrika 59 (1972).

    Args:
        cusum: the settings.
        share: of unhappy votes that really come; the usual one if none is named.
        states: steps between 0 and the limit.
    """
    unhappy = cusum.usual if share is None else share
    width = cusum.limit / states
    stays = np.zeros((states, states))
    for gain, odds in ((cusum.unhappy, unhappy), (cusum.other, 1 - unhappy)):
        reached = np.maximum(np.arange(states) + gain / width, 0.0)
        whole = np.floor(reached + 1e-9).astype(int)
        part = np.clip(reached - whole, 0.0, 1.0)
        for to, weight in ((whole, 1 - part), (whole + 1, part)):
            inside = to < states
            np.add.at(stays, (np.nonzero(inside)[0], to[inside]), odds * weight[inside])
    return float(np.linalg.solve(np.eye(states) - stays, np.ones(states))[0])
