"""The weekly letter: one page for those who are to do something about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from analytics.figures.findings import MOST, Finding, findings
from analytics.figures.key import key_figures
from analytics.figures.words import finding_text, reason_text
from analytics.reports.content.blocks import (
    key_block,
    meaning,
    nothing,
    part_of_before,
    places_table,
    scale_words,
)
from analytics.reports.content.measures import action_line
from analytics.reports.content.names import option_text
from analytics.reports.content.telling import Telling, together, words
from analytics.reports.document import (
    Block,
    Bullets,
    Heading,
    Note,
    Paragraph,
    Run,
    Section,
    Text,
)

MOST_PLACES: Final = 8
MOST_ACTIONS: Final = 6
"""More would not stand on the page."""

NEWS_FOR: Final = timedelta(days=10)
"""Findings are of the day on which the letter is written: no news for an older week."""

_ALL: Final = 10**6
"""Of the findings: three of the whole municipality may be none of the letter's places."""

AHEAD: Final = timedelta(days=14)
"""Actions due in the two weeks after."""


def weekly(telling: Telling) -> tuple[Section, ...]:
    """Key figures against the week before, what is new, what is due, and the good news."""
    found = findings(telling.book, most=_ALL) if _is_news(telling) else []
    inside = {each.place for each in (telling.units if telling.is_for_outside else telling.places)}
    here = [each for each in found if each.named.place in inside]
    worse = [each for each in here if each.kind == "worse"][:MOST]
    better = [each for each in here if each.kind == "better"][:MOST]
    return (
        Section(telling.text("The week in figures"), tuple(_figures(telling))),
        Section(telling.text("What to look at"), tuple(_worse(telling, worse))),
        Section(telling.text("Good news"), tuple(_news(telling, better))),
        Section(telling.text("What is due"), tuple(_due(telling))),
        Section(telling.text("Places"), tuple(_places(telling))),
    )


def _is_news(telling: Telling) -> bool:
    last = telling.book.period.to_on
    return timedelta(0) <= last - telling.period.to_on <= NEWS_FOR


def _figures(telling: Telling) -> Iterator[Block]:
    found = key_figures(telling.book, telling.asked)
    if not found:
        yield nothing(telling)
    for each in found:
        if name := scale_words(telling, found, each.scale):
            yield Heading(name)
        yield key_block(telling, each, f"week.{each.scale}")
        yield Paragraph(meaning(telling, each, f"week.{each.scale}"))
    yield from part_of_before(telling, found)


def _worse(telling: Telling, found: list[Finding]) -> Iterator[Block]:
    if not _is_news(telling):
        text = telling.text("The week is long over; what was new then is not looked for again.")
        yield Paragraph(words(text))
    elif found:
        yield Bullets(tuple(finding_words(telling, each) for each in found))
    else:
        text = telling.text("Nothing: no place got worse than is usual there by more than chance.")
        yield Paragraph(words(text))


def _news(telling: Telling, found: list[Finding]) -> Iterator[Block]:
    if found:
        yield Bullets(tuple(finding_words(telling, each) for each in found))


def finding_words(telling: Telling, found: Finding) -> Text:
    """A finding as *Today* has it: where, what, since when, why, how sure."""
    texts: list[Text] = [
        (Run(f"{found.named.name}: ", strong=True), Run(finding_text(found, telling.writing)))
    ]
    if found.reason is not None:
        why = found.reason
        option = option_text(telling.book, telling.writing, why.survey, why.question, why.code)
        texts.append(words(reason_text(found, option, telling.writing)))
    return together(*texts)


def _due(telling: Telling) -> Iterator[Block]:
    if not telling.facts.is_known:
        text = telling.text("Actions are kept by the portal; there is none here to ask.")
        yield Note(words(text))
        return
    due = telling.facts.open_until(telling.period.to_on + AHEAD)
    if not due:
        yield Paragraph(words(telling.text("No action is due in the next two weeks.")))
        return
    yield Bullets(tuple(action_line(telling, each) for each in due[:MOST_ACTIONS]))
    if len(due) > MOST_ACTIONS:
        more = telling.count("actions.more", len(due) - MOST_ACTIONS)
        yield Paragraph(telling.tell("And {number} more.", number=more))


def _places(telling: Telling) -> Iterator[Block]:
    """Those directly in what the letter is about, while there are few."""
    known = telling.units if telling.is_for_outside else telling.places
    top = min((each.depth for each in known), default=0)
    parts = [each for each in known if each.depth == top + 1]
    if 1 < len(parts) <= MOST_PLACES:
        yield places_table(telling, parts)
