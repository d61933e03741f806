"""Keying paper forms in: one stroke an answer. Pure.

A form is one line of characters, in the order of its questions: the number beside the box that was
ticked, a letter behind the ninth, ``x`` for ten, ``-`` for nothing. Questions that the form's own
answers leave out have no character. What is more than one stroke has a field of its own: several
boxes, numbers, days and remarks.
"""

from __future__ import annotations

from typing import Final

from portal.surveys.asking import Item, Questionnaire, Said
from portal.web.forms import FormError

BLANK: Final = "-"
_LETTERS: Final = "123456789abcdefghijklmnopqrstuvw"
_CYRILLIC: Final = str.maketrans("абцдефгхийклмнопярстужвь", "abcdefghijklmnopqrstuvwx")
"""By where the keys are (the phonetic layout): nobody need switch the keyboard."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def keys_of(item: Item) -> tuple[str, ...]:
    """The key of each value of an item, in their order."""
    if item.scale == "nps-11":
        return (*"0123456789", "x")
    if item.scale:
        return item.values
    return tuple(_LETTERS[: len(item.options)])


def is_keyed(item: Item) -> bool:
    """Whether it is answered by one stroke."""
    return bool(item.values) and item.sort != "multiple"


def read_keys(asked: Questionnaire, typed: str, others: Said) -> Said:
    """What a line of keys says; ``others`` is what the form's other fields say.

    Raises:
        FormError: a character that no box has, or too many or too few of them.
    """
    line = [key for key in typed.lower().translate(_CYRILLIC) if not key.isspace()]
    said: dict[str, tuple[str, ...]] = dict(others)
    at = 0
    for item in asked.items:
        if not is_keyed(item) or item not in asked.asked(said):
            continue
        if at >= len(line):
            raise FormError(_("Too short: nothing stands for question {n}"), n=_number(asked, item))
        said[item.code] = _value(asked, item, line[at])
        at += 1
    if at < len(line):
        raise FormError(
            _("Too long: {n} strokes belong to this form, and there are {more}"),
            n=at,
            more=len(line),
        )
    return said


def read_boxes(item: Item, typed: str) -> list[str]:
    """The values of the boxes that were ticked, of a question that allows several: ``1 3``.

    Raises:
        FormError: there is no such box.
    """
    known = dict(zip(keys_of(item), item.values, strict=True))
    keys = [key for key in typed.lower().translate(_CYRILLIC) if key not in " ,.;-"]
    strange = [key for key in keys if key not in known]
    if strange:
        raise FormError(_("There is no box {key}"), key=strange[0])
    return [known[key] for key in keys]


def _value(asked: Questionnaire, item: Item, key: str) -> tuple[str, ...]:
    if key == BLANK:
        return ()
    known = dict(zip(keys_of(item), item.values, strict=True))
    if item.scale == "nps-11":
        known["h"] = known["x"]  # the Bulgarian х looks like it
    if key not in known:
        raise FormError(_("Question {n} has no box {key}"), n=_number(asked, item), key=key)
    return (known[key],)


def _number(asked: Questionnaire, item: Item) -> int:
    """The number of a question on the paper."""
    return asked.items.index(item) + 1
