"""What is missing in a draft, and what could be better, in plain words. Pure.

A fault keeps the draft from being published; advice does not. Each names the question it is about,
so that the list leads there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Literal, TypeAlias

from broker.store.scales import SCALES
from portal.surveys.draft import LANGUAGES, Draft, Item, Named, Texts
from portal.surveys.editing import question_count

Weight: TypeAlias = Literal["fault", "advice", "kiosk"]
"""``kiosk``: what keeps the survey from kiosks, and from nothing else."""

MOST_OF_ONE_SITTING = 10
MOST_AT_KIOSK = 12
LONGEST_AT_KIOSK = 120
LONGEST_OPTION_AT_KIOSK = 40
LONGEST_QUESTION = 300
LONGEST_OPTION = 150
LONGEST_TITLE = 120
LONGEST_UNIT = 30
LETTERS_OF_A_NAME = 3  # the same text of more letters in two languages was hardly translated


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the check list.

    Attributes:
        message: in English, as in the catalogue, with ``{values}``.
        item: code of the question; empty: the survey as a whole.
    """

    weight: Weight
    message: str
    item: str = ""
    values: dict[str, object] = field(default_factory=dict)


def check(draft: Draft) -> list[Remark]:
    """All there is to say about ``draft``, faults first."""
    found = [
        *_of_survey(draft),
        *(remark for item in draft.items for remark in _of_item(draft, item)),
        *_of_kiosk(draft),
    ]
    return sorted(found, key=lambda remark: ("fault", "advice", "kiosk").index(remark.weight))


def missing_in(draft: Draft) -> dict[str, int]:
    """Language → how many texts are missing in it."""
    return {
        language: sum(
            1
            for texts, is_needed in _texts_of(draft)
            if (is_needed or any(text.strip() for text in texts.values()))
            and not texts.get(language, "").strip()
        )
        for language in draft.languages
    }


def _texts_of(draft: Draft) -> Iterator[tuple[Texts, bool]]:
    """Every text, and whether it is needed."""
    yield from ((draft.title, True), (draft.intro, False), (draft.thanks, False))
    yield from ((page.title, False) for page in draft.pages)
    for item in draft.items:
        yield from ((item.texts, True), (item.hint, False), (item.unit, False))
        yield from ((each.texts, True) for each in _named_of(item))
        for why in item.follow_ups:
            yield why.texts, True
            yield from ((each.texts, True) for each in why.options)


def _named_of(item: Item) -> tuple[Named, ...]:
    """The options and rows that count for its sort."""
    return (item.options if item.has_options else ()) + (item.rows if item.sort == "matrix" else ())


def _of_survey(draft: Draft) -> Iterator[Remark]:
    if not draft.items:
        yield Remark("fault", _("There is no question yet. Add one."))
        return
    yield from _of_texts(draft, draft.title, "", _("the title"), LONGEST_TITLE)
    for texts, what in ((draft.intro, _("the introduction")), (draft.thanks, _("the thanks"))):
        yield from _of_texts(draft, texts, "", what, 2_000, is_needed=False)
    message = _(
        "Nothing is written in {language}: who reads the portal in it is asked in another "
        "language. Add it under the texts."
    )
    for language in sorted({*LANGUAGES} - {*draft.languages}):
        yield Remark("advice", message, values={"language": language})
    yield from _of_pages(draft)
    yield from _of_patience(draft)


def _of_pages(draft: Draft) -> Iterator[Remark]:
    for number, page in enumerate(draft.pages, 1):
        yield from _of_texts(
            draft, page.title, "", _("the title of a page"), LONGEST_TITLE, is_needed=False
        )
        if not page.items:
            message = _("Page {number} has no questions. Remove it, or move a question there.")
            yield Remark("fault", message, values={"number": number})
    if draft.items[0].only_if:
        message = _("The first question is asked of everyone. Remove its condition.")
        yield Remark("fault", message, draft.items[0].code)


