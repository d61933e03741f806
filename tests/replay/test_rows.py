"""From rows to votes: every row is a vote, skipped, or refused with a reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otziv.replay.csvfile import Row
from otziv.replay.errors import FileError
from otziv.replay.header import Header
from otziv.replay.mapping import Map, load_map
from otziv.replay.rows import Judge, Outcome, Refused, Skipped, Vote, read_votes

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
IDS = (
    "06e61854-424c-58a2-9578-31e047e11051",
    "00793bbe-f953-50de-aa53-3c50ce067e63",
    "a50dd1d4eef95b1482b53e80",
)
COLUMNS = ["time", "desk", "rating", "reason", "lang"]


def make_map(**changes: Any) -> Map:  # noqa: ANN401  whatever a map may hold
    """A map of :data:`COLUMNS`, with changes."""
    whole: dict[str, Any] = {
        "site": "town",
        "survey": "reception",
        "question": "overall",
        "scale": "faces-5",
        "timezone": "Europe/Sofia",
        "columns": {
            "time": "time",
            "touchpoint": "desk",
            "value": "rating",
            "option": "reason",
            "language": "lang",
        },
        "values": {"good": 4, "Don't know": "skip"},
    }
    return Map.model_validate(whole | changes)


def judge(*rows: list[str], **changes: Any) -> list[Outcome]:  # noqa: ANN401
    """What ``rows`` come to."""
    mapping = make_map(**changes)
    judging = Judge(mapping, Header(Path("a.csv"), COLUMNS, mapping), NOW, {})
    return [judging.judge(Row(line, cells)) for line, cells in enumerate(rows, 2)]


def only_vote(outcomes: list[Outcome]) -> Vote:
    """The one vote that there must be."""
    (found,) = outcomes
    assert isinstance(found, Vote), found
    return found


def votes(path: Path, mapping: Map) -> list[Vote]:
    """The votes of a file."""
    found = read_votes(path, mapping, NOW, {})
    return [outcome for outcome in found if isinstance(outcome, Vote)]


def test_vote() -> None:
    """A row becomes a rating with its own time, and a follow-up where an option is given."""
    vote = only_vote(judge([" 2024-01-31  09:15", "Гише 1", " good ", "Long queue", "bg"]))
    assert vote.when.at == datetime(2024, 1, 31, 7, 15, tzinfo=UTC)
    assert (vote.rating.touchpoint, vote.rating.value) == ("gishe-1", 4)
    assert (vote.rating.language, vote.rating.input, vote.place) == ("bg", "import", "Гише 1")
    assert vote.follow_up is not None
    assert (vote.follow_up.rating, vote.follow_up.options) == (vote.rating.id, ("long-queue",))
    assert vote.follow_up.visit == vote.rating.visit


@pytest.mark.parametrize("text", ["4", "4.0", "4,0", "4.", "+4", "good", " 4 "])
def test_values(text: str) -> None:
    """Whole numbers are read however they were exported; texts by the map."""
    assert only_vote(judge(["2024-01-31", "a", text, "", ""])).rating.value == 4


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["2024-01-31", "a", "", "", ""], "value '' is neither in [values] nor a whole number"),
        (["2024-01-31", "a", "Good", "", ""], "value 'Good' is neither"),
        (["2024-01-31", "a", "4.5", "", ""], "value '4.5' is neither"),
        (["2024-01-31", "a", "6", "", ""], "not on the scale faces-5 (1 to 5)"),
        (["2024-01-31", "a", "-1", "", ""], "not on the scale"),
        (["2030-01-31", "a", "4", "", ""], "in the future"),
        (["yesterday", "a", "4", "", ""], "is not ISO 8601"),
        (["2024-01-31", "", "4", "", ""], "touchpoint is blank"),
        (["2024-01-31", "a", "4", "?", ""], "option '?' gives no code"),
        (["2024-01-31", "a", "4", "", "Български"], "language 'Български' is neither"),
        (["2024-01-31", "a", "4"], "ends after 3 cells, but the header has 5"),
        (["2024-01-31", "a", "4", "", "", "b"], "has 6 cells, but the header has 5"),
        (["2024-01-31", "\udcc0", "4", "", ""], "bytes that are not of the file's encoding"),
    ],
)
def test_refused(cells: list[str], told: str) -> None:
    """A row that can't be used is refused with its line and the reason."""
    (found,) = judge(cells)
    assert isinstance(found, Refused)
    assert found.line == 2
    assert told in found.reason


