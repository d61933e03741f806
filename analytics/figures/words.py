"""Findings and effects in sentences; the catalogues beside have them in each language."""

from __future__ import annotations

from typing import Final

from analytics.charts.writing import Writing, whole_percent
from analytics.figures.effect import DAYS, Effect
from analytics.figures.findings import Finding
from analytics.measures.change import Change


def _(message: str) -> str:
    """Mark a message for the catalogues."""
    return message


_FINDINGS: Final = {
    ("worse", "sure"): _(
        "Surely worse since {day}: {now} of 100 satisfied, {usual} of 100 are usual here."
    ),
    ("worse", "likely"): _(
        "Probably worse since {day}: {now} of 100 satisfied, {usual} of 100 are usual here."
    ),
    ("better", "sure"): _(
        "Surely better since {day}: {now} of 100 satisfied, {usual} of 100 are usual here."
    ),
    ("better", "likely"): _(
        "Probably better since {day}: {now} of 100 satisfied, {usual} of 100 are usual here."
    ),
}

_EFFECTS: Final = {
    "better": _(
        "Better, and by more than chance: the share satisfied was {after} of 100 in the {days} "
        "days after, {before} in the {days} days before."
    ),
    "worse": _(
        "Worse, and by more than chance: the share satisfied was {after} of 100 in the {days} "
        "days after, {before} in the {days} days before."
    ),
    "no-difference": _(
        "No difference beyond chance: the share satisfied was {after} of 100 in the {days} "
        "days after, {before} in the {days} days before."
    ),
}


def finding_text(found: Finding, writing: Writing) -> str:
    """What changed, against what, since when, and how sure that is."""
    return writing.text(
        _FINDINGS[found.kind, found.certainty],
        day=writing.day(found.since_on),
        now=writing.number(whole_percent(found.change.after.share)),
        usual=writing.number(whole_percent(found.change.before.share)),
    )


def reason_text(found: Finding, reason: str, writing: Writing) -> str:
    """What was named most since then; ``reason`` as people read it."""
    if found.reason is None:
        return ""
    return writing.text(
        _("Most often named: “{reason}” ({count} of {n} who said why)."),
        reason=reason,
        count=writing.number(found.reason.share.count),
        n=writing.number(found.reason.share.n),
    )


def votes_text(found: Finding, writing: Writing) -> str:
    """On how many ratings it stands, and between which bounds the difference lies."""
    return writing.text(
        _(
            "From {n} ratings since then; the difference is probably between {low} and {high} "
            "points."
        ),
        n=writing.number(found.now.n),
        low=writing.number(100 * found.change.low),
        high=writing.number(100 * found.change.high),
    )


def effect_text(found: Effect, writing: Writing) -> str:
    """What came of an action: better, worse, no difference, too early or impossible to tell.

    It says that it is of the share satisfied: an action may be meant to change something else.
    """
    if found.has_new_scale:
        return writing.text(
            _("Nothing can be compared: the scale on which people rate has changed since then.")
        )
    if found.outcome == "too-early" or found.change is None:
        return _too_early(found.change, writing)
    return writing.text(
        _EFFECTS[found.outcome],
        after=writing.number(whole_percent(found.change.after.share)),
        before=writing.number(whole_percent(found.change.before.share)),
        days=str(DAYS),
    )


def _too_early(change: Change | None, writing: Writing) -> str:
    if change is None:
        return writing.text(_("Too early to tell: there are no ratings of both times yet."))
    return writing.text(
        _(
            "Too early to tell: the difference in the share satisfied may be anything from {low} "
            "to {high} points."
        ),
        low=writing.number(100 * change.low),
        high=writing.number(100 * change.high),
    )
