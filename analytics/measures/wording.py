"""What figures mean, in plain words: message and numbers, to be said in any language.

The words go by the interval or by p, never by the figure alone: *surely*, *probably*, *too early*.
``analytics.measures.saying`` says them in Bulgarian and English.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from analytics.measures.certainty import Certainty, certainty
from analytics.measures.change import Change
from analytics.measures.cusum import Score
from analytics.measures.index import SatisfactionIndex
from analytics.measures.interval import Interval
from analytics.measures.minima import MIN_STAFF, MIN_VOTES
from analytics.measures.net_promoter import NetPromoter
from analytics.measures.shares import Response, Share
from analytics.measures.standardised import Standardised

SURE_P: Final = 0.01
"""Up to such odds of mere chance a difference is *sure*."""

LIKELY_P: Final = 0.05
"""Up to such odds it is *likely*; beyond that it is too early to tell."""

NARROW: Final = 0.05
"""A difference that lies within five points either way is no great one."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What to say: a message in English with gaps, the numbers for them, and how sure it is.

    ``message`` is the id under which the catalogues have their text. Numbers are whole, or floats
    to be said with one decimal.
    """

    message: str
    certainty: Certainty
    numbers: Mapping[str, float] = field(default_factory=dict)


def _(message: str) -> str:
    """Mark ``message`` for the catalogues."""
    return message


def of_certainty(found: Certainty) -> Wording:
    """The word to stand beside an interval."""
    texts = {"sure": _("sure"), "likely": _("likely"), "too-early": _("too early")}
    return Wording(texts[found], found)


def of_satisfied(found: Share) -> Wording:
    """The share satisfied: ``82 of 100 satisfied; the true share is probably between …``."""
    sure = _("{share} of 100 satisfied; the true share is probably between {low} and {high}")
    likely = _(
        "About {share} of 100 satisfied; the true share is probably between {low} and {high}"
    )
    early = _(
        "Too early to tell: {count} of {n} ratings are satisfied, "
        "and the true share may be anywhere between {low} and {high} of 100"
    )
    return _of_share(found, sure, likely, early)


def of_dissatisfied(found: Share) -> Wording:
    """The share dissatisfied, in the same way."""
    sure = _("{share} of 100 dissatisfied; the true share is probably between {low} and {high}")
    likely = _(
        "About {share} of 100 dissatisfied; the true share is probably between {low} and {high}"
    )
    early = _(
        "Too early to tell: {count} of {n} ratings are dissatisfied, "
        "and the true share may be anywhere between {low} and {high} of 100"
    )
    return _of_share(found, sure, likely, early)


def of_answer(found: Share) -> Wording:
    """The share of those who answered that chose one option, such as a reason."""
    sure = _("{share} of 100 chose it; the true share is probably between {low} and {high}")
    likely = _("About {share} of 100 chose it; the true share is probably between {low} and {high}")
    early = _(
        "Too early to tell: {count} of {n} chose it, "
        "and the true share may be anywhere between {low} and {high} of 100"
    )
    return _of_share(found, sure, likely, early)


def of_index(found: SatisfactionIndex) -> Wording:
    """The satisfaction index."""
    sure = certainty(Interval(found.low / 100, found.high / 100))
    numbers = _figure("value", found.value, found.low, found.high)
    if sure == "too-early":
        text = _("Too early to tell: the index may be anywhere between {low} and {high}")
        return Wording(text, sure, numbers)
    text = _("Index {value} of 100; the true one is probably between {low} and {high}")
    return Wording(text, sure, numbers)


def of_net_promoter(found: NetPromoter) -> Wording:
    """The Net Promoter Score; its scale is 200 wide, so its interval may be twice as wide too."""
    sure = certainty(Interval(found.low / 200, found.high / 200))
    numbers = _figure("score", found.score, found.low, found.high)
    if sure == "too-early":
        text = _("Too early to tell: the NPS may be anywhere from {low} to {high}")
        return Wording(text, sure, numbers)
    text = _("NPS {score}; the true one is probably from {low} to {high}")
    return Wording(text, sure, numbers)


def of_response(found: Response) -> Wording:
    """The response rate."""
    if found.bounds is None:
        text = _("More rated ({rated}) than were counted ({served}): the count of people is wrong")
        return Wording(text, "too-early", {"rated": found.rated, "served": found.served})
    numbers = {"share": _per_cent(found.share), "rated": found.rated, "served": found.served}
    text = _("{share} of 100 people served have rated ({rated} of {served})")
    return Wording(text, certainty(found.bounds), numbers)


def of_change(found: Change, p: float | None = None) -> Wording:
    """The change of a share satisfied against the period before.

    Args:
        found: the change.
        p: its p corrected for being one of many; the change's own if there are no others.
    """
    numbers = {
        "before": _per_cent(found.before.share),
        "after": _per_cent(found.after.share),
        "low": round(100 * found.low),
        "high": round(100 * found.high),
    }
    sure = _certainty_of(found.p if p is None else p)
    if sure == "too-early" or reads_alike(found):
        return _no_change(found, numbers)
    texts = {
        ("sure", True): _("Surely better: {after} of 100 satisfied, {before} in the period before"),
        ("sure", False): _("Surely worse: {after} of 100 satisfied, {before} in the period before"),
        ("likely", True): _(
            "Probably better: {after} of 100 satisfied, {before} in the period before"
        ),
        ("likely", False): _(
            "Probably worse: {after} of 100 satisfied, {before} in the period before"
        ),
    }
    return Wording(texts[sure, found.difference > 0], sure, numbers)


def _no_change(found: Change, numbers: Mapping[str, float]) -> Wording:
    if is_narrow(found):
        text = _("Much as before: {after} of 100 satisfied, {before} in the period before")
        return Wording(text, "sure", numbers)
    text = _(
        "Too early to tell whether anything changed: the difference may be anything "
        "from {low} to {high} points"
    )
    return Wording(text, "too-early", numbers)


def is_narrow(found: Change) -> bool:
    """Whether the share changed by five points at most, either way."""
    return max(-found.low, found.high) <= NARROW


def reads_alike(found: Change) -> bool:
    """Whether before and after are the same in whole per cent, and no great change is possible.

    Of very many votes half a point is sure, too; "worse: 89, 89 before" would help nobody.
    """
    return _per_cent(found.before.share) == _per_cent(found.after.share) and is_narrow(found)


def of_standardised(found: Standardised, p: float | None = None) -> Wording:
    """A place against what is usual at its hours; ``p`` as in :func:`of_change`."""
    numbers = {
        "observed": _per_cent(found.observed.share),
        "expected": _per_cent(found.expected),
        "low": round(100 * found.low),
        "high": round(100 * found.high),
    }
    sure = _certainty_of(found.p if p is None else p)
    if sure == "too-early":
        text = _(
            "No clear difference: {observed} of 100 satisfied, {expected} are usual at these hours"
        )
        return Wording(text, sure, numbers)
    texts = {
        ("sure", True): _(
            "Surely better than usual: {observed} of 100 satisfied, {expected} are usual at "
            "these hours"
        ),
        ("sure", False): _(
            "Surely worse than usual: {observed} of 100 satisfied, {expected} are usual at "
            "these hours"
        ),
        ("likely", True): _(
            "Probably better than usual: {observed} of 100 satisfied, {expected} are usual at "
            "these hours"
        ),
        ("likely", False): _(
            "Probably worse than usual: {observed} of 100 satisfied, {expected} are usual at "
            "these hours"
        ),
    }
    return Wording(texts[sure, found.difference > 0], sure, numbers)


def of_alarm(found: Score) -> Wording:
    """What a CUSUM has found of unhappy votes."""
    numbers = {"unhappy": found.unhappy, "n": found.votes}
    if found.is_alarm:
        return Wording(
            _("Something changed: {unhappy} of the last {n} are unhappy"), "sure", numbers
        )
    return Wording(_("No sign of a change"), "too-early")


def of_too_few() -> Wording:
    """What stands where a figure is hidden for its few votes."""
    text = _("Fewer than {votes} ratings, or others could be told from it: not shown")
    return Wording(text, "too-early", {"votes": MIN_VOTES})


def of_too_few_staff() -> Wording:
    """What stands where a place is shown with the one above it."""
    text = _("Fewer than {staff} people serve here: shown together with the place above")
    return Wording(text, "too-early", {"staff": MIN_STAFF})


def _of_share(found: Share, sure: str, likely: str, early: str) -> Wording:
    word = certainty(found.bounds)
    bounds = (100 * found.low, 100 * found.high)
    numbers = _figure("share", 100 * found.share, *bounds, (_whole, round))
    numbers |= {"count": found.count, "n": found.n}
    return Wording({"sure": sure, "likely": likely, "too-early": early}[word], word, numbers)


def _figure(
    name: str,
    value: float,
    low: float,
    high: float,
    roundings: Sequence[Callable[[float], int]] = (round,),
) -> dict[str, float]:
    """A figure of a hundred and its bounds: whole, or with a decimal where the bounds are equal.

    "Between 89 and 89" is no interval. Bounds in tenths are rounded outward, so they always differ
    and never promise more than was found. Charts and pages write theirs by the same rule:
    ``analytics.charts.writing.interval_percents``.
    """
    for whole in roundings:
        if whole(low) != whole(high) or low == high:
            return {name: roundings[0](value), "low": whole(low), "high": whole(high)}
    return {name: round(float(value), 1), "low": _down(low), "high": -_down(-high)}


def _down(value: float) -> float:
    """To a tenth, not above ``value`` (but for what floats are off by)."""
    return math.floor(round(10 * value, 6)) / 10


def _certainty_of(p: float) -> Certainty:
    if p <= SURE_P:
        return "sure"
    return "likely" if p <= LIKELY_P else "too-early"


def _per_cent(share: float) -> int:
    return _whole(100 * share)


def _whole(per_cent: float) -> int:
    """Whole per cent; what is nearly all or nearly nothing isn't all or nothing."""
    whole = math.floor(per_cent + 0.5)
    return min(max(whole, 1), 99) if 0 < per_cent < 100 else whole