def test_refusing_a_row_harms_no_other() -> None:
    """Ids and codes of the others are the same, with or without a refused row between them."""
    good, bad = ["2024-01-31", "a", "4", "", ""], ["2024-01-31", "a", "4", "?", ""]
    first = [outcome for outcome in judge(good, bad, good) if isinstance(outcome, Vote)]
    second = [outcome for outcome in judge(good, good) if isinstance(outcome, Vote)]
    assert [vote.rating.id for vote in first] == [vote.rating.id for vote in second]


def test_skipped_before_all_else() -> None:
    """What the map skips is skipped, whatever else is wrong with the row."""
    assert judge(["never", "", "Don't know", "", ""]) == [Skipped(2)]


def test_blank_value_can_be_skipped() -> None:
    """The map may give a meaning to blanks, and to numbers."""
    changes = {"values": {"": "skip", "0": "skip", "9": 5}}
    found = judge(
        ["2024-01-31", "a", "", "", ""],
        ["2024-01-31", "a", "0.0", "", ""],
        ["2024-01-31", "a", "9.0", "", ""],
        **changes,
    )
    assert found[:2] == [Skipped(2), Skipped(3)]
    assert isinstance(found[2], Vote)
    assert found[2].rating.value == 5


def test_trailing_delimiters() -> None:
    """Empty cells beyond the header are nothing."""
    assert isinstance(judge(["2024-01-31", "a", "4", "", "", "", " "])[0], Vote)


def test_two_texts_of_one_slug() -> None:
    """Rows of the second text are refused, those of the first are not."""
    found = judge(
        ["2024-01-31", "Desk 1", "4", "", ""],
        ["2024-01-31", "DESK 1", "4", "", ""],
        ["2024-01-31", "Desk 1", "4", "", ""],
    )
    assert [type(outcome) for outcome in found] == [Vote, Refused, Vote]


def test_languages() -> None:
    """A blank language is the map's, a text is translated."""
    changes = {"language": "bg", "languages": {"1": "en"}}
    blank, number = judge(
        ["2024-01-31", "a", "4", "", ""], ["2024-01-31", "a", "4", "", "1"], **changes
    )
    assert isinstance(blank, Vote)
    assert isinstance(number, Vote)
    assert (blank.rating.language, number.rating.language) == ("bg", "en")


def test_equal_rows_are_votes_of_their_own() -> None:
    """Equal rows get different ids and visits, the same in every run."""
    row = ["2024-01-31 09:15", "a", "4", "", ""]
    first, second = judge(row, row), judge(row, row)
    assert first == second
    ids = {outcome.rating.id for outcome in first if isinstance(outcome, Vote)}
    visits = {outcome.rating.visit for outcome in first if isinstance(outcome, Vote)}
    assert (len(ids), len(visits)) == (2, 2)


def test_ids_depend_on_who_asked_what() -> None:
    """Site, survey, question and source each make other ids; the map's other keys do not."""
    row = ["2024-01-31 09:15", "a", "4", "", ""]

    def id_with(**changes: Any) -> str:  # noqa: ANN401
        return only_vote(judge(row, **changes)).rating.id

    plain = id_with()
    assert id_with(language="en", channel="paper", survey_version=2, values={}) == plain
    others = [{key: "other"} for key in ("site", "survey", "question", "source")]
    assert len({plain, *(id_with(**change) for change in others)}) == 5


def test_ids_are_for_ever() -> None:
    """Ids of old replays must not change: then every vote would be stored again."""
    vote = only_vote(judge(["2024-01-31 09:15", "a", "4", "b", ""]))
    assert vote.follow_up is not None
    assert (vote.rating.id, vote.follow_up.id, vote.rating.visit) == IDS


table = st.lists(
    st.tuples(
        st.sampled_from(["2024-01-31 09:15", "2024-02-01", "2031-01-01", "soon", ""]),
        st.sampled_from(["Гише 1", "gishe 1", "Desk, left", '"', ""]),
        st.sampled_from(["1", "5.0", "good", "Don't know", "9", "", "x\ny"]),
        st.sampled_from(["", "Queue", "?"]),
        st.sampled_from(["", "bg", "!"]),
    ),
    max_size=12,
)


