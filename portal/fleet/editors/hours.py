"""Hours as people write them, ``8:00–12:00, 13:00–17:30``, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from portal.web.forms import FormError


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_TIME: Final = r"(\d{1,2})(?:[:.](\d{2}))?"
_SPAN: Final = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}")
_BETWEEN: Final = re.compile(r"[,;]|\bи\b|\band\b")


def read_hours(text: str) -> list[dict[str, str]]:
    """Hours of one day, in order of time; none where nothing is written.

    Raises:
        FormError: they can't be read, end before they begin, or overlap.
    """
    spans = [_span(part.strip()) for part in _BETWEEN.split(text) if part.strip()]
    spans.sort(key=lambda span: span["opens_at"])
    for earlier, later in pairwise(spans):
        if later["opens_at"] < earlier["closes_at"]:
            raise FormError(_("These hours overlap"))
    return spans


def write_hours(spans: Sequence[Mapping[str, Any]]) -> str:
    """The same as people write it."""
    ordered = sorted(spans, key=lambda span: str(span["opens_at"]))
    return ", ".join(f"{span['opens_at']}–{span['closes_at']}" for span in ordered)


def _span(text: str) -> dict[str, str]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise FormError(_("Write hours, for example 8:00–12:00, 13:00–17:30"))
    opens_at, closes_at = _time(found[1], found[2]), _time(found[3], found[4])
    if opens_at >= closes_at:
        raise FormError(_("These hours end before they begin"))
    return {"opens_at": opens_at, "closes_at": closes_at}


def _time(hour: str, minute: str | None) -> str:
    written = f"{int(hour):02}:{minute or '00'}"
    if not ("00:00" <= written <= "23:59" and written[3:] <= "59") and written != "24:00":
        raise FormError(_("Write hours, for example 8:00–12:00, 13:00–17:30"))
    return written
