"""What is drawn and where: a scene arranged on a glass, ready for any canvas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from kiosk.ui.glass import Rect
from kiosk.ui.type import Block

NOWHERE: Final = Rect(0, 0, 0, 0)

Role: TypeAlias = Literal[
    "name",
    "title",
    "text",
    "caption",
    "progress",
    "choice",
    "correct",
    "skip",
    "language",
    "page",
    "picture",
    "strip",
    "qr",
    "clip",
    "fact",
    "pin",
    "pin-dots",
    "chrome",
    "veil",
    "card",
    "warning",
    "countdown",
    "extend",
    "frame",
    "corner",
]
Align: TypeAlias = Literal["left", "center", "right"]
Scheme: TypeAlias = Literal["light", "dark", "high-contrast"]

_MIRRORED_ALIGN: dict[Align, Align] = {"left": "right", "right": "left", "center": "center"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on the glass; items are drawn in order, later ones above.

    Attributes:
        role: what it is.
        rect: where: the box, and what may be touched, if ``target`` says so.
        target: what a touch inside ``rect`` means, empty for nothing: a button name of the scene
            (``face-1``, ``option-2``, ``skip``, ``language-en``, ``extend``); ``page:2`` (show
            that page, see :func:`page_of`); in maintenance ``pin:7``, ``pin:back``, ``pin:ok``,
            ``leave``, ``self-test``; ``corner`` (held for seconds: maintenance).
        lines: its text, wrapped; drawn from the top of ``text_box``, each ``line_px`` high.
        text_box: where the text goes; as high as all lines.
        font_px: size of the type (em).
        drawing: name of a figure (:mod:`kiosk.ui.drawings`), to fill ``drawing_box``, a square.
        language: tag of its text where that is not the scene's: a language's own name may need
            another font.
        value: what is not text: the address of a QR code.
        fill, edge, ink: colours of the box, its border and its text: names of tokens; empty for
            none.
        edge_px: width of the border, inside ``rect``.
        radius_px: of the box's corners.
        is_cut: the text did not fit and ends in "…".
    """

    role: Role
    rect: Rect
    target: str = ""
    lines: tuple[str, ...] = ()
    text_box: Rect = NOWHERE
    font_px: float = 0.0
    line_px: float = 0.0
    align: Align = "center"
    is_bold: bool = False
    drawing: str = ""
    drawing_box: Rect = NOWHERE
    language: str = ""
    value: str = ""
    fill: str = ""
    edge: str = ""
    ink: str = "ink"
    edge_px: float = 0.0
    radius_px: float = 0.0
    is_cut: bool = False
    is_focused: bool = False

    @property
    def text(self) -> str:
        """All of its text in one line."""
        return " ".join(self.lines)

    def mirrored(self, width: float) -> Item:
        """The same for a language that is written from right to left."""
        return replace(
            self,
            rect=self.rect.mirrored(width),
            text_box=self.text_box.mirrored(width),
            drawing_box=self.drawing_box.mirrored(width),
            align=_MIRRORED_ALIGN[self.align],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A scene on a glass.

    Attributes:
        items: in drawing order.
        page: which page of the choices this is, from 0.
        pages: how many there are; touching a ``page:N`` target leads to another one.
        scheme: which set of colours to draw with.
        cut: roles of items whose text did not fit and ends in "…": the words are too long for
            this glass.
    """

    items: tuple[Item, ...]
    page: int = 0
    pages: int = 1
    scheme: Scheme = "light"
    cut: tuple[Role, ...] = ()

    def target_at(self, x: float, y: float) -> str:
        """What a touch there means; empty for nothing."""
        for item in reversed(self.items):
            if item.target and item.rect.holds(x, y):
                return item.target
        return ""


def page_of(target: str) -> int | None:
    """The page that touching ``target`` leads to, ``None`` for any other target."""
    kind, _, number = target.partition(":")
    return int(number) if kind == "page" else None


def written(
    role: Role,
    box: Rect,
    block: Block,
    *,
    align: Align = "center",
    ink: str = "ink",
    is_bold: bool = False,
) -> Item:
    """A text that is only read, in its box."""
    return Item(
        role=role,
        rect=box,
        lines=block.lines,
        text_box=Rect(box.x, box.y, box.width, block.height),
        font_px=block.font_px,
        line_px=block.line_px,
        align=align,
        ink=ink,
        is_bold=is_bold,
        is_cut=block.is_cut,
    )
