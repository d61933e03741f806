"""The municipality's arms: a small SVG or PNG, checked before it is kept.

An SVG is a program as much as a picture. It is shown by ``<img>`` only, where nothing in it runs;
opened by itself it comes with a policy that allows nothing. What could do harm is refused anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from portal.web.forms import FormError

MAX_BYTES: Final = 40_000
"""Each page shows them, and a page must be light."""

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Content-Security-Policy of the picture itself."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_HARMFUL: Final = {
    "script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler",
    "animate", "animatemotion", "animatetransform", "set", "a", "image",
}  # fmt: skip
_MOST_PARTS: Final = 5_000
_ELSEWHERE: Final = re.compile(
    r"url\(\s*['\"]?\s*(?!#)|@import|javascript:|expression\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Arms:
    """A picture that was checked."""

    content: bytes
    media_type: str


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def check_arms(content: bytes) -> Arms:
    """``content`` as arms, judged by what it is, not by what it is called.

    Raises:
        FormError: it is too large, neither SVG nor PNG, or an SVG with more than a drawing in it.
    """
    if len(content) > MAX_BYTES:
        raise FormError(
            _("The file has {size} KB; at most {most} KB can be used. Make the picture smaller"),
            size=-(-len(content) // 1000),
            most=MAX_BYTES // 1000,
        )
    if content.startswith(_PNG) and content.rstrip(b"\0")[-8:-4] == b"IEND":
        return Arms(content, "image/png")
    _check_svg(content)
    return Arms(content, "image/svg+xml")


def _check_svg(content: bytes) -> None:
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise FormError(
            _("The drawing has a document type in it (<!DOCTYPE …>); save it as plain SVG")
        )
    try:
        root = ET.fromstring(content)  # noqa: S314  # no entities: refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise FormError(_("This is neither an SVG nor a PNG picture")) from error
    if root.tag != f"{_SVG}svg":
        raise FormError(_("This is neither an SVG nor a PNG picture"))
    parts = list(root.iter())
    if len(parts) > _MOST_PARTS:
        raise FormError(_("The drawing has too many parts; simplify it"))
    for part in parts:
        found = _harm(part)
        if found:
            raise FormError(
                _("The drawing has more in it than lines and areas ({part}); save it as plain SVG"),
                part=found,
            )


def _harm(part: ET.Element) -> str:
    """What of ``part`` may not be there; empty where nothing is wrong."""
    tag = str(part.tag).rpartition("}")[2].lower()
    if tag in _HARMFUL:
        return tag
    for name, value in part.attrib.items():
        short = name.rpartition("}")[2].lower()
        is_foreign = short == "href" and not value.startswith("#")
        if short.startswith("on") or is_foreign or _ELSEWHERE.search(value):
            return short
    return "style" if tag == "style" and _ELSEWHERE.search(part.text or "") else ""
