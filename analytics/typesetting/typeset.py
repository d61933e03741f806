"""Typesetting with Typst: a template and its data become a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import typst

MODULES: Final = Path(__file__).parent
"""Folder of ``otziv.typ``, which templates import as ``/otziv.typ``: page, letters, colours."""

Format: TypeAlias = Literal["pdf", "svg", "png"]


class TypesetError(Exception):
    """A document could not be set; the text says why."""


def typeset(
    template: Path,
    content: Mapping[str, Any],
    made_at: datetime,
    pictures: Mapping[str, bytes] | None = None,
    form: Format = "pdf",
    look: Path | None = None,
) -> bytes:
    """Set ``template`` with ``content``, which it finds as ``data`` of ``/otziv.typ``.

    Args:
        template: a ``.typ`` file.
        form: ``svg`` and ``png`` are of the first page.
        content: what JSON can say; texts are data, never markup.
        made_at: what the document says of its making.
        pictures: name → SVG or PNG, found as ``picture(name)``.
        look: folder with the municipality's own colours (``look.typ``); without one ours hold.

    Raises:
        TypesetError: the template does not fit its data.
    """
    drawn = {name: _in_json(picture) for name, picture in (pictures or {}).items()}
    files: Any = {  # the stub does not know of several
        "main": template.read_bytes(),
        "otziv.typ": (MODULES / "otziv.typ").read_bytes(),
        "look.typ": _colours(look).read_bytes(),
        "data.json": json.dumps(dict(content), ensure_ascii=False).encode(),
        "pictures.json": json.dumps(drawn).encode(),
    }
    stamp = made_at.replace(microsecond=0)
    standards: Any = ["ua-1"] if form == "pdf" else []
    try:
        made: Any = typst.compile(files, format=form, pdf_standards=standards, timestamp=stamp)
    except RuntimeError as error:
        raise TypesetError(f"{template.name}: {error}") from error
    first: bytes = made[0] if isinstance(made, list) else made
    return first


def _in_json(picture: bytes) -> tuple[bool, str]:
    """A picture as JSON can hold it: SVG as its text, anything else with a letter for each byte.

    Text becomes bytes at once; letters are turned into bytes one by one, 20 ms for 100 KB.
    """
    try:
        return True, picture.decode("utf-8")
    except UnicodeDecodeError:
        return False, picture.decode("latin-1")


def _colours(look: Path | None) -> Path:
    own = None if look is None else look / "look.typ"
    return own if own is not None and own.is_file() else MODULES / "look.typ"
