"""What came of public actions, put beside them on the public page; failures too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from analytics import figures
from analytics.charts.writing import Writing
from analytics.closed.book import Book
from analytics.figures.effect import Effect, effect_of
from analytics.figures.words import effect_text
from analytics.improvement.actions import Action
from analytics.improvement.actions import Effect as PublicEffect
from analytics.improvement.protocol import Actions
from analytics.improvement.who import DECIDERS, Who, need_power
from analytics.improvement.words import OUTCOMES, say
from broker.store.places import Place

_LANGUAGES: Final = ("bg", "en")
_CATALOGUE: Final = Path(figures.__file__).with_name("messages")


def publish_effects(book: Book, actions: Actions, who: Who, site: str = "") -> int:
    """Publish the effect of each public action of which it can be told by now; how many.

    What is too early to tell waits, what is published already stays.

    Args:
        book: of everything.
        actions: where they are kept.
        who: he decides for the whole municipality.
        site: code of the municipality's, for actions without a place; empty: the only one.

    Raises:
        NotAllowedError: he does not decide.
        NotThereError: he does for some units only.
    """
    need_power(who, "", DECIDERS)
    where = Place("site", site) if site else None
    n = 0
    for action in actions.public_actions():
        found = effect_of(book, action, where)
        if action.effect is not None or found is None or found.outcome == "too-early":
            continue
        words = (action.public_bg, action.public_en)
        actions.publish_action(
            who, action.id, words, public_effect(book, action, found), revision=action.revision
        )
        n += 1
    return n


def public_effect(book: Book, action: Action, found: Effect) -> PublicEffect:
    """An effect as the public may see it.

    Of a place below the level of a unit only whether it helped is told: figures of a desk stay
    inside the administration.
    """
    is_of_unit = _is_of_unit(book, action)
    said = {
        language: _in_full(found, language)
        if is_of_unit
        else say(OUTCOMES[found.outcome], language) + "."
        for language in _LANGUAGES
    }
    change = found.change
    kept = {} if change is None or not is_of_unit else _figures(change.before.n, change.after.n)
    return PublicEffect(found.outcome, json.dumps(kept), said["bg"], said["en"])


def _figures(before: int, after: int) -> dict[str, int]:
    return {"ratings_before": before, "ratings_after": after}


def _in_full(found: Effect, language: str) -> str:
    return effect_text(found, Writing(language, (_CATALOGUE,)))


def _is_of_unit(book: Book, action: Action) -> bool:
    """Whether it is about a whole unit, or the municipality."""
    if action.place is None or action.place.kind == "site":
        return True
    if action.place.kind == "touchpoint":
        return False
    named = book.place(action.place)
    above = book.place(named.above) if named is not None and named.above is not None else None
    return named is not None and (above is None or above.unit != named.unit)
