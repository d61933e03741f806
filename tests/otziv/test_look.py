"""The look: files are fresh, colours can be read, faces are told apart without colour."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from typer.testing import CliRunner

from otziv.cli.app import app
from otziv.look.faces import faces
from otziv.look.figure import Figure
from otziv.look.generate import KIOSK, PICTURES, figures, generate, stale, write
from otziv.look.geometry import circle, line, polygon
from otziv.look.svg import svg
from otziv.look.tokens import contrast, read_tokens
from otziv.look.triangles import triangles

TOKENS = read_tokens()
SCHEMES = list(TOKENS.colours)
TEXT = 4.5
SHAPE = 3.0
"""The least contrasts of WCAG 2.2: 1.4.3 for text, 1.4.11 for shapes."""

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
@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("ink", "ground"),
        ("ink", "card"),
        ("faint", "ground"),
        ("faint", "card"),
        ("on-accent", "accent"),
        ("good", "ground"),
        ("bad", "ground"),
    ],
)
def test_text_can_be_read(scheme: str, text: str, behind: str) -> None:
    """Every pair in which text stands has 4.5:1 at least (WCAG 1.4.3)."""
    colours = TOKENS.colours[scheme]
    assert contrast(colours[text], colours[behind]) >= TEXT


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
