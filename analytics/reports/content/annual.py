"""The annual report on satisfaction, art. 24 of the Ordinance on administrative service.

Наредба за административното обслужване, чл. 24: the administration studies and measures the
satisfaction of those it serves, and publishes a report on it every year: the methods that were
used, the results of each, the measures taken and their effect, and what is next.
"""

from __future__ import annotations

from collections.abc import Iterator

from analytics.figures.key import key_figures
from analytics.figures.reasons import reasons
from analytics.improvement.targets import Target
from analytics.reports.content.blocks import (
    course_blocks,
    key_block,
    meaning,
    nothing,
    part_of_before,
    reasons_blocks,
    scale_words,
)
from analytics.reports.content.measures import (
    listed,
    planned,
    taken,
    targets_table,
)
from analytics.reports.content.methods import journal_sections, methods_blocks
from analytics.reports.content.names import option_text, question_text
from analytics.reports.content.periodic import places_blocks
from analytics.reports.content.sources import channels_table, how_made
from analytics.reports.content.telling import Telling, words
from analytics.reports.document import (
    Block,
    Heading,
    Note,
    Paragraph,
    Section,
)


def annual(telling: Telling) -> tuple[Section, ...]:
    """Methods, results by method and channel, measures and their effect, and what is next."""
    target = max((t.level for t in telling.facts.targets if _is_whole(telling, t)), default=None)
    return (
        Section(telling.text("Introduction"), tuple(_introduction(telling))),
        Section(telling.text("The year in brief"), tuple(_brief(telling))),
        Section(telling.text("Methods used"), tuple(methods_blocks(telling))),
        Section(telling.text("Results: devices and surveys"), tuple(_results(telling))),
        Section(telling.text("How it went"), tuple(course_blocks(telling, target))),
        Section(telling.text("Results place by place"), tuple(places_blocks(telling))),
        *journal_sections(telling),
        Section(telling.text("Measures taken and their effect"), tuple(taken(telling))),
        Section(telling.text("Targets"), tuple(_targets(telling))),
        Section(telling.text("What is next"), tuple(_next(telling))),
        Section(telling.text("Methods and limits"), tuple(how_made(telling))),
    )


def _is_whole(telling: Telling, target: Target) -> bool:
    """Whether a target is of what the report is about as a whole: it stands on its chart then."""
    is_here = target.unit == telling.unit and target.place == telling.place
    return target.measure == "satisfied" and is_here and not target.survey


def _introduction(telling: Telling) -> Iterator[Block]:
    yield Paragraph(
        words(
            telling.text(
                "This report is made under art. 24 of the Ordinance on administrative service. It "
                "says in which ways those who use the services of {municipality} were heard, what "
                "they said, what was done about it and with what effect, and what is planned next.",
                municipality=telling.speaker,
            )
        )
    )
    if telling.period != telling.wanted:
        yield Note(
            telling.tell(
                "The period is not over: the figures are of {days}.",
                days=telling.days(telling.period),
            )
        )


def _brief(telling: Telling) -> Iterator[Block]:
    found = key_figures(telling.book, telling.asked)
    if not found:
        yield nothing(telling)
    for each in found:
        if name := scale_words(telling, found, each.scale):
            yield Heading(name)
        yield key_block(telling, each, f"year.{each.scale}")
        yield Paragraph(meaning(telling, each, f"year.{each.scale}"))
    yield from part_of_before(telling, found)


def _results(telling: Telling) -> Iterator[Block]:
    """By channel, then what people named."""
    if not key_figures(telling.book, telling.asked):
        yield nothing(telling)
        return
    yield channels_table(telling, telling.asked)
    for each in reasons(telling.book, telling.asked):
        name = question_text(telling.book, telling.writing, each.survey, each.question)
        yield Heading(name)
        yield from reasons_blocks(telling, each)


def _targets(telling: Telling) -> Iterator[Block]:
    if not telling.facts.is_known:
        return
    if telling.facts.targets:
        yield targets_table(telling, telling.facts.targets)
    else:
        yield Paragraph(words(telling.text("No targets held in this period.")))


def _next(telling: Telling) -> Iterator[Block]:
    """What is planned; and what people named most, for which something may be."""
    if telling.facts.is_known:
        actions = planned(telling)
        if actions:
            yield Paragraph(words(telling.text("Planned and under way:")))
            yield from listed(telling, "planned", actions)
        else:
            yield Paragraph(words(telling.text("No measures are planned yet.")))
    named = [
        option_text(telling.book, telling.writing, each.survey, each.question, option.code)
        for each in reasons(telling.book, telling.asked)[:1]
        for option in each.options[:2]
    ]
    if named:
        options = ", ".join(telling.text("“{option}”", option=option) for option in named)
        yield Paragraph(
            words(
                telling.text(
                    "What people named most, and what measures should be planned for first: "
                    "{options}.",
                    options=options,
                )
            )
        )
