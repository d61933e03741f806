"""The style: small, made of tokens alone, without anything inline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from portal.web.assets import FOLDER
from portal.web.portal import Portal
from tests.fixtures.portal_messages import PORTAL
from tests.fixtures.portals import sign_in_staff

STYLES = sorted(FOLDER.glob("*.css"))
MOST_BYTES = 30 * 1024


def test_the_style_is_small() -> None:
    """30 KB, tokens and all."""
    assert sum(path.stat().st_size for path in STYLES) <= MOST_BYTES


def test_colours_are_tokens() -> None:
    """Variables are there, and no colour is named where it is used, but for paper and shade."""
    tokens = (FOLDER / "tokens.css").read_text("utf-8")
    defined = set(re.findall(r"--([\w-]+):", tokens))
    for path in STYLES:
        if path.name == "tokens.css":
            continue
        style = path.read_text("utf-8")
        assert set(re.findall(r"var\(--([\w-]+)\)", style)) <= defined, path
        screen = style.partition("@media print")[0]
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\((?!0 0 0 /)|hsla?\(", screen), path


def test_nothing_is_inline() -> None:
    """The policy forbids it, so it would not work: no style, script or handler in a page."""
    for path in _templates():
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not re.findall(r"\sstyle=|<style|\son\w+=", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, path


def test_classes_are_known() -> None:
    """A class that a template uses has a style; a misspelt one would show nothing."""
    sheets = "".join(path.read_text("utf-8") for path in STYLES)
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets))
    for path in _templates():
        for value in re.findall(r'class="([^"{}]*)"', path.read_text("utf-8")):
            assert set(value.split()) <= known, (path, value)


def test_every_component_is_on_the_style_page(client: TestClient, portal: Portal) -> None:
    """Each macro is called there; staff see it, strangers only in a demonstration."""
    assert client.get("/style").status_code == 404
    sign_in_staff(portal, client, "clerk")
    page = client.get("/style")
    assert page.status_code == 200
    components = (PORTAL / "web/templates/components.html").read_text("utf-8")
    shown = (PORTAL / "web/templates/style.html").read_text("utf-8")
    shown += (PORTAL / "web/templates/base.html").read_text("utf-8")
    for macro in re.findall(r"macro ([a-z]\w*)\(", components):
        assert re.search(rf"ui(_of_base)?\.{macro}\(", shown), macro


def test_the_summary_names_fields(client: TestClient, portal: Portal) -> None:
    """Errors above lead to the fields below, by the names that these have."""
    sign_in_staff(portal, client, "clerk")
    page = client.get("/en/style").text
    assert '<a href="#field-wrong-name">Name: Fill this in</a>' in page
    assert '<a href="#field-wrong-face">How was it? Fill this in</a>' in page
    for target in re.findall(r'href="#(field-[\w-]+)"', page):
        assert page.count(f'id="{target}"') == 1, target
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= set(ids)


def _templates() -> Iterator[Path]:
    yield from PORTAL.glob("*/templates/*.html")
