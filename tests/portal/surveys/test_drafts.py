"""Drafts: kept, changed by several people at once, frozen and thawed, and what is new told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from broker.fleet.surveys import judge, list_surveys, publish, read_survey, write_survey
from portal.audit.reading import Wanted, read_entries
from portal.audit.tables import AuditEntry
from portal.store.tables import table_of
from portal.surveys import editing, publishing
from portal.surveys.differences import differences
from portal.surveys.draft import MAX_QUESTIONS, Draft, Leaf, code_from
from portal.surveys.drafts import (
    ChangedMeanwhileError,
    DraftError,
    change_draft,
    change_item,
    create_draft,
    find_draft,
)
from portal.surveys.editing import Edit
from portal.surveys.editions import find, find_open, list_open
from portal.surveys.freezing import freeze, thaw
from portal.surveys.publishing import Opening, close_survey, open_survey, publish_draft
from portal.surveys.readymade import READY, ready_draft
from tests.portal.surveys.making import EDITOR, OVERALL, TOPIC, WHOLE, two

if TYPE_CHECKING:
    from datetime import datetime

    from broker.fleet.surveys import Published, Survey
    from broker.store.database import Database
    from portal.surveys.draft import Texts
    from portal.web.portal import Portal
    from tests.fixtures.portals import FrozenClock


def test_a_draft_becomes_a_survey_and_a_draft_again() -> None:
    """Every sort of question, and every field."""
    frozen = freeze(WHOLE, 3)
    assert thaw(frozen) == WHOLE
    assert read_survey(write_survey(frozen)) == frozen
    assert [question.sort for question in frozen.questions] == [
        *("rating", "choice", "multiple", "rating", "rating", "number", "date"),
        *("rating", "rating", "rating", "comment"),
    ]


@pytest.mark.parametrize("name", READY)
def test_ready_made_surveys_can_be_published(name: str) -> None:
    """In both languages, without a fault."""
    draft = ready_draft(name)
    assert draft.languages == ("bg", "en")
    assert judge(freeze(draft, 1)).faults == ()
    assert name == draft.code


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["up", "down", "copy", "remove", "back", "page", "drop-page", "new"]),
            st.integers(0, 12),
        ),
        max_size=25,
    )
)
def test_whatever_is_pressed_no_code_is_there_twice(pressed: list[tuple[str, int]]) -> None:
    """And no question gets lost: it stands in the draft, or in the bin."""
    draft = WHOLE
    for deed, number in pressed:
        codes = [item.code for item in draft.items] or ["none"]
        code = codes[number % len(codes)]
        before = {item.code for item in (*draft.items, *draft.bin)}
        draft = _press(draft, deed, code, number)
        taken = [each for item in draft.items for each in item.codes]
        assert len(set(taken)) == len(taken)
        assert editing.question_count(draft) <= MAX_QUESTIONS
        if deed not in {"back", "remove"}:  # from the bin it may come back under another code
            assert before <= {item.code for item in (*draft.items, *draft.bin)}


def _press(draft: Draft, deed: str, code: str, number: int) -> Draft:
    deeds: dict[str, Edit] = {
        "up": lambda there: editing.move_item(there, code, "up"),
        "down": lambda there: editing.move_item(there, code, "down"),
        "copy": lambda there: editing.copy_item(there, code),
        "remove": lambda there: editing.remove_item(there, code),
        "back": lambda there: editing.put_back(there, there.bin[0].code) if there.bin else there,
        "page": editing.add_page,
        "drop-page": lambda there: editing.remove_page(there, number % len(there.pages)),
        "new": lambda there: editing.add_item(there, 0, editing.new_item(there, "matrix")),
    }
    return deeds[deed](draft)


def test_conditions_follow_a_change_of_code() -> None:
    """Of the question that they name."""
    renamed = editing.replace_item(WHOLE, "topic", TOPIC.model_copy(update={"code": "came-for"}))
    used = renamed.find("used")
    assert used is not None
    assert used.only_if[0].question == "came-for"


def test_what_is_new_is_told() -> None:
    """Words, answers, conditions, places, and what came or went."""
    assert differences(WHOLE, WHOLE) == []
    new = editing.remove_item(WHOLE, "words")
    new = editing.add_item(new, 1, OVERALL.model_copy(update={"code": "again", "follow_ups": ()}))
    new = editing.replace_item(
        new, "topic", TOPIC.model_copy(update={"texts": two("Защо?", "Why?"), "is_required": True})
    )
    new = editing.move_item(new, "minutes", "up")
    new = new.model_copy(update={"title": two("Друго", "Other")})
    kinds = [(each.kind, each.now.get("en")) for each in differences(WHOLE, new)]
    assert ("texts", "Other") in kinds
    assert ("words", "Why?") in kinds
    assert ("answers", "Why?") in kinds
    assert ("added", "Are you satisfied?") in kinds
    assert ("moved", "How long did you wait?") in kinds
    assert ("removed", None) in kinds


@pytest.mark.parametrize(
    ("text", "code"),
    [("Приемна 2026", "priemna-2026"), ("", "x"), ("щъркел!", "shtarkel"), ("a-b", "a-b")],
)
def test_codes_are_made_of_titles(text: str, code: str) -> None:
    """By the law on transliteration."""
    assert code_from(text, "x") == code


def test_two_change_different_questions_race(portal: Portal) -> None:
    """Both changes stand there afterwards; each is noted."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())

    def change(code: str) -> None:
        item = WHOLE.find(code)
        assert item is not None
        new = item.model_copy(update={"texts": two(f"Ново {code}", f"New {code}")})
        change_item(portal.database, EDITOR, "whole", (code, item.mark), new, portal.clock())

    codes = [item.code for item in WHOLE.items]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(change, codes))
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    assert [item.texts["en"] for item in kept.draft.items] == [f"New {code}" for code in codes]
    assert kept.revision == 1 + len(codes)
    with portal.database.reading() as connection:
        noted = connection.execute(select(table_of(AuditEntry).c.action)).scalars().all()
    assert list(noted).count("surveys.draft-changed") == len(codes)


