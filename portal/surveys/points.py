"""How the points of each scale are called and drawn. Pure."""

from __future__ import annotations

from typing import Final

from portal.surveys.asking import Item


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NAMES: Final[dict[str, tuple[str, ...]]] = {
    "faces-4": (_("Very bad"), _("Bad"), _("Good"), _("Very good")),
    "faces-5": (_("Very bad"), _("Bad"), _("So-so"), _("Good"), _("Very good")),
    "yes-no": (_("No"), _("Yes")),
}
"""In English, worst first; the points of other scales are called by their numbers."""

HINTS: Final = {"nps-11": _("0: not at all, 10: by all means")}


def name_of(item: Item, value: str) -> str:
    """How a point is called, in English; its number where it has no name."""
    names = NAMES.get(item.scale)
    return value if names is None else names[item.values.index(value)]


def drawing_of(item: Item, value: str) -> str:
    """The file of ``static/faces`` that shows a point, without its ending; empty for none."""
    if item.scale in {"faces-4", "faces-5"}:
        return f"face-{value}-of-{len(item.values)}"
    return {"1": "yes", "0": "no"}[value] if item.scale == "yes-no" else ""
