"""Which actions are the chosen place's, and of which site an action without a place is told."""

from __future__ import annotations

import os

from analytics.closed.book import Book
from analytics.closed.standing import Named
from analytics.dashboard.launch import SITE
from analytics.dashboard.view import View
from analytics.improvement.actions import Action
from analytics.improvement.protocol import Improvement
from analytics.improvement.who import Who
from broker.store.places import Place


def actions_here(view: View, improvement: Improvement, who: Who) -> list[Action]:
    """Those that he sees: all at a site or where no place is chosen, else those of the place."""
    found = improvement.actions(who)
    named = view.named
    if named is None or named.depth == 0:
        return found
    return [action for action in found if is_of(view.book, action, named)]


def is_of(book: Book, action: Action, named: Named) -> bool:
    """Whether an action is at a place or in a place within it.

    One without a place, or at a place without figures, is wherever its unit serves.
    """
    here = book.nearest(action.place) if action.place is not None else None
    if here is None:
        return bool(action.unit) and action.unit == named.unit
    while here is not None and here.place != named.place:
        here = book.place(here.above) if here.above is not None else None
    return here is not None


def site_of(view: View) -> Place | None:
    """The site that the chosen place is of, else the dashboard's own; ``None``: not known."""
    named = view.named
    while named is not None and named.above is not None:
        named = view.book.place(named.above)
    if named is not None:
        return named.place
    code = os.environ.get(SITE, "")
    return Place("site", code) if code else None
