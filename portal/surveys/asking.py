"""What is asked of whom: the steps of a survey, and what of them follows from the answers. Pure.

A follow-up, and a question with a condition, can stand only behind the answer that it depends on;
without a script that is a page later. So each page of a survey is cut into steps, as few as do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

from broker.fleet.surveys import Survey
from broker.store.database import Database
from broker.store.scales import SCALES
from portal.surveys.editions import published

Said: TypeAlias = Mapping[str, tuple[str, ...]]
"""Code of what was asked → what was said; nothing: it was left out. Values as in events: a number
of the scale, codes of options, a number, an ISO day, a comment."""

MOST_UNCHECKED: Final = 8
"""Above so many answers a survey of several steps shows them all before they are sent."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked: a question, or a follow-up of one.

    Attributes:
        sort: ``rating``, ``choice``, ``multiple``, ``number``, ``date`` or ``comment``.
        options: code and texts of each that can be chosen.
        follows: the question whose rating leads here, where it is a follow-up, ``when`` it is one
            of these.
        conditions: question, and the values and options of which one leads here; all must hold.
        matrix: code and texts of the heading under which it is a row.
        level: how many answers on its page come before it, one because of the other.
    """

    code: str
    texts: Mapping[str, str]
    sort: str
    page: int = 1
    hint: Mapping[str, str] | None = None
    scale: str = ""
    drawing: str = "faces"
    options: tuple[tuple[str, Mapping[str, str]], ...] = ()
    least: float | None = None
    most: float | None = None
    unit: Mapping[str, str] | None = None
    at_least: int = 1
    at_most: int = 0
    is_required: bool = False
    matrix: tuple[str, Mapping[str, str]] | None = None
    follows: str = ""
    when: frozenset[str] = frozenset()
    conditions: tuple[tuple[str, frozenset[str]], ...] = ()
    level: int = 0

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return f"q-{self.code}"

    @property
    def full_texts(self) -> Mapping[str, str]:
        """What it asks, for where it stands alone: a row has its heading in front."""
        if self.matrix is None:
            return self.texts
        heading = self.matrix[1]
        return {
            language: " – ".join(filter(None, (heading.get(language), text)))
            for language, text in self.texts.items()
        }

    @property
    def values(self) -> tuple[str, ...]:
        """What can be said, worst first; empty where it is not chosen from a list."""
        if self.scale:
            return tuple(map(str, SCALES[self.scale].values))
        return tuple(code for code, _ in self.options)


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked at once; not all of it need be asked of everyone."""

    page: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A published survey, cut into steps."""

    survey: Survey
    items: tuple[Item, ...]
    steps: tuple[Step, ...]

    def asked(self, said: Said) -> list[Item]:
        """All that is asked of whoever says so, in order; answers to anything else are void."""
        found: list[Item] = []
        valid: dict[str, tuple[str, ...]] = {}
        for item in self.items:
            if _holds(item, valid):
                found.append(item)
                valid[item.code] = said.get(item.code, ())
        return found

    def on_step(self, number: int, said: Said) -> list[Item]:
        """What a step asks of whoever said so before it."""
        codes = {item.code for item in self.steps[number].items}
        return [item for item in self.asked(said) if item.code in codes]

    def step_after(self, number: int, said: Said) -> int | None:
        """The next step that asks anything; ``None`` behind the last one. ``-1`` is before all."""
        later = range(number + 1, len(self.steps))
        return next((each for each in later if self.on_step(each, said)), None)

    def step_before(self, number: int, said: Said) -> int | None:
        """The step before that asks anything."""
        return next((each for each in reversed(range(number)) if self.on_step(each, said)), None)

    def may_follow(self, number: int, said: Said) -> list[int]:
        """The steps behind ``number`` that some answers on it, or behind it, would lead to."""
        earlier = {item.code for step in self.steps[:number] for item in step.items}
        valid: dict[str, tuple[str, ...]] = {}
        possible: set[str] = set()
        for item in self.items:
            needs = [*item.conditions, *([(item.follows, item.when)] if item.follows else [])]
            if not all(
                code in possible or leads.intersection(valid.get(code, ())) for code, leads in needs
            ):
                continue
            if item.code in earlier:
                valid[item.code] = said.get(item.code, ())
            else:
                possible.add(item.code)
        later = range(number + 1, len(self.steps))
        return [
            each for each in later if any(item.code in possible for item in self.steps[each].items)
        ]

    def sends(self, number: int, said: Said) -> bool:
        """Whether a step is surely the last page: its button says that it sends the form."""
        return not self.may_follow(number, said) and not self.is_long(said)

    def is_long(self, said: Said) -> bool:
        """Whether people should see all their answers before they send them."""
        return len(self.steps) > 1 and len(self.asked(said)) > MOST_UNCHECKED


@lru_cache(maxsize=256)
def questionnaire(feedback: Database, code: str, version: int) -> Questionnaire:
    """A published version; it never changes, so it is cut once.

    Raises:
        FleetError: there is none.
    """
    return cut(published(feedback, code, version))


def cut(survey: Survey) -> Questionnaire:
    """Cut a survey into steps."""
    items = tuple(_items(survey))
    in_order = sorted(items, key=lambda item: (item.page, item.level))
    groups = groupby(in_order, lambda item: (item.page, item.level))
    steps = tuple(Step(page, tuple(group)) for (page, _), group in groups)
    return Questionnaire(survey, items, steps)


def _holds(item: Item, valid: Said) -> bool:
    """Whether an item is asked of whoever said all this; what wasn't asked isn't in it."""
    if item.follows and not item.when.intersection(valid.get(item.follows, ())):
        return False
    return all(leads.intersection(valid.get(code, ())) for code, leads in item.conditions)


def _items(survey: Survey) -> Iterator[Item]:
    """All items in order, follow-ups behind their questions."""
    headings = {matrix.code: (matrix.code, matrix.texts) for matrix in survey.matrices}
    places: dict[str, tuple[int, int]] = {}
    for question in survey.questions:
        conditions = tuple(
            (each.question, frozenset((*map(str, each.values), *each.options)))
            for each in question.only_if
        )
        level = _level(question.page, [code for code, _ in conditions], places)
        places[question.code] = question.page, level
        yield Item(
            code=question.code,
            texts=question.texts,
            sort=question.sort,
            page=question.page,
            hint=question.hint,
            scale=question.scale or "",
            drawing=question.drawing,
            options=tuple((option.code, option.texts) for option in question.options),
            least=question.least,
            most=question.most,
            unit=question.unit,
            at_least=question.at_least or 1,
            at_most=question.at_most or len(question.options),
            is_required=question.is_required,
            matrix=headings.get(question.matrix or ""),
            conditions=conditions,
            level=level,
        )
        for follow_up in question.follow_ups:
            places[follow_up.question] = question.page, level + 1
            yield Item(
                code=follow_up.question,
                texts=follow_up.texts,
                sort="choice",
                page=question.page,
                options=tuple((option.code, option.texts) for option in follow_up.options),
                follows=question.code,
                when=frozenset(map(str, follow_up.when)),
                level=level + 1,
            )


def _level(page: int, needed: Iterable[str], places: Mapping[str, tuple[int, int]]) -> int:
    """The first level of ``page`` at which all that is ``needed`` was answered."""
    levels = [level for on, level in (places[code] for code in needed) if on == page]
    return max(levels, default=-1) + 1
