"""The words of statistics, explained where they stand: one tap away, in plain language."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import streamlit as st

from analytics.dashboard.language import Language

Term: TypeAlias = Literal[
    "satisfied", "interval", "certainty", "index", "limits", "ranking", "funnel", "reasons",
    "filtered", "hidden", "change", "response", "nps",
    "alert", "alert-rules", "alert-usual",
]  # fmt: skip


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


NAMES: Final[dict[Term, str]] = {
    "satisfied": _("Satisfied"),
    "interval": _("Interval"),
    "certainty": _("How sure it is"),
    "index": _("Satisfaction index"),
    "limits": _("Usual limits"),
    "ranking": _("Ranking"),
    "funnel": _("Funnel"),
    "reasons": _("Reasons"),
    "filtered": _("Filtered and as pressed"),
    "hidden": _("What is not shown"),
    "change": _("Change"),
    "response": _("Response rate"),
    "nps": _("Net Promoter Score"),
    "alert": _("What an alert is"),
    "alert-rules": _("What is looked for"),
    "alert-usual": _("What is usual"),
}

TEXTS: Final[dict[Term, str]] = {
    "satisfied": _(
        "The share of ratings that are satisfied: the two best of four or of five faces, “yes”, "
        "and 9 or 10 of ten."
    ),
    "interval": _(
        "Only some visitors rate. The interval says where the share of all visitors probably lies: "
        "it is right 95 times of 100. The more ratings, the narrower it is. (Wilson's interval)"
    ),
    "certainty": _(
        "“Sure”: the interval is at most 10 points wide. “Likely”: at most 20. “Too early”: wider; "
        "wait for more ratings before you act on it."
    ),
    "index": _(
        "The mean of all ratings, rescaled: 0 if everybody chose the worst face, 100 if everybody "
        "chose the best."
    ),
    "limits": _(
        "Between the dashed lines the share moves by chance and as its days usually differ. Only "
        "a point outside them is news. (p-chart with Laney's correction)"
    ),
    "ranking": _(
        "A place with few ratings lands at the top or bottom by luck. So its share is drawn "
        "towards that of all places, the more the fewer ratings it has, and beside it stands how "
        "sure its place in the ranking is. (empirical Bayes)"
    ),
    "funnel": _(
        "Each dot is a place. Between the curves places differ by chance and as places do anyway; "
        "only one outside them stands out. The funnel is wide where there are few ratings."
    ),
    "reasons": _(
        "Who gives a poor rating is asked why, and may choose a reason. The shares are of those "
        "who answered; not everybody does."
    ),
    "filtered": _(
        "“As pressed” counts every rating as it was first pressed. “Filtered” takes the corrected "
        "value where a visitor corrected himself, and leaves out what the rules on misuse found, "
        "such as a child playing. Both are always kept."
    ),
    "hidden": _(
        "A figure needs at least five ratings, and a place at least three people who serve there. "
        "Days with fewer ratings are shown together with those after them, and smaller places with "
        "the one above. So no figure tells of a single visitor or employee."
    ),
    "change": _(
        "Against as many days before. It counts as better or worse only if it is more than chance "
        "and more than days differ anyway."
    ),
    "response": _("How many of the people served have rated, where their number is known."),
    "alert": _(
        "Something changed at a place, by more than chance explains. At most two false alerts a "
        "month are accepted, over all places together. An alert closes by itself when as many "
        "ratings speak against the change as had spoken for it."
    ),
    "alert-rules": _(
        "More unhappy ratings than usual; many of the worst rating within an hour; a reason that "
        "is named more often; a device without ratings where some are usual; and good news: more "
        "satisfied ratings than usual. (LLR-CUSUM; exact binomial odds for the hour)"
    ),
    "alert-usual": _(
        "What the place had in 13 weeks, without the last seven days; pulled towards all places "
        "where its past is short. Nights, holidays and days of special opening hours count as "
        "such."
    ),
    "nps": _("The share of 9 and 10 less the share of 0 to 6; from −100 to 100."),
}


def explain(language: Language, *terms: Term) -> None:
    """A button for each word, which opens its explanation."""
    with st.container(horizontal=True, gap="small"):
        for term in terms:
            with st.popover(language.text(NAMES[term]), type="tertiary", icon=":material/help:"):
                st.write(language.text(TEXTS[term]))
