"""The methods of art. 24: which were used, how often, and what each of them told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analytics.improvement.journal import METHODS, Entry, Method
from analytics.reports.content.measures import method_name
from analytics.reports.content.sources import DEVICES, rated_by, survey_channels
from analytics.reports.content.telling import NONE, Telling, together, words
from analytics.reports.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
)

LISTED: Final[Sequence[Method]] = tuple(
    each for each in METHODS if each not in {"other", "focus-group"}
)
"""The methods that are named as not used where they were not."""


def methods_blocks(telling: Telling) -> Iterator[Block]:
    """A table of those that were used, and in one line those that were not."""
    rows = [row for method in METHODS if (row := _row(telling, method)) is not None]
    if rows:
        yield Table(
            telling.text("Methods used, and how much was learnt from"),
            (telling.text("Method"), telling.text("When"), telling.text("Number")),
            tuple(rows),
            ("start", "start", "end"),
        )
    used = {method for method in METHODS if _row(telling, method) is not None}
    missing = [method_name(telling, each) for each in LISTED if each not in used]
    if missing:
        text = telling.text("Not used, or not entered: {methods}.", methods="; ".join(missing))
        yield Paragraph(words(text))


def _row(telling: Telling, method: Method) -> tuple[Text, ...] | None:
    """One method; devices and surveys have their ratings, the others what the journal says."""
    found = [each for each in telling.facts.entries if each.method == method]
    n = _ratings(telling, method)
    if not found and not n:
        return None
    numbers = [each.n for each in found if each.n is not None]
    n += sum(numbers)
    days = telling.days(telling.period) if n and not found else _when(telling, found)
    figure: Text = (telling.count(f"method.{method}.n", n),) if n or numbers else words(NONE)
    return words(method_name(telling, method)), words(days), figure


def _ratings(telling: Telling, method: Method) -> int:
    if method == "devices":
        return rated_by(telling, DEVICES)
    return rated_by(telling, survey_channels(telling)) if method == "survey" else 0


def _when(telling: Telling, found: Sequence[Entry]) -> str:
    first = min(each.from_on for each in found)
    last = max(each.to_on for each in found)
    return telling.days(type(telling.period)(first, last))


def journal_sections(telling: Telling) -> Iterator[Section]:
    """What the journal says of each other method."""
    blocks = tuple(_journal(telling))
    yield Section(telling.text("Results of the other methods"), blocks)


def _journal(telling: Telling) -> Iterator[Block]:
    for method in METHODS:
        found = [each for each in telling.facts.entries if each.method == method]
        if found:
            yield Heading(method_name(telling, method))
            yield Bullets(tuple(_entry(telling, each) for each in found))
    if telling.facts.is_known and not telling.facts.entries:
        text = telling.text("The journal of methods has no entries of this period.")
        yield Paragraph(words(text))


def _entry(telling: Telling, entry: Entry) -> Text:
    days = telling.days(type(telling.period)(entry.from_on, entry.to_on))
    texts: list[Text] = [(Run(f"{days}. ", strong=True), Run(entry.findings.strip()))]
    if entry.n is not None:
        number = telling.count(f"entry.{entry.id}.n", entry.n)
        texts.append(telling.tell("(number: {number})", number=number))
    if entry.done.strip():
        texts.append(words(telling.text("Done: {done}", done=entry.done.strip())))
    return together(*texts)
