"""A text written out: filled, open about what is not, and never a page of somebody's markup."""

from __future__ import annotations

import io
import itertools
import re
from datetime import date

import docx
import pytest
from pypdf import PdfReader

from analytics.measures.minima import MIN_STAFF, MIN_VOTES
from analytics.reports.document import Document, Heading, Table, plain, texts
from otziv.texts.rendering import render
from portal.municipality.facts import Facts
from portal.texts.errors import TextError
from portal.texts.filling import BLANK, Filling
from portal.texts.known import LABELS, Times, known
from portal.texts.laws import Language, laws
from portal.texts.reading import read
from portal.texts.writing import TEXTS, Written, write_text

DAY = date(2026, 11, 22)
FACTS = Facts(
    name_bg="Община Горна чешма",
    name_en="Municipality of Gorna Cheshma",
    address_bg="пл. „Свобода“ 1\n1234 Горна чешма",
    address_en="1 Svoboda Square, 1234 Gorna Cheshma",
    phone="+359 2 000 0000",
    email="info@example.bg",
    officer_bg="отдел „Правен“",
    officer_en="Legal department",
    officer_phone="+359 2 000 0001",
    officer_email="data@example.bg",
)
ALL: list[tuple[str, Language]] = [(name, each) for name in TEXTS for each in TEXTS[name].names]


def write(
    name: str, language: Language, facts: Facts = FACTS, url: str = "https://otziv.example.bg"
) -> Written:
    """One text of a municipality."""
    values = known(facts, Times(12, 90, 30, 7), url, DAY, language)
    return write_text(name, language, values, DAY)


def words_of(document: Document) -> str:
    """All that a document says, its checklist left out."""
    sections = [each for each in document.sections if each.title not in _CHECKLISTS]
    shown = Document(
        language=document.language,
        kind="text",
        title=document.title,
        subtitle=document.subtitle,
        municipality="",
        made_on=DAY,
        sections=tuple(sections),
    )
    return "\n".join([document.subtitle, *map(plain, texts(shown))])


_CHECKLISTS = {"Преди утвърждаване", "Before it is approved"}


