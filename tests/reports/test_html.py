"""The web page: one file that asks nobody, and that axe finds no obstacle in."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Request

from analytics.reports.document import plain, texts
from analytics.reports.edited import edit
from analytics.reports.html import to_html
from tests.fixtures.portal_server import chromium
from tests.reports.sample import HOSTILE, sample, views


class Seen(HTMLParser):
    """The elements of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each ``tag``."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", ["bg", "en"])
def test_it_has_a_structure(language: str) -> None:
    """One h1, landmarks, captions, headings of rows and columns, pictures with a text."""
    seen = Seen(to_html(sample(language)))
    assert seen.all("html") == [{"lang": language}]
    assert [len(seen.all(each)) for each in ("h1", "header", "main", "footer")] == [1, 1, 1, 1]
    assert len(seen.all("caption")) == len(seen.all("table"))
    assert {each.get("scope") for each in seen.all("th")} == {"col", "row"}
    drawings = seen.all("svg")
    assert len(drawings) == len(seen.all("details")) == (5 if language == "bg" else 2)
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set(str(drawing["aria-labelledby"]).split()) <= set(ids)
    assert views(language)["trend"].alternative in seen.words


def test_what_people_entered_comes_out_to_the_letter() -> None:
    """And no element comes of it."""
    seen = Seen(to_html(sample("bg")))
    assert "".join(seen.words).count(HOSTILE) == 4
    assert not seen.all("script")


def test_figures_of_a_person_have_a_note_and_a_way_back() -> None:
    """Each link leads somewhere."""
    document = sample("bg")
    said = [plain(text) for text in texts(document)]
    now = edit(document, {said.index("93 %"): "95 %", said.index("1 480"): "1 500"})
    seen = Seen(to_html(now))
    assert "Променено от човек; беше 93 %. " in seen.words
    assert len(seen.all("mark")) == 2
    ids = {attributes.get("id") for _, attributes in seen.elements}
    targets = [str(link["href"]).removeprefix("#") for link in seen.all("a")]
    assert targets
    assert set(targets) <= ids


def test_without_anything_to_say_it_says_so() -> None:
    """Under its title."""
    empty = msgspec.structs.replace(sample("en"), sections=())
    assert "Nothing to report for this period." in Seen(to_html(empty)).words


def test_a_municipality_wears_its_own_colours(tmp_path: Path) -> None:
    """The drawings, too, where it is dark."""
    ours = Path("analytics/charts/tokens.json").read_text("utf-8")
    (tmp_path / "tokens.json").write_text(ours.replace("#7cc8d2", "#f0a3b8"), "utf-8")
    assert "#f0a3b8" in to_html(sample("en"), tmp_path)
    assert "#f0a3b8" not in to_html(sample("en"))


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_nobody_meets_an_obstacle_and_nobody_else_is_asked(tmp_path: Path) -> None:
    """Light on a desk, dark on a phone; with its notes and unfolded tables."""
    document = sample("bg")
    said = [plain(text) for text in texts(document)]
    page = to_html(edit(document, {said.index("93 %"): "95 %"}))
    (tmp_path / "report.html").write_text(page, "utf-8")
    address = (tmp_path / "report.html").as_uri()
    with chromium() as browser:
        desk = browser.new_page(color_scheme="light", viewport={"width": 1280, "height": 800})
        phone = browser.new_page(color_scheme="dark", viewport={"width": 320, "height": 640})
        faults = [*_faults(desk, address), *_faults(phone, address)]
    assert not faults, "\n".join(faults)


def _faults(page: Page, address: str) -> list[str]:
    """What is wrong with the page at ``address``, its tables unfolded."""
    asked: list[str] = []

    def keep(request: Request) -> None:
        asked.append(request.url)

    page.on("request", keep)
    page.goto(address)
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    results: dict[str, Any] = Axe().run(page).response
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in results["violations"]]
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > width:
        found.append(f"{wide} wide on {width}")
    return found + [url for url in asked if url != address]
