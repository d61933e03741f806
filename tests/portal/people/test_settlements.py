"""National lists: what they change, and that no address ever loses its settlement."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.people.addresses import Where, address_of, set_address
from portal.people.errors import PeopleError
from portal.people.party_search import resolve_party
from portal.people.settlement_import import Plan, plan_import, take
from portal.people.settlement_lists import ListError, check_digit, read_code, read_list
from portal.people.settlements import (
    choose_places,
    current_code,
    end_settlement,
    find_places,
    place_now,
    place_then,
    territories,
)
from portal.people.units import UnitDetails, add_unit, unit_serving
from portal.web.portal import Portal
from tests.portal.people.test_parties import enter
from tests.portal.people.town import (
    ADMINISTRATOR,
    CLERK,
    LONG_AGO,
    SETTLEMENTS,
    TODAY,
    list_of,
)

HEAD, TOWN, BARA, DABRAVA, _OTHER = SETTLEMENTS.splitlines()
DAY = timedelta(days=1)
RENAMED_ON = date(2024, 6, 1)


def import_list(portal: Portal, content: bytes, on: date, *, is_complete: bool = False) -> Plan:
    """Take a list; what it did."""
    found = read_list(content)
    return take(portal.database, found, on, is_complete=is_complete, actor=ADMINISTRATOR)


def name_of(portal: Portal, code: str, on: date) -> str:
    """What a code was called on a day."""
    with portal.database.reading() as connection:
        found = place_then(connection, code, on)
    return found.full_name if found is not None else ""


def test_a_list_that_is_taken_twice_changes_nothing(town: Portal) -> None:
    """The second time all of it is the same."""
    plan = import_list(town, SETTLEMENTS.encode(), TODAY)
    assert (plan.changes, plan.missing) == ([], [])
    assert plan.same == 4 + 2 + 1  # settlements, municipalities, the province


def test_a_renamed_settlement_keeps_old_addresses(town: Portal) -> None:
    """The code's name of then and of now are both told; a day before the first list has a name."""
    party = enter(town)
    where = Where(settlement="00028", location="ул. Първа", number="5", apartment="3")
    set_address(town.database, party, "permanent", where, date(2010, 5, 5), actor=CLERK)
    plan = import_list(town, list_of(BARA.replace("Стара бара", "Нова бара")), RENAMED_ON)
    assert [(each.code, each.fields) for each in plan.changed] == [("00028", ["name"])]
    assert name_of(town, "00028", RENAMED_ON - DAY) == "с. Стара бара"
    assert name_of(town, "00028", RENAMED_ON) == "с. Нова бара"
    assert name_of(town, "00028", date(1900, 1, 1)) == "с. Стара бара"
    with town.database.reading() as connection:
        assert (shown := address_of(connection, party, "permanent", TODAY)) is not None
        assert shown.then is not None
        assert (shown.then.full_name, shown.is_renamed) == ("с. Стара бара", True)
        assert shown.line() == "9991 с. Нова бара, ул. Първа № 5, ап. 3"
        assert [each.code for each in find_places(connection, "стара", TODAY)] == ["00028"]


def test_a_merged_settlement_keeps_old_addresses(town: Portal) -> None:
    """Addresses lead to the successor, over two mergers, and from the day on only."""
    party = enter(town)
    where = Where(settlement="00028")
    set_address(town.database, party, "current", where, LONG_AGO, actor=CLERK)
    now = town.clock()
    on = date(2025, 1, 1)
    end_settlement(town.database, "00028", "00031", on, actor=ADMINISTRATOR, now=now)
    end_settlement(town.database, "00031", "00014", on + DAY, actor=ADMINISTRATOR, now=now)
    with town.database.reading() as connection:
        assert current_code(connection, "00028", on - DAY) == "00028"
        assert current_code(connection, "00028", on) == "00031"
        assert (place := place_now(connection, "00028", TODAY)) is not None
        assert place.full_name == "гр. Ясеново"
        assert (shown := address_of(connection, party, "current", TODAY)) is not None
        assert shown.then is not None
        assert shown.then.full_name == "с. Стара бара"
        assert shown.line() == "9990 гр. Ясеново"
        assert {p.code for p in find_places(connection, "бара", TODAY)} == {"00014"}
    with pytest.raises(PeopleError):
        end_settlement(town.database, "00014", "00028", TODAY, actor=ADMINISTRATOR, now=now)
    with pytest.raises(PeopleError):
        end_settlement(town.database, "00014", "00014", TODAY, actor=ADMINISTRATOR, now=now)


