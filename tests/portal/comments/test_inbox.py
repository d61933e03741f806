"""Keeping comments, and the editors' inbox, through its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.store.database import Database
from broker.store.themes import ThemeMonth, put_theme_counts, read_theme_counts
from portal.comments.inbox import Search, search, show
from portal.comments.service import MAX_LENGTH, Kept, keep
from portal.comments.tables import Comment
from portal.mail.tables import OutgoingMail
from portal.people.units import UnitDetails, add_unit
from portal.store.tables import table_of
from portal.web.actor import Actor
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, FrozenClock, sign_in_staff, token_in
from tests.portal.answers.making import open_survey

SOMEBODY = Actor("staff", "a1", "Ева Илиева", frozenset({"editor"}))


def write(portal: Portal, text: str, *, once: str = "", touchpoint: str = "hall-web") -> Kept:
    """A visitor's comment."""
    return keep(
        portal.database,
        survey="reception",
        version=2,
        question="comment",
        touchpoint=touchpoint,
        channel="web",
        language="bg",
        text=text,
        now=portal.clock(),
        once=once,
    )


def the_comment(portal: Portal) -> Comment:
    """The only comment there is."""
    (shown,) = search(portal.database, Search()).shown
    return shown.row


@pytest.fixture
def editor(portal: Portal, client: TestClient) -> TestClient:
    """An editor's browser."""
    sign_in_staff(portal, client, "editor")
    return client


def post(
    client: TestClient,
    path: str,
    fields: Mapping[str, str | list[str]],
    on: str = "/staff/comments",
) -> str:
    """Send a form; the text of what came back, or where it leads."""
    token = token_in(client.get(on).text)
    answer = client.post(path, data={**fields, TOKEN_FIELD: token}, headers={"Origin": PUBLIC_URL})
    return answer.headers.get("location") or f"{answer.status_code} {answer.text}"


def test_what_was_masked_is_not_stored_and_the_visitor_can_be_told(portal: Portal) -> None:
    """Neither the number nor the time of day is in the table."""
    kept = write(portal, "ЕГН 8001010008, обадете ми се на 0888 123 456. Чаках един час!")

    assert kept == Kept(is_kept=True, masked=("egn", "phone"))
    comment = the_comment(portal)
    assert comment.text == "ЕГН [ЕГН], обадете ми се на [телефон]. Чаках един час!"
    assert comment.masked == "egn,phone"
    with portal.database.reading() as connection:
        stored = str(connection.execute(select(table_of(Comment))).all())
    assert "8001010008" not in stored
    assert "888" not in stored


def test_the_day_is_the_local_one(portal: Portal, clock: FrozenClock) -> None:
    """Half past midnight in Sofia is yesterday in UTC."""
    clock.now = clock.now.replace(year=2026, month=11, day=21, hour=22, minute=30)
    write(portal, "Благодаря")

    assert the_comment(portal).received_on == date(2026, 11, 22)


def test_a_form_sent_twice_is_one_comment(portal: Portal) -> None:
    """Its secret is not stored."""
    write(portal, "Благодаря", once="secret-of-the-form")
    write(portal, "Благодаря", once="secret-of-the-form")

    assert "secret-of-the-form" not in str(the_comment(portal))


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\x00"])
def test_nothing_is_no_comment(portal: Portal, text: str) -> None:
    """Spaces and invisible characters aren't kept."""
    assert not write(portal, text).is_kept
    assert search(portal.database, Search()).number == 0


def test_a_comment_has_an_end(portal: Portal) -> None:
    """What is too long is cut off."""
    write(portal, "а" * (MAX_LENGTH + 500))

    assert len(the_comment(portal).text) == MAX_LENGTH


def test_only_editors_read(portal: Portal, new_client: Callable[[], TestClient]) -> None:
    """Neither visitors nor an administrator."""
    write(portal, "Благодаря")
    path = f"/staff/comments/{the_comment(portal).id}"
    administrator = new_client()
    sign_in_staff(portal, administrator, "administrator", "manager")

    assert new_client().get(path).status_code == 303
    assert administrator.get(path).status_code == 403
    assert administrator.get("/staff/comments").status_code == 403


def test_an_editor_gives_a_suggested_theme_and_figures_know_it(
    portal: Portal, editor: TestClient
) -> None:
    """The word that suggests it is shown; the feedback store gets the count, not the text."""
    write(portal, "Чакахме много, никой не обяснява.")
    comment = the_comment(portal)
    path = f"/staff/comments/{comment.id}"
    page = editor.get(path).text

    assert "чакахме" in page
    assert "/staff/comments" in post(editor, f"{path}/themes", {"themes": ["waiting"]}, path)
    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"waiting": 1}
    shown = show(portal.database, comment.id)
    assert shown is not None
    assert shown.themes == ("waiting",)
    assert shown.row.read_at is not None

    post(editor, f"{path}/themes", {"themes": ["praise"]}, path)
    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection, survey="reception") == {"praise": 1}
        assert read_theme_counts(connection, touchpoints=["elsewhere"]) == {}


