"""What screen readers are given of a PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader


def opened(pdf: bytes) -> PdfReader:
    """``pdf``, to be read."""
    return PdfReader(io.BytesIO(pdf))


def root(pdf: bytes) -> Any:  # noqa: ANN401 -- whatever a PDF holds
    """What the document says of itself."""
    return opened(pdf).root_object


def words(pdf: bytes) -> str:
    """All that it says, in one line, hyphens of line ends taken out."""
    said = " ".join(page.extract_text() for page in opened(pdf).pages)
    return " ".join(said.replace("\xad\n", "").replace("\xa0", " ").split())


def structure(pdf: bytes) -> list[tuple[str, str]]:
    """The kinds of its parts in the order of reading, with the text of pictures."""
    return list(_parts(root(pdf)["/StructTreeRoot"]["/K"]))


def _parts(node: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 -- whatever a PDF holds
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _parts(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"]), str(node.get("/Alt", ""))
        if "/K" in node:
            yield from _parts(node["/K"])
