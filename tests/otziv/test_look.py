"""The look: files are fresh, colours can be read, faces are told apart without colour."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, sync_playwright
from typer.testing import CliRunner

from broker.wire.scales import SCALES
from hardware.board import find_board
from hardware.designs.design import LANGUAGES, Language, find_design
from kiosk.built_in import built_in_survey, scale_for
from kiosk.faces import scale_choices
from kiosk.words import Words
from otziv.cli.app import app
from otziv.look.contrast import PAIRS, SHAPE, TEXT, contrast
from otziv.look.faces import faces
from otziv.look.figure import Figure
from otziv.look.generate import KIOSK, PICTURES, figures, generate, stale, write
from otziv.look.geometry import circle, line, polygon
from otziv.look.legend import CAP_MM, POSTS, legends
from otziv.look.svg import svg
from otziv.look.tokens import read_tokens
from otziv.look.triangles import triangles

TOKENS = read_tokens()
SCHEMES = list(TOKENS.colours)
LEGENDS = dict(legends({figure.name: figure for figure in figures()}, TOKENS.colours["light"]))
A4_PX: ViewportSize = {"width": 1123, "height": 794}

COUNT_FAULTS = """
() => {
  const parts = [...document.querySelectorAll("h1, .cap, .word, .notes")];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const cut = parts.filter((part) => part.scrollWidth > part.clientWidth + 1);
  const off = boxes.filter((b) => b.left < 18 || b.top < 18 || b.right > 1105 || b.bottom > 776);
  const upon = boxes.filter((a, n) => boxes.slice(n + 1).some((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
  return [...cut.map((part) => part.textContent), ...off, ...upon];
}
"""
"""What is too wide for its place, nearer than 5 mm to the edge of the paper, or upon another."""

SIDE_PX = 40
APART = 0.06
"""The least part of a picture in which two faces differ, black or white."""

COUNT_DARK = """
async ([one, other, side]) => {
  const bits = async (svg) => {
    const image = new Image();
    image.src = "data:image/svg+xml;base64," + btoa(svg);
    await image.decode();
    const canvas = new OffscreenCanvas(side, side);
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    context.drawImage(image, 0, 0, side, side);
    const data = context.getImageData(0, 0, side, side).data;
    return Array.from({ length: side * side }, (_, n) => data[4 * n] < 128);
  };
  const [a, b] = [await bits(one), await bits(other)];
  return a.filter((bit, n) => bit !== b[n]).length / a.length;
}
"""


def test_generated_files_are_fresh() -> None:
    """What is committed is what the source says; after a change run ``otziv look``."""
    assert not stale()


def test_the_command_writes_and_checks(tmp_path: Path) -> None:
    """A missing, changed or superfluous file is stale; writing mends it, and only that."""
    assert len(write(tmp_path)) == len(generate())
    assert write(tmp_path) == []
    (tmp_path / KIOSK / "tokens.json").write_text("{}")
    (tmp_path / PICTURES / "unicorn.svg").write_text("<svg/>")
    assert stale(tmp_path) == [PICTURES / "unicorn.svg", KIOSK / "tokens.json"]
    assert len(write(tmp_path)) == 2
    assert not stale(tmp_path)
    result = CliRunner().invoke(app, ["look", "--check"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "behind", "least"), PAIRS)
def test_everything_can_be_read(scheme: str, front: str, behind: str, least: float) -> None:
    """Every pair that stands before each other has the contrast that it needs (WCAG 1.4.3, 11)."""
    colours = TOKENS.colours[scheme]
    assert contrast(colours[front], colours[behind]) >= least
    assert least in {TEXT, SHAPE}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shapes_can_be_seen(scheme: str) -> None:
    """Borders, focus, lines and faces have 3:1 at least against what is beside (WCAG 1.4.11)."""
    colours = TOKENS.colours[scheme]
    for behind in ("ground", "card"):
        for shape in ("edge", "accent", "ink"):
            assert contrast(colours[shape], colours[behind]) >= SHAPE
        for name in (name for name in colours if name.startswith("face-") and "line" not in name):
            seen = contrast(colours["face-line"], colours[behind])
            filled = contrast(colours[name], colours[behind])
            assert max(seen, filled) >= SHAPE, name
            assert contrast(colours["face-line"], colours[name]) >= TEXT, name
    assert contrast(colours["ink"], colours["tint"]) >= SHAPE


def test_schemes_have_the_same_names() -> None:
    """A colour that one scheme has, all have."""
    assert len({frozenset(colours) for colours in TOKENS.colours.values()}) == 1


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21:1, a colour on itself 1:1, and #777777 on white 4.48:1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#123456", "#123456") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.browser
def test_faces_are_told_apart_without_colour() -> None:
    """In black and white, 40 pixels wide, any two faces of a scale differ in much of the picture.

    Drawn all in one colour, too: outline and features alone tell them apart.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto("about:blank")
        for one, other in combinations(_scale("-of-4"), 2):
            assert _difference(page, one, other) > APART, (one.name, other.name)
        for one, other in combinations(_scale("-of-5"), 2):
            assert _difference(page, one, other) > APART, (one.name, other.name)
        assert _difference(page, *[face for face in faces() if face.name in {"yes", "no"}]) > APART
        browser.close()


def test_outlines_alone_tell_faces_apart() -> None:
    """No two faces of a scale have the same outline."""
    for of in ("-of-4", "-of-5"):
        outlines = {face.shapes[0].path for face in _scale(of)}
        assert len(outlines) == len(_scale(of))


def test_names_are_unique_and_titled() -> None:
    """Each figure has a name of its own, and says what it shows to those who don't see it."""
    assert len({figure.name for figure in figures()}) == len(figures())
    for figure in figures():
        drawn = svg(figure, TOKENS.colours["light"])
        assert f"<title>{figure.title}</title>" in drawn


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("board", find_design("button-post").boards)
def test_legends_say_what_the_kiosk_says(board: str, language: Language) -> None:
    """Each post can have its question, faces and words printed; they are those of the kiosk."""
    buttons = find_board(board).buttons
    question = built_in_survey(buttons).questions[0]
    page = LEGENDS[f"legend-{scale_for(buttons)}.{language}.html"]
    assert re.findall("<h1[^>]*>(.*)</h1>", page) == [question.texts[language]]
    choices = scale_choices(question.scale or "", buttons, Words(language))
    assert len(choices) == len([button for button in buttons if button.startswith("face-")])
    said = [choice.text for choice in choices]
    assert re.findall('<p class="word">(.*)</p>', page) == said
    assert re.findall("<title>(.*)</title>", page)[1:] == said


@pytest.mark.browser
def test_a_legend_prints_on_one_page_at_its_size() -> None:
    """One page of A4; caps as wide as the design's; nothing is cut off or stands upon another."""
    row = find_design("button-post").box.faces
    assert row is not None
    assert row.cap_mm == CAP_MM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=A4_PX)
        for name, content in LEGENDS.items():
            page.set_content(content)
            assert page.evaluate(COUNT_FAULTS) == [], name
            widths = page.evaluate("[...document.querySelectorAll('.cap')].map(c => c.offsetWidth)")
            assert widths == [round(CAP_MM * 96 / 25.4)] * len(widths)
            assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == 1
        browser.close()


def test_every_scale_of_a_post_has_a_legend() -> None:
    """Its file is named after scale and language."""
    assert set(POSTS) <= set(SCALES)
    assert sorted(LEGENDS) == sorted(f"legend-{s}.{tag}.html" for s in POSTS for tag in LANGUAGES)


def test_curves_are_flattened_closely() -> None:
    """No corner of a flattened circle, and no middle of its sides, is a thousandth off."""
    corners = circle((0.5, 0.5), 0.4).flattened()
    for n, (x, y) in enumerate(corners):
        for px, py in ((x, y), ((x + corners[n - 1][0]) / 2, (y + corners[n - 1][1]) / 2)):
            radius = ((px - 0.5) ** 2 + (py - 0.5) ** 2) ** 0.5
            assert radius == pytest.approx(0.4, abs=0.0012)
    assert line((0, 0), (1, 1)).flattened() == [(0, 0), (1, 1)]


def test_a_polygon_that_crosses_itself_is_refused() -> None:
    """It has no inside; the error says so."""
    assert len(triangles(polygon((0, 0), (1, 0), (1, 1), (0, 1)).flattened())) == 2
    with pytest.raises(ValueError, match="crosses itself"):
        triangles([(0, 0), (2, 2), (2, 0), (0, 1)])


def _scale(of: str) -> list[Figure]:
    return [face for face in faces() if face.name.endswith(of)]


def _difference(page: Page, one: Figure, other: Figure) -> float:
    """The part of their pictures in which two figures differ, everything filled in one grey."""
    colours = dict.fromkeys(TOKENS.colours["light"], "#000000")
    colours |= {name: "#606060" for name in colours if name.startswith("face-")}
    colours |= {"face-line": "#ffffff", "face-mouth": "#ffffff"}
    found: float = page.evaluate(COUNT_DARK, [svg(one, colours), svg(other, colours), SIDE_PX])
    return found