def test_the_same_question_is_changed_by_one_of_two_race(portal: Portal) -> None:
    """The other is told, and what stands there is whole."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())

    def change(text: str) -> bool:
        new = TOPIC.model_copy(update={"texts": two(text, text)})
        was = (TOPIC.code, TOPIC.mark)
        try:
            change_item(portal.database, EDITOR, "whole", was, new, portal.clock())
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(change, ["А", "Б", "В", "Г"])) == 1


def test_a_draft_is_made_once_race(portal: Portal) -> None:
    """Whoever comes second is told."""

    def make(_number: int) -> bool:
        try:
            create_draft(portal.database, EDITOR, WHOLE, portal.clock())
        except DraftError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(make, range(4))) == 1


def test_a_draft_is_published_twice_race(portal: Portal) -> None:
    """One version comes of it, open once."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())

    def publish(_number: int) -> bool:
        try:
            publish_draft(portal, EDITOR, "whole", portal.clock(), Opening())
        except DraftError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert any(pool.map(publish, range(3)))
    assert [each.survey.version for each in list_surveys(portal.feedback)] == [1]
    assert find_open(portal, "whole", portal.clock()) is not None
    assert find_draft(portal.database, "whole") is None


def test_what_is_changed_while_it_is_published_stays_in_the_draft(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version is what was looked at; the colleague's title waits for the next one."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())
    title = two("Друго", "Another")

    def publish_meanwhile(feedback: Database, survey: Survey, now: datetime) -> Published:
        change_draft(portal.database, EDITOR, "whole", partial(_named, title), now)
        return publish(feedback, survey, now)

    monkeypatch.setattr(publishing, "publish", publish_meanwhile)
    publish_draft(portal, EDITOR, "whole", portal.clock(), Opening(), revision=1)
    (published,) = list_surveys(portal.feedback)
    assert published.survey.title == WHOLE.title
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    assert kept.draft.title == title


def _named(title: Texts, draft: Draft) -> Draft:
    return draft.model_copy(update={"title": title})


def test_publishing_is_noted_before_it_is_done(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is killed in between leaves the note that it was asked for."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())

    def stages() -> list[object]:
        with portal.database.reading() as connection:
            entries = read_entries(connection, Wanted(action="surveys.publish"))
        return [each.facts["stage"] for each in entries]

    def killed(*_: object) -> None:
        assert stages() == ["asked"]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_draft(portal, EDITOR, "whole", portal.clock(), Opening())
    publish_draft(portal, EDITOR, "whole", portal.clock(), Opening())
    assert sorted(map(str, stages())) == ["asked", "asked", "done"]


def test_nothing_is_published_that_can_not_be_opened(portal: Portal) -> None:
    """A version stays for good: it is not made where its place is gone."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())
    with pytest.raises(DraftError, match="no such place"):
        publish_draft(portal, EDITOR, "whole", portal.clock(), Opening(touchpoint="gone"))
    assert list_surveys(portal.feedback) == []


def test_a_window_opens_and_closes_by_the_clock(portal: Portal, clock: FrozenClock) -> None:
    """Its first moment is in it, its last is not; by hand it closes at once."""
    create_draft(portal.database, EDITOR, WHOLE, clock())
    opens_at, closes_at = clock() + timedelta(hours=1), clock() + timedelta(hours=2)
    opening = Opening(frozenset({"web"}), "hall-web", opens_at, closes_at)
    publish_draft(portal, EDITOR, "whole", clock(), opening)
    states = {}
    for hours in (0.5, 1, 1.5, 2, 3):
        edition = find(portal, "whole", opens_at + timedelta(hours=hours - 1))
        states[hours] = edition.state if edition is not None else None
    assert states == {0.5: "not-yet", 1: "open", 1.5: "open", 2: "over", 3: "over"}
    close_survey(portal.database, EDITOR, "whole", opens_at)
    closed = find(portal, "whole", opens_at)
    assert closed is not None
    assert closed.state == "closed"
    open_survey(portal, EDITOR, "whole", Opening(is_listed=False), clock())
    assert find_open(portal, "whole", clock()) is not None
    assert list_open(portal, clock()) == []


def test_a_draft_with_faults_stays_one(portal: Portal) -> None:
    """Nothing is half done: the draft is there, and no window."""
    wrong = Draft(code="none", title=two("Без въпроси", "No questions"), pages=(Leaf(),))
    create_draft(portal.database, EDITOR, wrong, portal.clock())
    with pytest.raises(DraftError, match="faults"):
        publish_draft(portal, EDITOR, "none", portal.clock())
    assert find_draft(portal.database, "none") is not None
    assert find(portal, "none", portal.clock()) is None


def test_what_changes_nothing_is_not_noted(portal: Portal) -> None:
    """The revision stays, too."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())
    change_draft(portal.database, EDITOR, "whole", lambda draft: draft, portal.clock())
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    assert kept.revision == 1
