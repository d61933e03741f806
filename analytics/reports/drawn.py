"""Charts as pictures: Vega-Lite becomes SVG or PNG without a browser and without a network."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

import vl_convert

from analytics.reports.document import legible

_SIZE: Final = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')
_TAG: Final = re.compile(r'<[a-zA-Z](?:"[^"]*"|[^">])*>')
_ID: Final = re.compile(r' id="([^"]+)"')
_SAID: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_NOWHERE: Final[list[str]] = []
"""A chart's data stand within it; an address in it is not asked."""


class DrawingError(Exception):
    """A chart that can't be drawn; the text says why."""


def svg(spec: dict[str, Any]) -> str:
    """The drawing of ``spec``.

    Raises:
        DrawingError: it is no Vega-Lite, or it asks for data from elsewhere.
    """
    return _drawn(json.dumps(_legible(spec), ensure_ascii=False))


@lru_cache(maxsize=32)
def _drawn(spec: str) -> str:
    """PDF, page and DOCX of a report are made one after the other; each chart is drawn once."""
    try:
        made: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=_NOWHERE)
    except ValueError as error:
        raise DrawingError(f"a chart can't be drawn: {error}") from error
    return made


def png(drawing: str, scale: float = 2) -> bytes:
    """An SVG as PNG, ``scale`` × 72 dots an inch."""
    made: bytes = vl_convert.svg_to_png(drawing, scale=scale)
    return made


def size_px(drawing: str) -> tuple[float, float]:
    """Width and height of an SVG of ours."""
    found = _SIZE.match(drawing)
    if found is None:
        raise DrawingError("a drawing without a size")
    return float(found[1]), float(found[2])


def for_a_page(drawing: str, prefix: str) -> str:
    """``drawing`` to stand within a web page as one picture, beside others.

    Its ids begin with ``prefix``. What Vega says of its parts to screen readers is taken out: it
    would be read in pieces, in English, and the picture's text says it as a whole.
    """
    return _TAG.sub(lambda tag: _own(_SAID.sub("", tag[0]), prefix), drawing)


def _own(tag: str, prefix: str) -> str:
    tag = _ID.sub(rf' id="{prefix}\1"', tag)
    return tag.replace("url(#", f"url(#{prefix}")


def _legible(value: Any) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {key: _legible(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(each) for each in value]
    return value
