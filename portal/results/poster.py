"""A poster of a published month: what people told us, what we did, and a code to read more."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from textwrap import shorten
from typing import Any, Final, Literal, TypeAlias

import segno

from analytics.improvement.actions import Action
from analytics.published.results import Results
from analytics.typesetting.typeset import typeset
from portal.municipality.service import read_arms
from portal.municipality.signboard import Signboard
from portal.results.area import Say
from portal.results.shown import Month, UnitMonth
from portal.web.language import Language
from portal.web.portal import Portal

Paper: TypeAlias = Literal["a4", "a3"]

_TEMPLATE: Final = Path(__file__).parent / "print" / "results.typ"
MOST_REASONS: Final = 3
MOST_ACTIONS: Final = 3
MOST_LETTERS: Final = 240
"""Of an action and of its effect: it is one page, and the public page has the rest."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def poster(
    portal: Portal,
    month: Month,
    shown: UnitMonth,
    actions: Sequence[Action],
    *,
    paper: Paper,
    language: Language,
) -> bytes:
    """A poster as PDF of what is public of a unit's month, in one language.

    Raises:
        TypesetError: it could not be set.
    """
    town = portal.part(Signboard).shown(portal)
    arms = read_arms(portal.database, portal.settings.site)
    say, text = Say(language.code), language.text
    address = f"{portal.settings.public_url}{language.prefix}/results/{month.month}"
    address += f"/{shown.unit}" if shown.unit else ""
    content: dict[str, Any] = {
        "title": text(_("What you told us, what we did")),
        "lang": language.code,
        "paper": paper,
        "municipality": language.of(town.name),
        "arms": language.of(town.name) if arms else None,
        "unit": language.of(shown.name) if shown.unit else "",
        "month": say.month(month.month),
        "told": text(_("What you told us")),
        "done": text(_("What we did")),
        "figure": _figure(say, shown.results, language),
        "nothing": say.nothing,
        "reasons": _reasons(say, shown.results, language),
        "actions": [_action(each, language) for each in actions[:MOST_ACTIONS]],
        "more": text(_("All figures and how we count:")),
        "address": address,
        "shown": address.removeprefix("https://").removeprefix("http://"),
    }
    drawn = BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="svg", border=0, unit="mm")
    pictures = {"code": drawn.getvalue(), **({"arms": arms.content} if arms else {})}
    return typeset(_TEMPLATE, content, portal.clock(), pictures, look=portal.settings.look)


def _figure(say: Say, results: Results, language: Language) -> dict[str, Any] | None:
    figure = results.main
    if figure is None:
        return None
    share = figure.satisfied
    return {
        "share": say.share(share),
        "word": language.text(_("satisfied")),
        "said": say.figure(figure),
        "certainty": say.certainty(figure),
        "n": language.many(share.n, "From 1 rating.", "From {n} ratings."),
        "part": share.share,
        "low": share.low,
        "high": share.high,
    }


def _reasons(say: Say, results: Results, language: Language) -> dict[str, Any] | None:
    """What was named most, if anything was asked."""
    if not results.told:
        return None
    told = results.told[0]
    return {
        "question": language.of(told.texts),
        "options": [
            {
                "text": language.of(each.texts),
                "share": say.share(each.chosen),
                "between": say.interval(each.chosen),
                "part": each.chosen.share,
            }
            for each in told.options[:MOST_REASONS]
        ],
    }


def _action(action: Action, language: Language) -> dict[str, str]:
    effect = action.effect
    said = language.of({"bg": effect.words_bg, "en": effect.words_en}) if effect else ""
    return {
        "text": _short(language.of({"bg": action.public_bg, "en": action.public_en})),
        "effect": _short(said),
    }


def _short(text: str) -> str:
    return shorten(text, MOST_LETTERS, placeholder=" …")
