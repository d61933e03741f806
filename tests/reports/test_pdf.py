"""PDF: tagged, in its language, readable in order; what people enter comes out to the letter."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from analytics.reports.document import Block, Document, Figure, Paragraph, Section, texts, write
from analytics.reports.drawn import DrawingError
from analytics.reports.edited import edit
from analytics.reports.pdf import to_pdf
from tests.reports.reading import opened, root, structure, words
from tests.reports.sample import HOSTILE, LONG, chart, sample, views


@pytest.fixture(scope="module")
def bulgarian() -> bytes:
    """The whole sample."""
    return to_pdf(sample("bg"))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_it_says_what_it_is(language: str) -> None:
    """PDF/UA-1, language, title, and who made it."""
    document = sample(language)
    made = to_pdf(document)
    said = root(made)
    assert said["/Lang"] == language
    assert said["/MarkInfo"]["/Marked"]
    assert said["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in said["/Metadata"].get_object().get_data()
    about = opened(made).metadata
    assert about is not None
    assert about.title == document.title
    assert about.author == document.municipality


def test_it_is_read_in_order(bulgarian: bytes) -> None:
    """Headings without a gap, captions, pictures with their text, tables with headings."""
    parts = structure(bulgarian)
    kinds = [kind for kind, _ in parts]
    assert [kind for kind in kinds if kind in {"/H1", "/H2", "/H3"}] == [
        "/H1",
        *("/H2", "/H2", "/H3", "/H3", "/H2", "/H2"),
    ]
    pictures = [text for kind, text in parts if kind == "/Figure"]
    assert sorted(pictures) == sorted(view.alternative for view in views("bg").values())
    assert kinds.count("/Table") == 1 + len(pictures)
    assert kinds.count("/THead") == kinds.count("/Table")
    said = words(bulgarian)
    order = ["Годишен доклад", "Община Троян", "Най-важното", "93 %", "Резултати", "Графика 1."]
    places = [said.index(each) for each in order]
    assert places == sorted(places)


def test_what_people_entered_comes_out_to_the_letter(bulgarian: bytes) -> None:
    """In texts, captions, cells and lists; and nothing of it runs."""
    hostile = " ".join(HOSTILE.split())
    assert words(bulgarian).count(hostile) == 4


def test_a_long_name_is_said_in_full(bulgarian: bytes) -> None:
    """In tables; the picture has its beginning."""
    assert words(bulgarian).replace("- ", "").count(LONG.replace("- ", "")) >= 1


def test_bulgarian_words_are_divided(bulgarian: bytes) -> None:
    """At the ends of lines, where the next word is long."""
    pages = "".join(page.extract_text() for page in opened(bulgarian).pages)
    assert "админис\xad\nтрация" in pages


def test_pages_are_counted_and_tables_go_on(bulgarian: bytes) -> None:
    """The headings of a table stand on each of its pages."""
    pages = [page.extract_text().replace("\xa0", " ") for page in opened(bulgarian).pages]
    last = len(pages)
    assert all(f"Страница {at} от {last}" in page for at, page in enumerate(pages, 1))
    assert sum("Седмица от" in page for page in pages) == 2


def test_figures_of_a_person_have_a_note() -> None:
    """With what was reckoned."""
    document = sample("bg", place="Приемна")
    place, text = next(
        (at, "".join(piece.text for piece in text))
        for at, text in enumerate(texts(document))
        if Figure("hall.n", "1 204") in text
    )
    changed = edit(document, {place: text.replace("78 %", "88 %").replace("1 204", "1 204, а 3")})
    made = to_pdf(changed)
    assert "Променено от човек; беше 78 %." in words(made)
    assert "Добавено от човек; не е изчислено от системата." in words(made)
    assert [kind for kind, _ in structure(made)].count("/Note") == 2
    assert "Променено" not in words(to_pdf(document))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_without_anything_to_say_it_says_so(language: str) -> None:
    """No section, or sections without blocks."""
    empty = msgspec.structs.replace(sample(language), sections=(Section("Празно"),))
    said = words(to_pdf(empty))
    assert ("За този период няма" if language == "bg" else "Nothing to report") in said
    assert "Празно" not in said


def test_charts_without_figures_say_so() -> None:
    """An empty chart is a chart, and no table of nothing follows."""
    view = views("bg")["shares"]
    bare = msgspec.structs.replace(chart(view, "Празна"), alternative="Няма данни.")
    bare = msgspec.structs.replace(bare, table=msgspec.structs.replace(bare.table, rows=()))
    made = to_pdf(_with(sample("bg"), bare))
    assert ("/Figure", "Няма данни.") in structure(made)
    assert "Таблици към графиките" not in words(made)


def test_a_municipality_wears_its_own_colours(tmp_path: Path) -> None:
    """Its ``look.typ``."""
    ours = (Path("analytics/typesetting/look.typ")).read_text("utf-8")
    (tmp_path / "look.typ").write_text(ours.replace("#0b5d6b", "#7a1f3d"), "utf-8")
    document = _with(sample("bg"), Paragraph(write("Текст")))
    assert b"#7a1f3d" in to_pdf(document, tmp_path, "svg")
    assert b"#7a1f3d" not in to_pdf(document, form="svg")


def test_a_chart_that_is_none_is_refused() -> None:
    """And one that asks the network for its data."""
    good = chart(views("bg")["faces"], "Лица")
    elsewhere = {**good.spec, "data": {"url": "http://127.0.0.1:9/figures.json"}}
    for spec in ({"mark": "no such mark"}, elsewhere):
        with pytest.raises(DrawingError):
            to_pdf(_with(sample("bg"), msgspec.structs.replace(good, spec=spec)))


def _with(document: Document, block: Block) -> Document:
    """``document`` with ``block`` only."""
    return msgspec.structs.replace(document, sections=(Section("Част", (block,)),))
