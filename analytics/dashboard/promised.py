"""What is promised and done at a place: targets with their verdict, and actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from analytics.dashboard.actions_here import actions_here
from analytics.dashboard.markup import plain
from analytics.dashboard.view import View
from analytics.figures.key import KeyFigures
from analytics.improvement.targets import Measure, Target, Verdict, verdict
from analytics.measures.interval import Interval


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


VERDICTS: Final[dict[Verdict, str]] = {
    "met": _("met"),
    "not-met": _("not met"),
    "too-early": _("too early to tell"),
}

MEASURES: Final[dict[Measure, str]] = {
    "satisfied": _("at least {level} satisfied"),
    "dissatisfied": _("at most {level} dissatisfied"),
    "index": _("index of at least {level}"),
    "response": _("at least {level} of those served rate"),
}


def targets_at(view: View) -> list[Target]:
    """The targets that hold at the chosen place on the last day of the period."""
    improvement, who, named = view.source.improvement, view.person, view.named
    if improvement is None or who is None or named is None:
        return []
    day = view.asked.period.to_on
    return [
        target
        for target in improvement.targets(who)
        if target.holds_on(day)
        and (named.place == target.place if target.place else target.unit == (named.unit or ""))
        and target.survey in ("", view.choices.survey or "")
    ]


def level_of(targets: Sequence[Target]) -> float | None:
    """The share satisfied that is promised: the highest, if there are several."""
    return max((each.level for each in targets if each.measure == "satisfied"), default=None)


def draw_targets(view: View, targets: Sequence[Target], figures: KeyFigures) -> None:
    """Each target, and whether it is met, not met, or that it can't be told yet."""
    _ = view.language.text
    for target in targets:
        found = verdict(target.measure, target.level, _bounds(target, figures))
        is_index = target.measure == "index"
        level = (
            view.writing.number(target.level) if is_index else view.writing.percent(target.level)
        )
        promised = _(MEASURES[target.measure]).format(level=level)
        name = _("Target")
        st.markdown(f"**{name}:** {plain(promised)} – **{_(VERDICTS[found])}**")
        st.caption(plain(target_text(view, target)))


def target_text(view: View, target: Target) -> str:
    """The promise as it was made, in his language where it was."""
    is_english = view.language.code == "en" and bool(target.text_en)
    return target.text_en if is_english else target.text_bg


def _bounds(target: Target, figures: KeyFigures) -> Interval | None:
    if target.measure == "satisfied":
        return figures.satisfied.bounds
    if target.measure == "dissatisfied":
        return figures.dissatisfied.bounds
    if target.measure == "index":
        return Interval(figures.index.low, figures.index.high)
    return None


def draw_actions(view: View) -> None:
    """What is being done here; the page on actions has the rest."""
    improvement, who, named = view.source.improvement, view.person, view.named
    if improvement is None or who is None or named is None:
        return
    found = actions_here(view, improvement, who)
    if not found:
        return
    _ = view.language.text
    st.header(_("Actions here"), anchor=False)
    for action in found:
        day = view.writing.short_day(action.due_on)
        line = _("{title}, {owner}, until {day}").format(
            title=action.title, owner=action.owner_name, day=day
        )
        st.markdown(f"- {plain(line)}")
