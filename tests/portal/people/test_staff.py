"""Units, posts, absences, and who answers on a day."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.employees import (
    EmployeeDetails,
    add_employee,
    end_employee,
    enter_absence,
    find_employees,
    remove_absence,
)
from portal.people.errors import PeopleError, StaleError, ThereAlreadyError
from portal.people.posts import (
    add_post,
    appoint,
    deputies_of,
    end_appointment,
    end_post,
    set_deputies,
    units_of,
    who_answers_for,
)
from portal.people.rules import Roster
from portal.people.units import (
    UnitDetails,
    add_unit,
    all_units,
    change_unit,
    codes_below,
    end_unit,
    find_unit,
    in_tree_order,
)
from portal.web.portal import Portal
from tests.portal.people.town import ADMINISTRATOR, LONG_AGO, TODAY

DAY = timedelta(days=1)
PEOPLE = ("Ана", "Борис", "Вера", "Георги")


@pytest.fixture
def office(town: Portal) -> tuple[Portal, str, list[str]]:
    """A unit with one post, held by the first of four employees; the others have none."""
    add_unit(
        town.database,
        "revenue",
        UnitDetails("department", "Местни данъци", parent="town-hall"),
        LONG_AGO,
        actor=ADMINISTRATOR,
    )
    post = add_post(
        town.database, "revenue", "Главен експерт", from_on=LONG_AGO, actor=ADMINISTRATOR
    )
    people = [
        add_employee(town.database, EmployeeDetails(name, "Илиев"), LONG_AGO, actor=ADMINISTRATOR)
        for name in PEOPLE
    ]
    appoint(town.database, post, people[0], LONG_AGO, actor=ADMINISTRATOR)
    return town, post, people


def answers(portal: Portal, on: date, **asked: str) -> str:
    """The first name of who answers; ``-``: nobody."""
    with portal.database.reading() as connection:
        found = who_answers_for(connection, on=on, **asked)
    return found.first_name if found is not None else "-"


def away(portal: Portal, employee: str, first_on: date, days: int = 1, deputy: str = "") -> str:
    """Enter an absence; its id."""
    last_on = first_on + (days - 1) * DAY
    return enter_absence(
        portal.database, employee, first_on, last_on, deputy=deputy or None, actor=ADMINISTRATOR
    )


def test_deputies_of_deputies_answer(office: tuple[Portal, str, list[str]]) -> None:
    """The absence's deputy first, then the post's, each with his own; then nobody."""
    portal, post, (ana, boris, vera, georgi) = office
    set_deputies(portal.database, post, [boris, vera], TODAY, actor=ADMINISTRATOR)
    assert answers(portal, TODAY, post=post) == "Ана"
    away(portal, ana, TODAY, 3, georgi)
    assert answers(portal, TODAY, post=post) == "Георги"
    assert answers(portal, TODAY, employee=ana) == "Георги"
    away(portal, georgi, TODAY, 2, ana)  # in a circle
    assert answers(portal, TODAY, post=post) == "Борис"
    away(portal, boris, TODAY)
    assert answers(portal, TODAY, post=post) == "Вера"
    away(portal, vera, TODAY)
    assert answers(portal, TODAY, post=post) == "-"
    assert answers(portal, TODAY + DAY, post=post) == "Борис"
    assert answers(portal, TODAY + 2 * DAY, post=post) == "Георги"
    assert answers(portal, TODAY + 3 * DAY, post=post) == "Ана"


def test_a_vacant_post_is_answered_for(office: tuple[Portal, str, list[str]]) -> None:
    """Who leaves leaves his posts; deputies stay until others are named."""
    portal, post, (ana, boris, vera, _) = office
    set_deputies(portal.database, post, [boris], TODAY, actor=ADMINISTRATOR)
    end_employee(portal.database, ana, TODAY, actor=ADMINISTRATOR)
    assert answers(portal, TODAY, post=post) == "Борис"
    assert answers(portal, TODAY - DAY, post=post) == "Ана"
    assert answers(portal, TODAY, employee=ana) == "-"
    with pytest.raises(StaleError):
        end_employee(portal.database, ana, TODAY, actor=ADMINISTRATOR)
    set_deputies(portal.database, post, [vera], TODAY + DAY, actor=ADMINISTRATOR)
    set_deputies(portal.database, post, [vera, boris], TODAY + DAY, actor=ADMINISTRATOR)
    with portal.database.reading() as connection:
        assert deputies_of(connection, post, TODAY) == [boris]
        assert deputies_of(connection, post, TODAY + DAY) == [vera, boris]
    appoint(portal.database, post, vera, TODAY, actor=ADMINISTRATOR)
    assert answers(portal, TODAY, post=post) == "Вера"


ids = st.sampled_from("abcdef")


@given(
    present=st.frozensets(ids),
    away=st.dictionaries(ids, st.none() | ids),
    holders=st.dictionaries(st.sampled_from("PQR"), ids),
    deputies=st.dictionaries(st.sampled_from("PQR"), st.lists(ids, unique=True)),
)
def test_whoever_answers_is_there_and_reachable(
    present: frozenset[str],
    away: dict[str, str | None],
    holders: dict[str, str],
    deputies: dict[str, list[str]],
) -> None:
    """On any roster, circles included: the answer is there; "nobody" means that nobody is."""
    posts: dict[str, list[str]] = {}
    for post, holder in holders.items():
        posts.setdefault(holder, []).append(post)
    book = Roster(present, away, holders, deputies, posts)
    for post in "PQR":
        # Everybody who could be asked, found without any order.
        reach = {*deputies.get(post, ()), *([holders[post]] if post in holders else [])}
        for _ in range(6):
            for each in set(reach):
                reach |= {named for named in [away.get(each)] if named}
                reach |= {d for held in posts.get(each, ()) for d in deputies.get(held, ())}
        able = {each for each in reach if each in present and each not in away}
        found = book.at_post(post)
        assert (found in able) if found is not None else not reach & able


def test_days_that_can_not_be(office: tuple[Portal, str, list[str]]) -> None:
    """Overlapping absences and appointments, wrong ways round, oneself as deputy."""
    portal, post, (ana, boris, *_) = office
    absence = away(portal, ana, TODAY, 3)
    for first, days, deputy in ((TODAY + 2 * DAY, 5, ""), (TODAY + 9 * DAY, 1, ana)):
        with pytest.raises(PeopleError):
            away(portal, ana, first, days, deputy)
    with pytest.raises(PeopleError):
        away(portal, ana, TODAY + 20 * DAY, -1)
    with pytest.raises(PeopleError):
        away(portal, ana, TODAY + 20 * DAY, 2_000)
    with pytest.raises(PeopleError):
        appoint(portal.database, post, boris, TODAY, actor=ADMINISTRATOR)
    with pytest.raises(PeopleError):
        appoint(portal.database, post, boris, LONG_AGO - DAY, actor=ADMINISTRATOR)
    with pytest.raises(PeopleError):
        end_post(portal.database, post, TODAY, actor=ADMINISTRATOR)
    remove_absence(portal.database, absence, actor=ADMINISTRATOR)
    with pytest.raises(StaleError):
        remove_absence(portal.database, absence, actor=ADMINISTRATOR)
    assert answers(portal, TODAY, post=post) == "Ана"


def test_race_for_one_post(office: tuple[Portal, str, list[str]]) -> None:
    """Two give it to two people at once: one holds it, the other one is refused."""
    portal, _, people = office
    post = add_post(portal.database, "revenue", "Касиер", from_on=LONG_AGO, actor=ADMINISTRATOR)
    barrier, refused = threading.Barrier(2), []

    def give(employee: str) -> None:
        barrier.wait()
        try:
            appoint(portal.database, post, employee, TODAY, actor=ADMINISTRATOR)
        except PeopleError:
            refused.append(employee)

    threads = [threading.Thread(target=give, args=(each,)) for each in people[:2]]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 1
    assert answers(portal, TODAY, post=post) in {"Ана", "Борис"}


def test_the_tree_stays_one(town: Portal) -> None:
    """Nothing stands under itself; what is ended is empty; codes are never used again."""
    for code, parent in (("a", "town-hall"), ("b", "a"), ("c", "b")):
        details = UnitDetails("department", f"Отдел {code}", parent=parent)
        add_unit(town.database, code, details, LONG_AGO, actor=ADMINISTRATOR)
    with town.database.reading() as connection:
        assert codes_below(connection, "a") == {"a", "b", "c"}
        tree = [(depth, unit.code) for depth, unit in in_tree_order(all_units(connection))]
    assert tree == [(0, "town-hall"), (1, "a"), (2, "b"), (3, "c")]

    def put(code: str, parent: str, revision: int = 1) -> None:
        details = UnitDetails("department", f"Отдел {code}", parent=parent)
        change_unit(town.database, code, details, revision=revision, on=TODAY, actor=ADMINISTRATOR)

    for parent in ("a", "c", "nowhere"):
        with pytest.raises(PeopleError):
            put("a", parent)
    put("c", "a")
    with pytest.raises(StaleError):
        put("c", "b")  # of the revision before
    with pytest.raises(PeopleError):
        end_unit(town.database, "a", TODAY, actor=ADMINISTRATOR)
    for code in ("c", "b", "a"):
        end_unit(town.database, code, TODAY, actor=ADMINISTRATOR)
    with pytest.raises(ThereAlreadyError):
        add_unit(town.database, "a", UnitDetails("centre", "А"), TODAY, actor=ADMINISTRATOR)
    with town.database.reading() as connection:
        assert [unit.code for unit in all_units(connection, TODAY)] == ["town-hall"]
        assert (found := find_unit(connection, "a")) is not None
        assert found.valid_to == TODAY


def test_race_of_two_moves_into_each_other(town: Portal) -> None:
    """One unit under the other and the other under the one, at once: one of them happens."""
    for code in ("a", "b"):
        details = UnitDetails("department", f"Отдел {code}")
        add_unit(town.database, code, details, LONG_AGO, actor=ADMINISTRATOR)
    barrier, refused = threading.Barrier(2), []

    def put(code: str, parent: str) -> None:
        details = UnitDetails("department", f"Отдел {code}", parent=parent)
        barrier.wait()
        try:
            change_unit(town.database, code, details, revision=1, on=TODAY, actor=ADMINISTRATOR)
        except PeopleError:
            refused.append(code)

    threads = [threading.Thread(target=put, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 1


@pytest.mark.parametrize("code", ["", "Приходи", "REVENUE", "-a", "a b", "a" * 64, "a\n"])
def test_codes_of_units_are_plain(town: Portal, code: str) -> None:
    """As the feedback store writes them."""
    with pytest.raises(PeopleError):
        add_unit(town.database, code, UnitDetails("centre", "Ц"), TODAY, actor=ADMINISTRATOR)


def test_a_mayoralty_is_one_unit(town: Portal) -> None:
    """Of the national list, and of no two units at a time; the next may follow the last."""
    details = UnitDetails("mayoralty", "Кметство", mayoralty="YYY01-02")
    add_unit(town.database, "first", details, LONG_AGO, actor=ADMINISTRATOR)
    with pytest.raises(PeopleError):
        add_unit(town.database, "second", details, TODAY, actor=ADMINISTRATOR)
    unknown = UnitDetails("mayoralty", "Кметство", mayoralty="YYY01-77")
    with pytest.raises(PeopleError):
        add_unit(town.database, "second", unknown, TODAY, actor=ADMINISTRATOR)
    end_unit(town.database, "first", TODAY, actor=ADMINISTRATOR)
    add_unit(town.database, "second", details, TODAY, actor=ADMINISTRATOR)


def test_who_works_where(office: tuple[Portal, str, list[str]]) -> None:
    """By posts of the day; names are found by the beginnings of their words."""
    portal, _, (ana, *_) = office
    with portal.database.reading() as connection:
        assert units_of(connection, ana, TODAY) == {"revenue"}
        assert units_of(connection, ana, LONG_AGO - DAY) == set()
        assert [each.id for each in find_employees(connection, "или ан", TODAY)] == [ana]
        appointment = connection.exec_driver_sql("SELECT id FROM appointment").scalar_one()
    end_appointment(portal.database, appointment, TODAY, actor=ADMINISTRATOR)
    with portal.database.reading() as connection:
        assert units_of(connection, ana, TODAY) == set()