def test_what_is_missing_ends_only_when_the_list_is_said_to_be_complete(town: Portal) -> None:
    """And only in the municipalities of the list; on a later list it is there again."""
    shorter = list_of(TOWN, DABRAVA)
    plan = import_list(town, shorter, RENAMED_ON)
    assert [each.code for each in plan.missing] == ["00028"]
    with town.database.reading() as connection:
        assert plan_import(connection, read_list(shorter), LONG_AGO - DAY).missing == []
    import_list(town, shorter, RENAMED_ON, is_complete=True)
    with town.database.reading() as connection:
        assert [e.code for e in plan_import(connection, read_list(shorter), TODAY).missing] == []
        assert place_now(connection, "00028", TODAY) is not None
    back = import_list(town, list_of(TOWN, BARA, DABRAVA), RENAMED_ON + DAY)
    assert [(each.code, each.fields) for each in back.changed] == [("00028", [])]
    again = import_list(town, list_of(TOWN, DABRAVA), TODAY)
    assert [each.code for each in again.missing] == ["00028"]


def test_an_older_list_does_not_undo_a_newer_one(town: Portal) -> None:
    """Its state holds until the newer one begins."""
    import_list(town, list_of(BARA.replace("Стара", "Още по-стара")), date(2015, 1, 1))
    assert name_of(town, "00028", date(2016, 1, 1)) == "с. Още по-стара бара"
    assert name_of(town, "00028", TODAY) == "с. Стара бара"


def test_a_list_of_two_styles_says_the_same(town: Portal) -> None:
    """The institute's JSON with its count at the end, semicolons, Windows-1251, lost zeros."""
    json_style = [
        {
            **dict(zip(HEAD.split(","), line.split(","), strict=True)),
            "kind": 3,
            "document": None,
        }
        for line in (TOWN, BARA, DABRAVA)
    ]
    written = json.dumps([*json_style, {"number": 3}])
    semicolons = SETTLEMENTS.replace(",", ";").replace("\n000", "\n").encode("windows-1251")
    for content in (written.encode(), semicolons, b"\xef\xbb\xbf" + SETTLEMENTS.encode()):
        assert import_list(town, content, TODAY).changes == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a workbook", "Excel"),
        (b"name,size\nx,1\n", "no list known"),
        (b"[1, 2]", "no object"),
        (b"[" * 100_000, "JSON"),
        (b"\xff\xfe\x00\x00", "UTF-8"),
        (list_of(TOWN, TOWN), "line 3: 00014 is there twice"),
        (list_of(TOWN.replace("00014", "00015")), "last digit"),
        (list_of(TOWN.replace("00014", "")), "five digits"),
        (list_of(TOWN.replace("гр.", "град")), "no kind"),
        (list_of(TOWN.replace("YYY01-00", "YYY0100")), "YYY0100"),
        (list_of(TOWN.replace("Ясеново,YYY", ",YYY", 1)), "no name"),
        (list_of(TOWN.replace("24.5", "далеч")), "далеч"),
        (list_of(TOWN.replace("24.5", "nan")), "nowhere"),
        (list_of(f"{TOWN},more"), "13 cells instead of 12"),
        (list_of(TOWN.replace("Ясеново,YYY", "Ясе\u202eново,YYY", 1)), "can't be seen"),
        (list_of('"00014'), "unexpected end"),
    ],
)
def test_a_bad_list_is_refused_whole(town: Portal, content: bytes, said: str) -> None:
    """With what is wrong and in which line; nothing of it is taken."""
    with pytest.raises(ListError, match=said):
        import_list(town, content, TODAY)
    assert name_of(town, "00014", TODAY) == "гр. Ясеново"


def test_check_digits_of_codes() -> None:
    """Of each four digits one fifth is good; these are of real towns."""
    for code in ("73198", "67653", "02302", "12108", "55587", "68134"):
        assert check_digit(code) == code[4]
        assert read_code(code.lstrip("0")) == code
    for code in ("73197", "731980", "7319a", "٧٣١٩٨", "00000", ""):
        with pytest.raises(ValueError, match="no code"):
            read_code(code)


