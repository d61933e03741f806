"""The page for authors of devices, taken apart for the tests that hold it to its word."""

from __future__ import annotations

import re

from tests.wire.samples import PROJECT

PATH = PROJECT / "docs" / "wire.md"
TEXT = PATH.read_text(encoding="utf-8")


def blocks(info: str) -> list[str]:
    """The contents of all fenced blocks that open with ``info``."""
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def rows(text: str = TEXT) -> list[list[str]]:
    """The cells of all rows of tables, headings included, without code marks."""
    ruled = (line for line in text.splitlines() if line.startswith("| "))
    lines = [line for line in ruled if not line.startswith("| ---")]
    return [[cell.strip().replace("`", "") for cell in line.split("|")[1:-1]] for line in lines]


def anchors() -> set[str]:
    """What a link into the page may point at."""
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
