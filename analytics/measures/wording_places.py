"""Places against each other in plain words: the ranking and the funnel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analytics.measures.certainty import Certainty
from analytics.measures.funnel import Standing
from analytics.measures.ranking import Ranked
from analytics.measures.wording import Wording

LIKELY_ODDS: Final = 0.80
"""From such odds on a place is *likely* among the worst or best."""

SURE_ODDS: Final = 0.95
"""From such odds on it is *sure*."""


def _(message: str) -> str:
    """Mark ``message`` for the catalogues."""
    return message


def of_rank(found: Ranked, worst: int) -> Wording:
    """Whether a place is among the ``worst`` places or among as many best."""
    odds, is_best = max((found.among_worst, False), (found.among_best, True))
    if odds < LIKELY_ODDS or found.among_worst == found.among_best:
        return Wording(_("Its place in the ranking is not sure"), "too-early")
    sure: Certainty = "sure" if odds >= SURE_ODDS else "likely"
    if worst == 1:
        ends = {
            ("sure", True): _("Surely the highest share satisfied"),
            ("sure", False): _("Surely the lowest share satisfied"),
            ("likely", True): _("Probably the highest share satisfied"),
            ("likely", False): _("Probably the lowest share satisfied"),
        }
        return Wording(ends[sure, is_best], sure)
    texts = {
        ("sure", True): _("Surely among the best {places}"),
        ("sure", False): _("Surely among the worst {places}"),
        ("likely", True): _("Probably among the best {places}"),
        ("likely", False): _("Probably among the worst {places}"),
    }
    return Wording(texts[sure, is_best], sure, {"places": worst})


def of_standing(found: Standing) -> Wording:
    """Where a place lies in the funnel."""
    texts: Mapping[Standing, tuple[str, Certainty]] = {
        "as-usual": (_("As places differ anyway"), "too-early"),
        "lower": (_("Probably lower than places differ anyway"), "likely"),
        "far-lower": (_("Surely lower than places differ anyway"), "sure"),
        "higher": (_("Probably higher than places differ anyway"), "likely"),
        "far-higher": (_("Surely higher than places differ anyway"), "sure"),
    }
    return Wording(*texts[found])