def test_unread_ones_come_first_and_lead_to_the_next(portal: Portal, editor: TestClient) -> None:
    """Save and go on opens what is unread; when all is read, the inbox."""
    for number in range(3):
        write(portal, f"Коментар {number}")
    first, second, third = (one.row for one in search(portal.database, Search()).shown)
    post(editor, "/staff/comments", {"comments": [first.id, second.id], "do": "read"})

    assert search(portal.database, Search()).shown[0].row.id == third.id
    assert [one.row.id for one in search(portal.database, Search("unread")).shown] == [third.id]
    path = f"/staff/comments/{third.id}"
    there = post(editor, f"{path}/themes", {"themes": [], "go_on": "yes"}, path)
    assert there == "/staff/comments?said=saved"


def test_several_get_a_theme_at_once(portal: Portal, editor: TestClient) -> None:
    """Twice is once, and an unknown theme is none."""
    for number in range(3):
        write(portal, f"Опашка {number}")
    ids = [one.row.id for one in search(portal.database, Search()).shown]
    for _ in range(2):
        post(editor, "/staff/comments", {"comments": ids, "do": "theme:waiting"})
    post(editor, "/staff/comments", {"comments": ids, "do": "theme:no-such"})

    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"waiting": 3}
    assert search(portal.database, Search(theme="waiting")).number == 3
    assert search(portal.database, Search("no-theme")).number == 0


def test_searching_by_place_and_day(portal: Portal, editor: TestClient, clock: FrozenClock) -> None:
    """A mistyped day is told, and the rest of the page is there."""
    clock.now -= timedelta(days=3)
    write(portal, "Първи коментар")
    clock.now += timedelta(days=3)
    write(portal, "Втори коментар", touchpoint="elsewhere")
    today = clock.now.date()

    assert "Втори" not in editor.get("/staff/comments?touchpoint=hall-web").text
    assert "Първи" not in editor.get(f"/staff/comments?first_on={today:%d.%m.%Y}").text
    wrong = editor.get("/staff/comments?first_on=32.13.2026")
    assert wrong.status_code == 422
    assert "Първи" in wrong.text
    for number in ("0", "-1", "9" * 30, "x"):
        assert editor.get(f"/staff/comments?number={number}").status_code == 404
    assert editor.get("/staff/comments?number=99").status_code == 200


def test_an_editor_masks_words_and_never_edits(portal: Portal, editor: TestClient) -> None:
    """What is masked is gone; a page that is out of date masks nothing."""
    write(portal, "Дойдох от ул. Шипка 7 и чаках.")
    comment = the_comment(portal)
    path = f"/staff/comments/{comment.id}/mask"
    page = editor.get(path).text
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None

    post(editor, path, {"seen": seen[1], "words": ["2", "3", "4"]}, path)
    assert the_comment(portal).text == "Дойдох от [скрито] и чаках."
    again = post(editor, path, {"seen": seen[1], "words": ["0"]}, path)
    assert again.startswith("422")
    assert the_comment(portal).text.startswith("Дойдох")
    assert post(editor, path, {"seen": "x"}, path).startswith("422")


def test_forwarding_queues_a_mail(portal: Portal, editor: TestClient) -> None:
    """To a unit with an address; the mail says that nobody is to be appraised by it."""
    details = UnitDetails("department", "Отдел ТСУ", "Spatial planning", e_mail="tsu@troyan.bg")
    today = portal.clock().date()
    add_unit(portal.database, "tsu", details, today, actor=SOMEBODY)
    write(portal, "Никой не вдига телефона.")
    path = f"/staff/comments/{the_comment(portal).id}"

    sent = {"unit": "tsu", "words": "Моля", "nonce": "of-the-page"}
    for _ in range(2):
        assert "said=mail-waits" in post(editor, f"{path}/forward", sent, path)
    with portal.database.reading() as connection:
        (mail,) = connection.execute(select(table_of(OutgoingMail))).all()
    assert mail.recipient == "tsu@troyan.bg"
    assert "Никой не вдига телефона." in mail.text
    assert mail.text.startswith("Моля")
    assert "Отдел ТСУ" in editor.get(path).text
    assert post(editor, f"{path}/forward", {"unit": "nobody"}, path).startswith("422")


def test_an_editor_sees_what_was_asked_and_how_it_came(portal: Portal, editor: TestClient) -> None:
    """The question's words, not codes; codes where nobody published such a survey."""
    open_survey(portal)
    comment = {"version": 1, "question": "remark", "touchpoint": "hall-web", "channel": "qr"}
    for survey in ("all-sorts", "no-such"):
        keep(
            portal.database,
            **{**comment, "survey": survey},  # type: ignore[arg-type]
            language="bg",
            text=survey,
            now=portal.clock(),
        )
    pages = {
        one.row.survey: editor.get(f"/staff/comments/{one.row.id}").text
        for one in search(portal.database, Search()).shown
    }
    assert "Какво да подобрим?" in pages["all-sorts"]
    assert "QR код" in pages["all-sorts"]
    assert "remark" in pages["no-such"]


