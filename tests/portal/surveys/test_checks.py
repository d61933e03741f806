"""The check list: what keeps a draft from being published, and what is only advice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from broker.fleet.errors import FleetError
from broker.fleet.surveys import judge
from portal.surveys.checks import check, missing_in
from portal.surveys.draft import Draft, Holds, Item, Leaf, Named
from portal.surveys.editing import replace_item
from portal.surveys.freezing import freeze
from tests.portal.surveys.making import OVERALL, TOPIC, WHOLE, named, two


def weights(draft: Draft) -> set[tuple[str, str]]:
    """Weight and question of every remark."""
    return {(remark.weight, remark.item) for remark in check(draft)}


def changed(code: str, **changes: Any) -> Draft:  # noqa: ANN401  # fields of any kind
    """The whole draft with a question changed."""
    item = WHOLE.find(code)
    assert item is not None
    return replace_item(WHOLE, code, item.model_copy(update=changes))


def test_a_whole_draft_has_no_fault() -> None:
    """Only what keeps it from kiosks, and that eleven questions are many."""
    assert {weight for weight, _ in weights(WHOLE)} == {"kiosk", "advice"}
    assert judge(freeze(WHOLE, 1)).faults == ()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("topic", {"texts": {}}),
        ("topic", {"texts": {"bg": "Само тук"}}),
        ("topic", {"texts": two("а" * 301, "x")}),
        ("topic", {"options": named("one")}),
        ("topic", {"options": (*named("one"), Named(code="two"))}),
        ("topic", {"options": (named("one")[0], Named(code="b", texts=two("бг ONE", "two")))}),
        ("staff", {"rows": named("one")}),
        ("used", {"at_least": 3, "at_most": 2}),
        ("minutes", {"least": 5.0, "most": 1.0}),
        ("overall", {"only_if": (Holds(question="topic", options=("taxes",)),)}),
        ("used", {"only_if": (Holds(question="gone", options=("taxes",)),)}),
        ("used", {"only_if": (Holds(question="topic", options=("gone",)),)}),
        ("used", {"only_if": (Holds(question="topic"),)}),
        ("used", {"only_if": (Holds(question="words", options=("x",)),)}),
        ("overall", {"follow_ups": (OVERALL.follow_ups[0].model_copy(update={"when": ()}),)}),
        ("overall", {"follow_ups": (OVERALL.follow_ups[0].model_copy(update={"options": ()}),)}),
        ("minutes", {"unit": {"bg": "мин"}}),
    ],
)
def test_faults_are_found_before_the_store_finds_them(code: str, changes: dict[str, Any]) -> None:
    """Each names its question; what we let pass, the store would let pass, too."""
    draft = changed(code, **changes)
    assert ("fault", code) in weights(draft)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("topic", {"options": ()}),
        ("staff", {"rows": ()}),
        ("used", {"at_most": 9}),
        ("topic", {"texts": two("  ", "x")}),
        ("staff", {"head": "choice"}),
    ],
)
def test_what_the_store_refuses_is_a_fault_here(code: str, changes: dict[str, Any]) -> None:
    """So nobody meets the store's own words."""
    draft = changed(code, **changes)
    try:
        is_refused = bool(judge(freeze(draft, 1)).faults)
    except FleetError:
        is_refused = True
    assert is_refused
    assert any(remark.weight == "fault" for remark in check(draft))


def test_missing_texts_are_counted_by_language() -> None:
    """What may be left out counts where it is written in another language."""
    assert missing_in(WHOLE) == {"bg": 0, "en": 0}
    draft = changed("topic", texts={"bg": "А"}, hint={"en": "Hint"})
    assert missing_in(draft) == {"bg": 1, "en": 1}


def test_an_empty_draft_says_what_to_do() -> None:
    """One line, no fault of texts that nobody can have written yet."""
    (only,) = check(Draft(code="x", title=two("А", "A")))
    assert only.message == "There is no question yet. Add one."


def test_a_kiosk_is_told_apart() -> None:
    """A rating and a choice can be shown there; long texts can't."""
    short = Draft(
        code="x",
        title=two("А", "A"),
        thanks=two("Благодарим", "Thanks"),
        pages=(Leaf(items=(OVERALL, TOPIC)),),
    )
    assert weights(short) == set()
    assert judge(freeze(short, 1)).not_at_kiosks == ()
    long = replace_item(short, "topic", TOPIC.model_copy(update={"texts": two("а " * 70, "x")}))
    assert weights(long) == {("kiosk", "topic")}
    assert judge(freeze(long, 1)).not_at_kiosks


def test_every_message_names_its_values() -> None:
    """A line of the list never shows a placeholder."""
    drafts = [WHOLE, Draft(code="x"), changed("topic", texts={}, options=())]
    many = tuple(Item(code=f"q{n}", sort="comment", is_required=True) for n in range(14))
    drafts.append(Draft(code="x", pages=(Leaf(items=many), Leaf())))
    for remark in (each for draft in drafts for each in check(draft)):
        said = remark.message.format(**remark.values)
        assert not re.search(r"[{}]", said)


def test_one_language_alone_is_advised_against() -> None:
    """The portal speaks two; what is left as it was copied is noticed, whole sentences as well."""
    alone = WHOLE.model_copy(update={"languages": ("bg",)})
    told = [remark for remark in check(alone) if remark.values.get("language") == "en"]
    assert [remark.weight for remark in told] == ["advice"]
    copied = changed("topic", texts=two("За какво дойдохте днес?", "За какво дойдохте днес?"))
    assert ("advice", "topic") in weights(copied)
    assert ("advice", "topic") not in weights(changed("topic", texts=two("ЕГН", "ЕГН")))