def test_names_that_several_have_are_asked_about(town: Portal) -> None:
    """One that is alone is clear; of two the chosen one counts; the own ones stand first."""
    with town.database.reading() as connection:
        clear, _ = choose_places(connection, "гр. ясеново", TODAY)
        assert clear is not None
        assert clear.code == "00014"
        none, both = choose_places(connection, "Дъбрава", TODAY, municipality="YYY02")
        assert none is None
        assert [each.code for each in both] == ["00045", "00031"]
        chosen, _ = choose_places(connection, "Дъбрава", TODAY, chosen="00031")
        assert chosen is not None
        assert chosen.where == "с. Дъбрава, общ. Ясеново, обл. Яворово"
        by_code, _ = choose_places(connection, "00045", TODAY)
        assert by_code is not None
        stale, _ = choose_places(connection, "Ясеново", TODAY, chosen="00031")
        assert stale is not None
        assert stale.code == "00014"  # what is typed now counts
        assert choose_places(connection, "  ", TODAY) == (None, [])
        assert choose_places(connection, "няма такова", TODAY) == (None, [])


def test_an_address_is_changed_once_for_every_reader(town: Portal) -> None:
    """The next one ends the one before; the same day mends; a duplicate's reader sees it too."""
    party = enter(town)
    for settlement, on in (("00014", LONG_AGO), ("00031", TODAY), ("00045", TODAY)):
        where = Where(settlement=settlement)
        set_address(town.database, party, "permanent", where, on, actor=CLERK)
    with town.database.reading() as connection:
        found = resolve_party(connection, party)
        assert found is not None
        days = (LONG_AGO, TODAY - DAY, TODAY)
        shown = [address_of(connection, found.id, "permanent", on) for on in days]
        codes = [each.now.code for each in shown if each is not None and each.now is not None]
        assert codes == ["00014", "00014", "00045"]
        assert address_of(connection, found.id, "permanent", LONG_AGO - DAY) is None
    for bad in (Where(settlement="99999"), Where(), Where(country="DE")):
        with pytest.raises(PeopleError):
            set_address(town.database, party, "permanent", bad, TODAY, actor=CLERK)
    abroad = Where(country="DE", abroad="Hauptstr. 1\n10115 Berlin")
    set_address(town.database, party, "correspondence", abroad, TODAY, actor=CLERK)
    with town.database.reading() as connection:
        assert (there := address_of(connection, party, "correspondence", TODAY)) is not None
        assert there.line() == "Hauptstr. 1, 10115 Berlin, DE"


def test_who_answers_for_a_settlement(town: Portal) -> None:
    """Its mayoralty by the national list, its lieutenancy by its own, else the town."""
    mayoralty = UnitDetails("mayoralty", "Кметство Стара бара", mayoralty="YYY01-02")
    add_unit(town.database, "stara-bara", mayoralty, LONG_AGO, actor=ADMINISTRATOR)
    served = UnitDetails("lieutenancy", "Наместник Дъбрава", serves=("00031",))
    add_unit(town.database, "dabrava", served, LONG_AGO, actor=ADMINISTRATOR)
    with town.database.reading() as connection:
        found = {c: unit_serving(connection, c, TODAY) for c in ("00014", "00028", "00031")}
    assert {c: unit.code if unit else None for c, unit in found.items()} == {
        "00014": None,
        "00028": "stara-bara",
        "00031": "dabrava",
    }


def test_the_settlements_and_mayoralties_of_a_real_town(portal: Portal, shared: Path) -> None:
    """All 22 and 19, with leading zeros and mayoralties; again they are the same."""
    folder = shared / "data/settlements"
    lists = [(folder / f"troyan_{name}_2024.csv") for name in ("settlements", "kmetstva")]
    for path, count in zip(lists, (22, 19), strict=True):
        plan = import_list(portal, path.read_bytes(), LONG_AGO, is_complete=True)
        of_list = [e for e in plan.new if e.kind in {"settlement", "mayoralty"}]
        assert len(of_list) == count
        assert import_list(portal, path.read_bytes(), TODAY, is_complete=True).changes == []
    with portal.database.reading() as connection:
        assert len(territories(connection, "mayoralty", TODAY, "LOV34")) == 19
        places = find_places(connection, "", TODAY, municipality="LOV34")
        assert len(places) == 22
        own = {each.full_name for each in places if not each.has_mayoralty}
        assert own == {"гр. Троян", "с. Патрешко", "с. Балабанско"}
        assert (found := place_now(connection, "02302", TODAY)) is not None
        assert found.where == "с. Балабанско, общ. Троян, обл. Ловеч"