def test_a_unit_whose_address_is_none_is_told(portal: Portal, editor: TestClient) -> None:
    """An address that was kept before it was checked as mails are: a message, not a fault."""
    details = UnitDetails("department", "Отдел ТСУ", "Spatial planning", e_mail="тсу@troyan.bg")
    add_unit(portal.database, "tsu", details, portal.clock().date(), actor=SOMEBODY)
    write(portal, "Никой не вдига телефона.")
    path = f"/staff/comments/{the_comment(portal).id}"

    answer = post(editor, f"{path}/forward", {"unit": "tsu", "words": ""}, path)
    assert answer.startswith("422")
    assert "не може да се пише" in answer
    with portal.database.reading() as connection:
        assert connection.execute(select(table_of(OutgoingMail))).all() == []


def test_erasing_needs_a_word_and_leaves_the_count(portal: Portal, editor: TestClient) -> None:
    """A comment that masking can't mend goes; its theme stays counted."""
    write(portal, "Опашка")
    comment = the_comment(portal).id
    path = f"/staff/comments/{comment}"
    post(editor, f"{path}/themes", {"themes": ["waiting"]}, path)

    assert post(editor, f"{path}/erase", {}, path).startswith("422")
    assert "said=removed" in post(editor, f"{path}/erase", {"is_sure": "yes"}, path)
    assert search(portal.database, Search()).number == 0
    assert editor.get(path).status_code == 404
    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"waiting": 1}


def test_a_municipality_has_themes_of_its_own(portal: Portal, editor: TestClient) -> None:
    """Added, suggested by its words, changed, retired; built-in ones can be changed, too."""
    new = {"code": "snow", "name_bg": "Сняг", "name_en": "Snow", "stems": "сняг Снег, сняг"}
    post(editor, "/staff/themes/new", new, "/staff/themes/new")
    write(portal, "Снегът пред входа не е почистен.")
    path = f"/staff/comments/{the_comment(portal).id}"
    assert "Сняг" in editor.get(path).text
    assert "снегът" in editor.get(path).text

    assert post(editor, "/staff/themes/new", new, "/staff/themes/new").startswith("422")
    gone = {"name_bg": "Чакане на опашка", "name_en": "Queueing", "retired": "yes"}
    post(editor, "/staff/themes/waiting", gone, "/staff/themes/waiting")
    assert "Чакане на опашка" not in editor.get(path).text
    assert editor.get("/staff/themes/no-such").status_code == 404


def test_what_visitors_write_is_never_markup(portal: Portal, editor: TestClient) -> None:
    """Neither in the list nor on its page nor among the words."""
    write(portal, "<script>alert(1)</script> {{7*7}} <b>x</b>")
    path = f"/staff/comments/{the_comment(portal).id}"

    for address in ("/staff/comments", path, f"{path}/mask"):
        page = editor.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{7*7}}" in page


def test_who_wants_an_answer_finds_the_way(client: TestClient) -> None:
    """The page that the notice above the box leads to."""
    assert client.get("/write-to-us").status_code == 200
    assert "Signals" in client.get("/en/write-to-us").text
    told = client.get("/write-to-us").text
    assert "лошо управление на държавно или общинско имущество" in told  # АПК, Art. 107(4)
    assert "писмено или устно, лично, по телефона" in told  # Art. 111(1)


def test_race_two_editors_give_one_theme(portal_database: Database, portal: Portal) -> None:
    """Given by two at once, it is counted once."""
    from concurrent.futures import ThreadPoolExecutor

    from portal.comments.inbox import set_themes
    from portal.comments.tallies import tell

    write(portal, "Опашка")
    comment = the_comment(portal).id
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: set_themes(portal_database, comment, {"waiting"}, portal.clock()),
                range(8),
            )
        )
        list(pool.map(lambda _: tell(portal_database, portal.feedback), range(4)))
    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"waiting": 1}


def test_telling_keeps_nobody_waiting(
    portal_database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others write while the feedback store is told; what they told in between is told again."""
    from portal.comments import tallies
    from portal.comments.inbox import set_themes

    write(portal, "Опашка")
    comment = the_comment(portal).id
    set_themes(portal_database, comment, {"waiting"}, portal.clock())
    tell = tallies.tell
    told: list[int] = []

    def put_late(feedback: Database, counts: Sequence[ThemeMonth]) -> None:
        told.append(len(counts))
        if len(told) == 1:  # meanwhile another one changes it, and tells what it is then
            set_themes(portal_database, comment, {"praise"}, portal.clock())
            tell(portal_database, portal.feedback)
        put_theme_counts(feedback, counts)

    monkeypatch.setattr(tallies, "put_theme_counts", put_late)
    for _ in range(3):
        tell(portal_database, portal.feedback)
    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"praise": 1}
    assert len(told) == 3, "with nothing to tell nobody is told"
