"""Rows of messy exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otziv.replay.csvfile import MAX_LINES, Broken, Row, open_rows, read_rows
from otziv.replay.errors import FileError


def rows(text: str, delimiter: str = ",") -> list[Row | Broken]:
    """The rows of a file that holds ``text``."""
    return list(read_rows(text.splitlines(keepends=True), delimiter))


def test_lines_are_physical() -> None:
    """A row is known by the line where it starts; blank lines count, and are no rows."""
    found = rows('a,b\n\n1,"x\ny"\n  \n,,\n2,z\n')
    assert [(row.line, row.cells) for row in found if isinstance(row, Row)] == [
        (1, ["a", "b"]),
        (3, ["1", "x\ny"]),
        (7, ["2", "z"]),
    ]


def test_stray_quotes_and_spaces() -> None:
    """Quotes inside a cell, doubled quotes and spaces before a quote are read as they are meant."""
    assert rows('1, "a, b", c "d" e,"f ""g"""\r\n') == [Row(1, ["1", "a, b", 'c "d" e', 'f "g"'])]


@pytest.mark.parametrize("tail", ["", '4,"good"\n', '4,"a\nb"\n'])
def test_open_quote_swallows_nothing(tail: str) -> None:
    """A quote that is never closed breaks its own line; the rows after it are all there."""
    found = rows('1,a\n2,"b\n3,c\n' + tail)
    assert found[:3] == [
        Row(1, ["1", "a"]),
        Broken(2, "a quote in this line is not closed, or stands astray"),
        Row(3, ["3", "c"]),
    ]
    assert len(found) == 3 + bool(tail)


def test_many_open_quotes() -> None:
    """Ten thousand broken lines are told one by one, in bounded time."""
    found = rows('1,"a\n' * 9_999 + "2,b\n")
    assert [type(row) for row in found[-2:]] == [Broken, Row]
    assert len(found) == 10_000


def test_long_row() -> None:
    """A row over very many lines is a quote that was not closed."""
    found = rows('1,"' + "a\n" * MAX_LINES + '"\n2,b\n')
    assert isinstance(found[0], Broken)
    assert found[-1] == Row(MAX_LINES + 2, ["2", "b"])


def test_huge_cell() -> None:
    """A cell larger than csv allows breaks its line only."""
    assert [type(row) for row in rows("1," + "x" * 200_000 + "\n2,b\n")] == [Broken, Row]


@given(st.text(alphabet='ab, "\n\r', max_size=60))
def test_every_line_is_accounted_for(text: str) -> None:
    """Whatever stands in the file, lines rise, and every letter is in a row or a broken line."""
    lines = text.splitlines(keepends=True)
    found = list(read_rows(lines, ","))
    numbers = [row.line for row in found]
    assert numbers == sorted(set(numbers))
    told = {row.line for row in found if isinstance(row, Broken)}
    read = sum(cell.count("a") for row in found if isinstance(row, Row) for cell in row.cells)
    broken = sum(line.count("a") for number, line in enumerate(lines, 1) if number in told)
    assert read + broken == text.count("a")


@given(
    st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=4), max_size=6),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_csv_wrote(table: list[list[str]], delimiter: str) -> None:
    """A file that is well made comes back as it was."""
    quoted = ['"' + delimiter.join(c.replace('"', '""') for c in ["", *row]) + '"' for row in table]
    text = "".join(f"x{delimiter}{cell}\r\n" for cell in quoted)
    found = list(read_rows(text.splitlines(keepends=True), delimiter))
    assert [row.cells[1] for row in found if isinstance(row, Row)] == [
        delimiter.join(["", *row]) for row in table
    ]


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends leave no trace."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\r\n1,2\r\n")
    with open_rows(path, "utf-8-sig", ",") as found:
        assert list(found) == [Row(1, ["a", "b"]), Row(2, ["1", "2"])]


def test_unreadable_files(tmp_path: Path) -> None:
    """A file that is not there, or of an encoding that can't be read on, is told."""
    with pytest.raises(FileError, match="can't be read"), open_rows(tmp_path, "utf-8", ","):
        pass
    path = tmp_path / "odd.csv"
    path.write_bytes(b"\xff\xfea\x00\n")
    with (
        pytest.raises(FileError, match="is not utf-16"),
        open_rows(path, "utf-16", ",") as found,
    ):
        list(found)