def write(rows: list[tuple[str, ...]]) -> str:
    """A CSV file with the usual header."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([COLUMNS, *rows])
    return written.getvalue()


@given(table, table)
def test_accounting(tmp_path_factory: pytest.TempPathFactory, rows: Any, more: Any) -> None:  # noqa: ANN401
    """Each row with text is one outcome; ids are distinct; a file that grew keeps all its ids."""
    path = tmp_path_factory.mktemp("grow") / "a.csv"
    path.write_text(write(rows), encoding="utf-8", newline="")
    before = list(read_votes(path, make_map(), NOW, {}))
    path.write_text(write(rows + more), encoding="utf-8", newline="")
    after = list(read_votes(path, make_map(), NOW, {}))
    assert len(before) == sum(any(cell.strip() for cell in row) for row in rows)
    assert after[: len(before)] == before
    ids = [outcome.rating.id for outcome in after if isinstance(outcome, Vote)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "has no header"),
        ("\n\n", "has no header"),
        ("time;desk;rating;reason;lang\n", "one column 'time'.*another delimiter"),
        ("time,desk,rating,reason,lang,desk\n", "one column 'desk'"),
        ("time,Desk,rating,reason,lang\n", "one column 'desk'"),
    ],
)
def test_unusable_files(tmp_path: Path, content: str, told: str) -> None:
    """A file without the map's columns is refused as a whole, with what it has."""
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=told):
        list(read_votes(path, make_map(), NOW, {}))


def test_header_only(tmp_path: Path) -> None:
    """A file without rows is no mistake."""
    path = tmp_path / "a.csv"
    path.write_text("\ufeff time ,desk,rating, reason,lang\r\n", encoding="utf-8")
    assert list(read_votes(path, make_map(), NOW, {})) == []


def test_cyrillic_encoding(tmp_path: Path) -> None:
    """A file in Windows' Cyrillic is read when the map says so, and refused row by row if not."""
    path = tmp_path / "a.csv"
    path.write_text(write([("2024-01-31", "Гише 1", "4", "", "")]), encoding="cp1251")
    (vote,) = votes(path, make_map(encoding="cp1251"))
    assert vote.rating.touchpoint == "gishe-1"
    (refused,) = read_votes(path, make_map(), NOW, {})
    assert isinstance(refused, Refused)


def test_nhs(shared: Path, project: Path) -> None:
    """The surgeries' file: 1,546 votes, 12 skipped, no vote merged with its equal neighbour."""
    path = shared / "data" / "feedback" / "nhs_fft_three_surgeries.csv"
    found = list(read_votes(path, load_map(project / "docs/maps/nhs_fft.toml"), NOW, {}))
    kinds = Counter(type(outcome) for outcome in found)
    assert kinds == {Vote: 1546, Skipped: 12}
    assert len({outcome.rating.id for outcome in found if isinstance(outcome, Vote)}) == 1546


def test_sfo_2016(shared: Path, project: Path) -> None:
    """The airport's file of 2016: days in American notation, blanks as 0."""
    path = shared / "data" / "feedback" / "sfo_2016.csv"
    found = list(read_votes(path, load_map(project / "docs/maps/sfo_2016.toml"), NOW, {}))
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = Counter(row["Q7ALL"] for row in csv.DictReader(file))
    given = Counter(str(vote.rating.value) for vote in found if isinstance(vote, Vote))
    assert given == {value: expected[value] for value in "12345"}
    assert {vote.when.precision for vote in found if isinstance(vote, Vote)} == {"day"}
    assert len(found) == expected.total()


def test_sfo_2015(shared: Path) -> None:
    """The airport's file of 2015: the day of the month alone, which the map completes."""
    mapping = make_map(
        time_prefix="2015-05-",
        time_format="%Y-%m-%d",
        values={"0": "skip", "6": "skip"},
        columns={"time": "INTDATE", "touchpoint": "BAREA", "value": "Q9ALL"},
    )
    found = list(read_votes(shared / "data" / "feedback" / "sfo_2015.csv", mapping, NOW, {}))
    kinds = Counter(type(outcome) for outcome in found)
    assert kinds == {Vote: 2868, Skipped: 90}
