"""What was done about what was learnt: actions with what came of them, and targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analytics.figures.effect import Effect, effect_of
from analytics.figures.key import KeyFigures, main_figures
from analytics.figures.words import effect_text
from analytics.improvement import words as improvement_words
from analytics.improvement.actions import OPEN, Action
from analytics.improvement.targets import Measure, Target, verdict
from analytics.measures.interval import Interval
from analytics.reports.content.telling import Telling, together, words
from analytics.reports.document import (
    Block,
    Bullets,
    Heading,
    Note,
    Paragraph,
    Run,
    Table,
    Text,
)


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


_VERDICTS: Final = {
    "met": _("met"),
    "not-met": _("not met"),
    "too-early": _("too early to tell"),
}
_PROMISES: Final[dict[Measure, str]] = {
    "satisfied": _("at least {level} satisfied"),
    "dissatisfied": _("at most {level} dissatisfied"),
    "index": _("index of at least {level}"),
    "response": _("at least {level} of those served rate"),
}


def unknown(telling: Telling) -> Note:
    """That nobody could be asked."""
    text = telling.text(
        "Actions, targets and the journal of methods are kept by the portal. None was there to "
        "ask, so this report says nothing of them."
    )
    return Note(words(text))


def action_line(telling: Telling, action: Action) -> Text:
    """An action in one line: what, where, whose, until when, and whether that day is over."""
    place = telling.name_of(action.place) if action.place is not None else ""
    day = telling.text("until {day}", day=telling.writing.short_day(action.due_on))
    parts = [part for part in (place, action.owner_name, day) if part]
    if action.is_overdue(telling.made_on):
        parts.append(telling.text("overdue"))
    return (Run(action.title, strong=True), Run(f" ({', '.join(parts)})"))


def taken(telling: Telling) -> Iterator[Block]:
    """What took effect in the period and what came of it, failures too; then the rest."""
    if not telling.facts.is_known:
        yield unknown(telling)
        return
    found = telling.facts.effective_in(telling.period)
    if not found:
        yield Paragraph(words(telling.text("No measure took effect in this period.")))
    effective = public(found)
    for action in effective:
        yield Heading(action.title)
        yield Paragraph(_effect(telling, action))
    if effective:
        text = telling.text(
            "An effect says what changed, not what changed it: other things happen in eight "
            "weeks, too. Measures that did not help are told like the others."
        )
        yield Note(words(text))
    yield from not_public(telling, "effective", found)
    yield from _lists(telling)


def public(actions: Sequence[Action]) -> list[Action]:
    """Those that may be told outside the administration: somebody decided that they are."""
    return [each for each in actions if each.is_public]


def not_public(telling: Telling, of: str, actions: Sequence[Action]) -> Iterator[Block]:
    """How many there are besides: what goes outside tells no more of them."""
    if number := len(actions) - len(public(actions)):
        figure = telling.count(f"actions.{of}.not-public", number)
        yield Paragraph(telling.tell("Measures that are not public: {number}.", number=figure))


def _lists(telling: Telling) -> Iterator[Block]:
    """What is under way, and what was given up."""
    for title, state in (
        (telling.text("Under way"), "under-way"),
        (telling.text("Dropped"), "dropped"),
    ):
        found = [each for each in telling.facts.actions if each.state == state]
        if found:
            yield Heading(title)
            yield from listed(telling, state, found)


def listed(telling: Telling, of: str, actions: Sequence[Action]) -> Iterator[Block]:
    """The public ones in a line each, and how many the others are."""
    if shown := public(actions):
        yield Bullets(tuple(action_line(telling, each) for each in shown))
    yield from not_public(telling, of, actions)


def _effect(telling: Telling, action: Action) -> Text:
    """Ground, day, and the effect as the page on actions says it."""
    on = action.took_effect_on
    day = telling.writing.day(on) if on is not None else ""
    ground = telling.text("Ground: {ground}", ground=action.ground.words.rstrip(". "))
    found = effect_of(telling.whole, action, telling.site)
    said = _effect_words(telling, action, found) if found is not None else ""
    return together(
        words(f"{ground}."),
        words(telling.text("In effect since {day}.", day=day)),
        words(action.description),
        (Run(said, strong=True),),
    )


def _effect_words(telling: Telling, action: Action, found: Effect) -> str:
    """The sentence with its figures; of less than a unit without them, for the report goes out."""
    named = telling.whole.nearest(action.place) if action.place is not None else None
    is_of_less = named is not None and not telling.is_of_unit(named)
    if is_of_less and not found.has_new_scale:
        outcome = improvement_words.OUTCOMES[found.outcome]
        return f"{improvement_words.say(outcome, telling.language)}."
    return effect_text(found, telling.writing)


def planned(telling: Telling) -> list[Action]:
    """What is still to be done, by due day."""
    found = [each for each in telling.facts.actions if each.state in OPEN]
    return sorted(found, key=lambda each: (each.due_on, each.title))


def targets_table(telling: Telling, targets: Sequence[Target]) -> Table:
    """Each promise with its figure of the period, and whether it is met."""
    rows = [_target(telling, each) for each in targets]
    return Table(
        telling.text("Targets, and whether they are met"),
        (
            telling.text("What was promised"),
            telling.text("Level"),
            telling.text("Figure"),
            telling.text("Met?"),
        ),
        tuple(rows),
        ("start", "start", "start", "start"),
    )


def _target(telling: Telling, target: Target) -> tuple[Text, ...]:
    writing = telling.writing
    is_index = target.measure == "index"
    level = writing.number(target.level) if is_index else writing.percent(target.level)
    promised = telling.text(_PROMISES[target.measure], level=level)
    text = target.text_en if telling.language == "en" and target.text_en else target.text_bg
    found = _figures(telling, target)
    value, bounds = _value(telling, target, found)
    said = telling.text(_VERDICTS[verdict(target.measure, target.level, bounds)])
    return words(text), words(promised), value, words(said)


def _figures(telling: Telling, target: Target) -> KeyFigures | None:
    days = telling.period
    book = telling.whole.only({target.unit} if target.unit else frozenset())
    places = None if target.place is None else frozenset({target.place})
    asked = telling.asked.in_period(days)
    asked = type(asked)(days, places, target.survey or None)
    return main_figures(book, asked)


def _value(
    telling: Telling, target: Target, found: KeyFigures | None
) -> tuple[Text, Interval | None]:
    """The figure as it is written, and its interval; of a response rate nothing is known here."""
    if found is None or target.measure == "response":
        return words("–"), None
    writing = telling.writing
    if target.measure == "index":
        bounds = Interval(found.index.low, found.index.high)
        figure = telling.count(f"target.{target.id}", round(found.index.value))
        return (
            figure,
            Run(f" ({writing.number(bounds.low)}–{writing.number(bounds.high)})"),
        ), bounds
    share = found.satisfied if target.measure == "satisfied" else found.dissatisfied
    figure = telling.share(f"target.{target.id}", share.share)
    return (figure, Run(f" ({writing.percents(share.low, share.high)})")), share.bounds


def method_name(telling: Telling, method: str) -> str:
    """A method of the journal, as people call it."""
    return improvement_words.say(improvement_words.METHODS[method], telling.language)
