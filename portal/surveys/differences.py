"""What is new in a draft against the version before, question by question. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from portal.surveys.draft import Draft, Item, Named, Texts

Kind: TypeAlias = Literal["added", "removed", "moved", "words", "answers", "conditions", "texts"]


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


KIND_NAMES: dict[Kind, str] = {
    "added": _("Added"),
    "removed": _("Removed"),
    "moved": _("Elsewhere"),
    "words": _("Other words"),
    "answers": _("Other answers"),
    "conditions": _("Asked of others"),
    "texts": _("Title, introduction or thanks"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is new.

    Attributes:
        was: the question's texts before; empty where there was none.
        now: the same after.
    """

    kind: Kind
    was: Texts
    now: Texts


def differences(before: Draft, after: Draft) -> list[Difference]:
    """Everything that is new."""
    return list(_differences(before, after))


def _differences(before: Draft, after: Draft) -> Iterator[Difference]:
    for was, now in (
        (before.title, after.title),
        (before.intro, after.intro),
        (before.thanks, after.thanks),
        *_titles(before, after),
    ):
        if _written(was) != _written(now):
            yield Difference("texts", was, now)
    for item in after.items:
        earlier = before.find(item.code)
        if earlier is None:
            yield Difference("added", {}, item.texts)
        else:
            yield from _of_item(earlier, item)
    yield from _moved(before, after)
    for item in before.items:
        if after.find(item.code) is None:
            yield Difference("removed", item.texts, {})


def _moved(before: Draft, after: Draft) -> Iterator[Difference]:
    order = [item.code for item in after.items if before.find(item.code)]
    there = [item.code for item in before.items if after.find(item.code)]
    for was_at, code in enumerate(there):
        is_elsewhere = order[was_at] != code or before.page_of(code) != after.page_of(code)
        found = after.find(code)
        if is_elsewhere and found is not None:
            yield Difference("moved", found.texts, found.texts)


def _titles(before: Draft, after: Draft) -> Iterator[tuple[Texts, Texts]]:
    for number in range(max(len(before.pages), len(after.pages))):
        titles = [d.pages[number].title if number < len(d.pages) else {} for d in (before, after)]
        yield titles[0], titles[1]


def _of_item(was: Item, now: Item) -> Iterator[Difference]:
    if _written(was.texts) != _written(now.texts) or _written(was.hint) != _written(now.hint):
        yield Difference("words", was.texts, now.texts)
    if _answers(was) != _answers(now):
        yield Difference("answers", was.texts, now.texts)
    if was.only_if != now.only_if:
        yield Difference("conditions", was.texts, now.texts)


def _answers(item: Item) -> tuple[object, ...]:
    return (
        item.sort,
        item.head if item.sort == "matrix" else None,
        _named(item.options),
        _named(item.rows),
        [(w.code, _written(w.texts), w.when, _named(w.options)) for w in item.follow_ups],
        (item.at_least, item.at_most, item.least, item.most, _written(item.unit)),
        item.is_required,
    )


def _named(named: tuple[Named, ...]) -> list[tuple[str, Texts]]:
    return [(each.code, _written(each.texts)) for each in named]


def _written(texts: Texts) -> Texts:
    return {language: text for language, text in texts.items() if text}