def _of_patience(draft: Draft) -> Iterator[Remark]:
    """What makes people leave before the end."""
    count = question_count(draft)
    if count > MOST_OF_ONE_SITTING:
        message = _("{n} questions are many: after ten, people leave. What can you do without?")
        yield Remark("advice", message, values={"n": count})
    if not any(map(str.strip, draft.thanks.values())):
        yield Remark("advice", _("Say thank you at the end, and what happens with the answers."))
    if all(item.is_required for item in draft.items) and len(draft.items) > 1:
        message = _("All questions are required. Who does not want to answer one will leave.")
        yield Remark("advice", message)


def _of_texts(
    draft: Draft,
    texts: Texts,
    item: str,
    what: str,
    longest: int,
    *,
    is_needed: bool = True,
) -> Iterator[Remark]:
    """A text that is missing in a language, too long, or the same in two languages."""
    written = {language: texts.get(language, "").strip() for language in draft.languages}
    if not any(written.values()):
        if is_needed:
            yield Remark("fault", _("Not written yet: {what}."), item, {"what": what})
        return
    for language, text in written.items():
        values: dict[str, object] = {"what": what, "language": language}
        if not text:
            yield Remark("fault", _("Missing in {language}: {what}."), item, values)
        elif len(text) > longest:
            message = _("Too long in {language}: {what}. At most {n} characters are read.")
            yield Remark("fault", message, item, {**values, "n": longest})
    for one, other in combinations(filter(None, written.values()), 2):
        if one == other and sum(map(str.isalpha, one)) > LETTERS_OF_A_NAME:
            message = _("The same in two languages: {what}. Is it translated?")
            yield Remark("advice", message, item, {"what": what})


def _of_item(draft: Draft, item: Item) -> Iterator[Remark]:
    yield from _of_texts(draft, item.texts, item.code, _("the question"), LONGEST_QUESTION)
    for texts, what, most in (
        (item.hint, _("the hint"), LONGEST_QUESTION),
        (item.unit, _("the unit"), LONGEST_UNIT),
    ):
        yield from _of_texts(draft, texts, item.code, what, most, is_needed=False)
    if item.has_options:
        yield from _of_options(draft, item, item.options, _("an option"), least=2)
    if item.sort == "matrix":
        yield from _of_options(draft, item, item.rows, _("a row"), least=2)
    yield from _of_follow_ups(draft, item)
    yield from _of_conditions(draft, item)
    yield from _of_bounds(item)


def _of_options(
    draft: Draft, item: Item, options: Sequence[Named], what: str, least: int
) -> Iterator[Remark]:
    if len(options) < least:
        message = _("There are too few to choose from: {what} more is needed.")
        yield Remark("fault", message, item.code, {"what": what})
    for option in options:
        yield from _of_texts(draft, option.texts, item.code, what, LONGEST_OPTION)
    for language, (one, other) in product(draft.languages, combinations(options, 2)):
        text = one.texts.get(language, "").strip()
        if text and text.casefold() == other.texts.get(language, "").strip().casefold():
            message = _("Two read the same: “{text}”. Say how they differ.")
            yield Remark("fault", message, item.code, {"text": text})


def _of_follow_ups(draft: Draft, item: Item) -> Iterator[Remark]:
    if item.scale is None or item.sort == "matrix":
        return
    for why in item.follow_ups:
        yield from _of_texts(draft, why.texts, item.code, _("the follow-up"), LONGEST_QUESTION)
        yield from _of_options(draft, item, why.options, _("a reason"), least=1)
        if not set(why.when) & set(SCALES[item.scale].values):
            message = _("Say after which answers the follow-up is asked.")
            yield Remark("fault", message, item.code)


