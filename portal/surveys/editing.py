"""Changes of a draft, as functions from drafts to drafts. Pure.

What can't be done (moving up the first question) leaves the draft as it is: nobody loses anything
by pressing a button twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias

from broker.store.scales import SCALES
from portal.surveys.draft import (
    MAX_FOLLOW_UPS,
    MAX_PAGES,
    MAX_QUESTIONS,
    Draft,
    Holds,
    Item,
    Leaf,
    Named,
    Sort,
    Texts,
    Why,
)

MAX_BIN: Final = 10

Edit: TypeAlias = Callable[[Draft], Draft]
Direction: TypeAlias = Literal["up", "down"]


def add_item(draft: Draft, page: int, item: Item) -> Draft:
    """``item`` at the end of a page; nothing where there are :data:`MAX_QUESTIONS` already."""
    if question_count(draft) >= MAX_QUESTIONS or not 0 <= page < len(draft.pages):
        return draft
    leaf = draft.pages[page]
    return _with_page(draft, page, (*leaf.items, item))


def question_count(draft: Draft) -> int:
    """How many questions a draft becomes; rows of a matrix are one each."""
    return sum(max(1, len(item.rows)) if item.sort == "matrix" else 1 for item in draft.items)


def replace_item(draft: Draft, code: str, new: Item) -> Draft:
    """``new`` in the place of the question ``code``; conditions on it follow a change of code."""
    pages = tuple(
        leaf.model_copy(
            update={"items": tuple(new if item.code == code else item for item in leaf.items)}
        )
        for leaf in draft.pages
    )
    changed = draft.model_copy(update={"pages": pages})
    return _renamed(changed, code, new.code) if new.code != code else changed


def remove_item(draft: Draft, code: str) -> Draft:
    """Without that question, which goes to the bin.

    Conditions on it stay, and the check list names them.
    """
    item = draft.find(code)
    if item is None:
        return draft
    kept = (item, *(each for each in draft.bin if each.code != code))[:MAX_BIN]
    return _taken_out(draft, code).model_copy(update={"bin": kept})


def put_back(draft: Draft, code: str) -> Draft:
    """A question from the bin, at the end; under another code where its own is taken."""
    item = next((each for each in draft.bin if each.code == code), None)
    room = MAX_QUESTIONS - question_count(draft)
    if item is None or room < max(1, len(item.rows)):
        return draft
    left = tuple(each for each in draft.bin if each.code != code)
    is_taken = bool({item.code, *item.codes} & set(draft.all_codes()))
    back = _recoded(draft, item) if is_taken else item
    return add_item(draft, len(draft.pages) - 1, back).model_copy(update={"bin": left})


def move_item(draft: Draft, code: str, direction: Direction) -> Draft:
    """One place up or down, over the ends of its page to the next one."""
    item = draft.find(code)
    if item is None:
        return draft
    page = draft.page_of(code)
    items = draft.pages[page].items
    place = items.index(item)
    target = place + (-1 if direction == "up" else 1)
    if 0 <= target < len(items):
        order = [*items]
        order[place], order[target] = order[target], order[place]
        return _with_page(draft, page, order)
    other = page + (-1 if direction == "up" else 1)
    if not 0 <= other < len(draft.pages):
        return draft
    there = draft.pages[other].items
    moved = (*there, item) if direction == "up" else (item, *there)
    return _with_page(_taken_out(draft, code), other, moved)


def add_page(draft: Draft) -> Draft:
    """One more at the end."""
    if len(draft.pages) >= MAX_PAGES:
        return draft
    return draft.model_copy(update={"pages": (*draft.pages, Leaf())})


def name_page(draft: Draft, page: int, title: Texts) -> Draft:
    """Another title of a page."""
    pages = [*draft.pages]
    pages[page] = pages[page].model_copy(update={"title": title})
    return draft.model_copy(update={"pages": tuple(pages)})


def move_page(draft: Draft, page: int, direction: Direction) -> Draft:
    """A page with all of its questions, one place up or down."""
    target = page + (-1 if direction == "up" else 1)
    if not (0 <= page < len(draft.pages) and 0 <= target < len(draft.pages)):
        return draft
    pages = [*draft.pages]
    pages[page], pages[target] = pages[target], pages[page]
    return draft.model_copy(update={"pages": tuple(pages)})


def remove_page(draft: Draft, page: int) -> Draft:
    """Without that page; its questions go to the one before it, or after it. One always stays."""
    if len(draft.pages) < 2 or not 0 <= page < len(draft.pages):
        return draft
    pages = [*draft.pages]
    gone = pages.pop(page)
    heir = max(0, page - 1)
    items = pages[heir].items
    joined = (*items, *gone.items) if page else (*gone.items, *items)
    pages[heir] = pages[heir].model_copy(update={"items": joined})
    return draft.model_copy(update={"pages": tuple(pages)})


def copy_item(draft: Draft, code: str) -> Draft:
    """The same question once more behind it, under codes of its own, asked of everyone."""
    item = draft.find(code)
    if item is None or question_count(draft) + max(1, len(item.rows)) > MAX_QUESTIONS:
        return draft
    copy = _recoded(draft, item)
    page = draft.page_of(code)
    items = draft.pages[page].items
    place = items.index(item) + 1
    return _with_page(draft, page, (*items[:place], copy, *items[place:]))


def add_follow_up(draft: Draft, code: str) -> Draft:
    """One more follow-up of a rating, after the worse half of its answers."""
    item = draft.find(code)
    if item is None or item.scale is None or len(item.follow_ups) >= MAX_FOLLOW_UPS:
        return draft
    values = SCALES[item.scale].values
    why = Why(
        code=draft.new_code(f"{code}-why"),
        when=tuple(values[: max(1, len(values) // 2)]),
        options=(Named(code="reason-1"), Named(code="reason-2")),
    )
    changed = item.model_copy(update={"follow_ups": (*item.follow_ups, why)})
    return replace_item(draft, code, changed)


def new_item(draft: Draft, sort: Sort) -> Item:
    """A question of that sort, with nothing written yet."""
    rows: tuple[Named, ...] = ()
    code = draft.new_code("q-1" if not draft.items else f"q-{len(draft.items) + 1}")
    if sort == "matrix":
        rows = tuple(Named(code=draft.new_code(f"{code}-{n}")) for n in (1, 2))
    options = tuple(Named(code=f"option-{n}") for n in (1, 2))
    return Item(
        code=code, sort=sort, rows=rows, options=options if sort in {"choice", "multiple"} else ()
    )


def _recoded(draft: Draft, item: Item) -> Item:
    """``item`` under codes that nothing in ``draft`` has."""
    follow_ups = tuple(
        why.model_copy(update={"code": draft.new_code(why.code)}) for why in item.follow_ups
    )
    return item.model_copy(
        update={
            "code": draft.new_code(item.code),
            "rows": _copied(draft, item.rows),
            "follow_ups": follow_ups,
        }
    )


def _taken_out(draft: Draft, code: str) -> Draft:
    return _each_page(draft, lambda items: (item for item in items if item.code != code))


def _copied(draft: Draft, rows: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(row.model_copy(update={"code": draft.new_code(row.code)}) for row in rows)


def _with_page(draft: Draft, page: int, items: Iterable[Item]) -> Draft:
    pages = [*draft.pages]
    pages[page] = pages[page].model_copy(update={"items": tuple(items)})
    return draft.model_copy(update={"pages": tuple(pages)})


def _each_page(draft: Draft, change: Callable[[tuple[Item, ...]], Iterable[Item]]) -> Draft:
    pages = tuple(
        leaf.model_copy(update={"items": tuple(change(leaf.items))}) for leaf in draft.pages
    )
    return draft.model_copy(update={"pages": pages})


def _renamed(draft: Draft, old: str, new: str) -> Draft:
    def follow(item: Item) -> Item:
        holds = tuple(
            Holds(question=new, values=each.values, options=each.options)
            if each.question == old
            else each
            for each in item.only_if
        )
        return item.model_copy(update={"only_if": holds})

    return _each_page(draft, lambda items: map(follow, items))