@pytest.mark.parametrize(("name", "language"), ALL)
def test_each_text_renders_in_each_format(name: str, language: Language) -> None:
    """To edit with headings, to print with tags, for a page with its language."""
    document = write(name, language).document
    edited = docx.Document(io.BytesIO(render(name, document, "docx")))
    said = [part.text for part in edited.paragraphs]
    for section in document.sections:
        assert section.title in said
    tables = [block for each in document.sections for block in each.blocks if type(block) is Table]
    assert len(edited.tables) == len(tables)
    printed = PdfReader(io.BytesIO(render(name, document, "pdf")))
    root = printed.root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith(language)
    page = render(name, document, "html").decode()
    assert f'<html lang="{language}"' in page
    levels = [int(found) for found in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


@pytest.mark.parametrize("facts", [FACTS, Facts()], ids=["all told", "nothing told"])
@pytest.mark.parametrize(("name", "language"), ALL)
def test_no_blank_is_left_unlisted(name: str, language: Language, facts: Facts) -> None:
    """What the page leaves open is what is listed, no more and no less, with its place."""
    written = write(name, language, facts, "")
    said = words_of(written.document)
    sign = r"\((?:попълва се|to be filled in): ([^()]*)\)"
    assert set(re.findall(sign, said)) == _left(written, "fill")
    assert said.count(BLANK) == len(re.findall(sign, said))
    confirm = r"\[(?:да се потвърди|to be confirmed): ([^\]]*)\]"
    assert set(re.findall(confirm, said)) == _left(written, "confirm")
    assert len(re.findall(r"\[(?:непроверено|unverified)", said)) >= len(_left(written, "law"))
    assert all(each.places and all(each.places) for each in written.open)
    assert not re.search(r"[{}`^]", said)


@pytest.mark.parametrize(("name", "language"), ALL)
def test_what_the_municipality_told_is_no_blank(name: str, language: Language) -> None:
    """Its facts stand in the text; without them each is a blank under its own name."""
    labels = {label[language] for label in LABELS.values()}
    assert not _left(write(name, language), "fill") & labels
    said = words_of(write(name, language).document)
    told = {"bg": "Община Горна чешма", "en": "Municipality of Gorna Cheshma"}[language]
    assert told in said
    assert _left(write(name, language, Facts(), ""), "fill") & labels


def _left(written: Written, kind: str) -> set[str]:
    return {each.what for each in written.open if each.kind == kind}


def test_a_text_with_something_open_is_a_draft_with_a_list() -> None:
    """The list stands last, one row for each matter; a sheet for the wall has none."""
    written = write("rules", "bg")
    assert written.document.is_draft
    last = written.document.sections[-1]
    assert last.title == "Преди утвърждаване"
    table = last.blocks[-1]
    assert isinstance(table, Table)
    assert [plain(row[0]) for row in table.rows] == [each.what for each in written.open]
    assert not {each.title for each in write("notice", "bg").document.sections} & _CHECKLISTS


def test_nothing_is_borrowed_from_the_other_language() -> None:
    """A Bulgarian address in an English notice would tell its reader nothing."""
    facts = FACTS.model_copy(update={"address_en": "", "officer_en": ""})
    written = write("notice", "en", facts)
    assert "Свобода" not in words_of(written.document)
    assert {"address of the municipality", "name or post of the data protection officer"} <= _left(
        written, "fill"
    )


def test_what_is_told_is_never_markup() -> None:
    """Names are data: no table, no mark, no HTML comes of them."""
    odd = "Община | {:нещо} <b>*X*</b> `y` ^"
    written = write("staff", "bg", FACTS.model_copy(update={"name_bg": odd}))
    assert odd in words_of(written.document)
    assert "нещо" not in _left(written, "fill")
    page = render("staff", written.document, "html").decode()
    assert "<b>" not in page
    assert "&lt;b&gt;*X*" in page


@pytest.mark.parametrize("facts", [FACTS, Facts()], ids=["all told", "nothing told"])
@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_notice_is_one_sheet(language: Language, facts: Facts) -> None:
    """However much of it is blank."""
    document = write("notice", language, facts, "").document
    assert len(PdfReader(io.BytesIO(render("notice", document, "pdf"))).pages) == 1


def test_numbers_are_those_of_the_product() -> None:
    """Minima from the measures, times from the settings, in their right forms."""
    values = known(FACTS, Times(1, 1, 45, 9), "", DAY, "bg")
    said = words_of(write_text("rules", "bg", values, DAY).document)
    assert f"по-малко от {MIN_VOTES} оценки" in said
    assert f"най-малко {MIN_STAFF} служители" in said
    assert "1 месец" in said
    assert "1 месеца" not in said
    assert "45 дни" in said
    assert "а след 9 дни – и на ръководството" in said
    assert values["today"] == "22 ноември 2026\u202fг."


def test_rules_hold_what_protects_people() -> None:
    """What these rules are for; a shorter version may not lose it."""
    said = words_of(write("rules", "bg").document)
    for needed in (
        "Те не са оценка на отделен служител",
        "Екипът вижда листа си пръв",
        "пробен режим",
        "сочи място и време, а не човек",
        "нямат камера и микрофон",
        "не се провеждат томболи",
        "Комисията за защита на личните данни",
    ):
        assert needed.lower() in said.lower(), needed


def test_the_first_citation_names_the_law_in_full() -> None:
    """Later ones are short, and what was not compared says so."""
    said = words_of(write("privacy", "bg").document)
    assert said.count("(Общ регламент относно защитата на данните)") == 1
    rules = words_of(write("rules", "bg").document)
    assert "чл. 121 от Административнопроцесуалния кодекс [непроверено" in rules
    assert "чл. 24 от Наредбата за административното обслужване [" not in rules


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("Без заглавие", "begins with its title"),
        ("# Т\n\nа\n\nб\n", "before the first section"),
        ("# Т\n\n## Р\n\n| а | б |\n| --- | --- |\n| 1 | 2 |\n", "can't have table"),
        ("# Т\n\n## Р\n\n{nobody}\n", "nothing that is known"),
        ("# Т\n\n## Р\n\n{@gdpr-999}\n", "nothing is cited"),
    ],
)
def test_a_bad_source_is_refused(source: str, why: str) -> None:
    """Whoever writes a text hears of it before a clerk does."""
    with pytest.raises(TextError, match=why):
        read(source, Filling({}, laws(), "bg"))


def test_a_text_that_is_not_there_is_told_with_those_that_are() -> None:
    """Neither a name nor a language is guessed."""
    with pytest.raises(TextError, match="notice, rules, staff, dpia, privacy"):
        write("rulez", "bg")
    with pytest.raises(TextError, match="only in: bg"):
        write("rules", "en")


def test_headings_within_a_section_are_headings() -> None:
    """So a reader of the screen can jump from risk to risk."""
    inner = [b for each in write("dpia", "bg").document.sections for b in each.blocks]
    assert sum(isinstance(block, Heading) for block in inner) >= 10