def _of_conditions(draft: Draft, item: Item) -> Iterator[Remark]:
    earlier = possible_answers(draft, item.code)
    for holds in item.only_if:
        given: set[int | str] = {*holds.values, *holds.options}
        if holds.question not in earlier:
            message = _(
                "It depends on a question that is not asked before it. Change the condition."
            )
            yield Remark("fault", message, item.code)
        elif not given or not given <= earlier[holds.question]:
            message = _("It depends on an answer that is not there. Change the condition.")
            yield Remark("fault", message, item.code)
        elif _page_of(draft, holds.question) == draft.page_of(item.code):
            message = _(
                "It depends on a question of the same page, so it is asked after that page was "
                "sent. Better put it on a later page."
            )
            yield Remark("advice", message, item.code)


def possible_answers(draft: Draft, before: str) -> dict[str, frozenset[int | str]]:
    """Code → its answers, for every question before ``before`` that a condition can name."""
    found: dict[str, frozenset[int | str]] = {}
    for item in draft.before(before):
        answers: frozenset[int | str] = (
            frozenset(SCALES[item.scale].values)
            if item.scale is not None
            else frozenset(option.code for option in item.options if item.has_options)
        )
        for code in item.codes[: max(1, len(item.rows)) if item.sort == "matrix" else 1]:
            if answers:
                found[code] = answers
        for why in item.follow_ups if item.scale and item.sort != "matrix" else ():
            found[why.code] = frozenset(option.code for option in why.options)
    return found


def _page_of(draft: Draft, code: str) -> int:
    """Of a question, a row or a follow-up."""
    for number, page in enumerate(draft.pages):
        if any(code in item.codes for item in page.items):
            return number
    return -1


def _of_bounds(item: Item) -> Iterator[Remark]:
    if item.sort == "multiple":
        least, most = item.at_least or 1, item.at_most or len(item.options)
        if not least <= most <= max(len(item.options), 1):
            message = _("“At least” and “at most” don't fit the number of options.")
            yield Remark("fault", message, item.code)
    is_range = item.sort == "number" and item.least is not None and item.most is not None
    if is_range and (item.least or 0) > (item.most or 0):
        yield Remark("fault", _("The smallest number is above the greatest."), item.code)


def _of_kiosk(draft: Draft) -> Iterator[Remark]:
    if not draft.items:
        return
    if draft.items[0].scale is None or draft.items[0].sort == "matrix":
        message = _("At a kiosk the first question is a rating.")
        yield Remark("kiosk", message, draft.items[0].code)
    if question_count(draft) > MOST_AT_KIOSK:
        message = _("A kiosk asks at most {n} questions.")
        yield Remark("kiosk", message, values={"n": MOST_AT_KIOSK})
    for item in draft.items:
        yield from _of_kiosk_item(draft, item)


def _of_kiosk_item(draft: Draft, item: Item) -> Iterator[Remark]:
    if item.sort in {"multiple", "matrix", "number", "date", "comment", "stars"}:
        yield Remark("kiosk", _("A kiosk can't ask this kind of question."), item.code)
    if item.has_options and len(item.options) > MOST_AT_KIOSK:
        message = _("A kiosk shows at most {n} options.")
        yield Remark("kiosk", message, item.code, {"n": MOST_AT_KIOSK})
    options = [*item.options, *(each for why in item.follow_ups for each in why.options)]
    questions = [item.texts, *(why.texts for why in item.follow_ups)]
    is_long = any(
        len(text) > most
        for texts, most in (
            *((texts, LONGEST_AT_KIOSK) for texts in questions),
            *((option.texts, LONGEST_OPTION_AT_KIOSK) for option in options),
        )
        for language, text in texts.items()
        if language in draft.languages
    )
    if is_long:
        message = _("A text is too long for a kiosk's screen: {question} and {option} characters.")
        lengths: dict[str, object] = {
            "question": LONGEST_AT_KIOSK,
            "option": LONGEST_OPTION_AT_KIOSK,
        }
        yield Remark("kiosk", message, item.code, lengths)
