"""Forms from the web that say exactly the same, far more of them than chance makes. Pure.

Who answers behind a link or a poster's code leaves no trace by which he could be told, and must
not. But a person, or a program, that stuffs a survey sends the same answers over and over, and
faster than people come. So forms of one survey and place that are equal in every answer, each soon
after the one before, are held against all others: where equal answers are a share ``p`` of the
place's other forms, ``k`` of ``n`` forms in that time are equal by chance with a binomial
probability. Where that is less than ``chance``, the first of them counts and the rest is doubted.
A crowd that was sent a link comes as fast, but does not agree on everything.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from broker.misuse.visits import Doubts, Visit
from broker.store.flag_reasons import SAME_ANSWERS

Usual: TypeAlias = Counter[str]
"""What forms said (:attr:`broker.misuse.visits.Visit.said`) → how many did."""

_NEGLIGIBLE: Final = 1e-30


@dataclass(frozen=True, slots=True)
class FormLimits:
    """From where on equal forms are doubted.

    Attributes:
        gap_ms: how soon one comes after another.
        forms: fewer are never doubted.
        chance: how probable so many equal ones may be.
    """

    gap_ms: int
    forms: int
    chance: float


def doubt_same_answers(
    forms: Sequence[Visit], usual: Callable[[], Usual], limits: FormLimits, doubts: Doubts
) -> None:
    """Doubt all but the first of forms that say the same.

    Args:
        forms: of one place and local day, in any order.
        usual: what the place's forms of the weeks before said; asked only where it matters.
        limits: as said.
        doubts: to be added to.
    """
    ordered = sorted(forms, key=lambda form: (form.at_ms, form.id))
    today = Counter(form.said for form in ordered)
    for run in _runs(ordered, limits):
        said, between = run[0].said, _between(ordered, run)
        before = usual()
        others = today.total() - between + before.total()
        same = today[said] - len(run) + before[said]
        # One more of each, so that what was never said before is not impossible.
        share = (same + 1) / (others + 2)
        if tail(len(run), between, share) < limits.chance:
            for form in run[1:]:
                doubts[form.id].add(SAME_ANSWERS)


def _runs(ordered: Sequence[Visit], limits: FormLimits) -> Iterator[list[Visit]]:
    """Equal forms, each soon after the one before; others may come in between."""
    by_said: dict[str, list[Visit]] = defaultdict(list)
    for form in ordered:
        by_said[form.said].append(form)
    for same in by_said.values():
        run: list[Visit] = []
        for form in same:
            if run and form.at_ms - run[-1].at_ms > limits.gap_ms:
                if len(run) >= limits.forms:
                    yield run
                run = []
            run.append(form)
        if len(run) >= limits.forms:
            yield run


def _between(ordered: Sequence[Visit], run: Sequence[Visit]) -> int:
    """How many forms came from the first of a run to its last, both included."""
    return sum(run[0].at_ms <= form.at_ms <= run[-1].at_ms for form in ordered)


def tail(count: int, of: int, share: float) -> float:
    """Probability that ``count`` or more ``of`` so many are of a kind that has this ``share``."""
    log_share, log_rest = math.log(share), math.log1p(-share)
    total = 0.0
    for found in range(count, of + 1):
        chosen = math.lgamma(of + 1) - math.lgamma(found + 1) - math.lgamma(of - found + 1)
        term = math.exp(chosen + found * log_share + (of - found) * log_rest)
        total += term
        if term < _NEGLIGIBLE and found > of * share:
            break
    return min(1.0, total)
