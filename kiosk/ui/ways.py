"""The ways in which choices can be arranged, best first.

Everything on one page is best, then one tile for all languages and one for all corrections, then
pages. On small glasses the question becomes smaller before there are pages, on others it keeps its
size; unless a scale would be torn apart: who sees only its lower half answers otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kiosk.ui.choices import Groups
from kiosk.ui.sizes import Sizes

Strip: TypeAlias = Literal["none", "under", "beside"]
"""Where the idle texts stand: nowhere, in a row of their own, or beside the tiles at the bottom."""

Corrects: TypeAlias = Literal["words", "faces", "gathered"]
"""Corrections: with their words, as drawings alone (the words were read a moment ago), or one tile
that leads to a page of them."""

Manner: TypeAlias = Literal["whole", "merged", "paged"]

_MOST_LANGUAGES_SHOWN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to arrange.

    Attributes:
        title_px: the title has at least this size; 0: it gets what is left.
        manner: all tiles on one page; those of the bottom among the others; or in pages.
        is_strict: all words are whole.
        strip: where the idle texts stand.
        strip_px: how high they are there.
        has_languages: they are shown, else one tile stands for them.
        corrects: how corrections are shown.
    """

    title_px: float
    manner: Manner
    is_strict: bool
    strip: Strip
    strip_px: float
    has_languages: bool
    corrects: Corrects

    @property
    def is_paged(self) -> bool:
        """Whether the choices are in pages."""
        return self.manner == "paged"

    @property
    def is_merged(self) -> bool:
        """Whether the tiles of the bottom stand among the choices."""
        return self.manner == "merged"


def ways(
    groups: Groups, sizes: Sizes, strip_heights: Sequence[float], *, is_wide: bool
) -> Iterator[Way]:
    """All ways for ``groups``, best first; the last one fits any glass of two rows.

    Args:
        groups: what is to be arranged.
        sizes: of the glass.
        strip_heights: how high idle texts would like to be, best first; empty for none.
        is_wide: the glass is wider than high: a row of its own would make faces small.
    """
    places: tuple[Strip, ...] = ("beside", "under") if is_wide else ("under", "beside")
    strips: list[tuple[Strip, float]] = [(at, px) for px in strip_heights for at in places]
    strips.append(("none", 0.0))
    for is_strict in (True, False):
        for title_px, manner in _orders(groups, sizes):
            for has_languages, corrects in _shown(groups, manner):
                for strip, strip_px in strips:
                    yield Way(
                        title_px=title_px,
                        manner=manner,
                        is_strict=is_strict,
                        strip=strip,
                        strip_px=strip_px,
                        has_languages=has_languages,
                        corrects=corrects,
                    )
    yield Way(
        title_px=0.0,
        manner="paged",
        is_strict=False,
        strip="none",
        strip_px=0.0,
        has_languages=False,
        corrects="gathered",
    )


def _orders(groups: Groups, sizes: Sizes) -> list[tuple[float, Manner]]:
    """The least size of the title, and the manner."""
    large, small, least = sizes.question_least, sizes.body_least, sizes.least
    if all(tile.is_rank for tile in groups.main):
        whole: list[tuple[float, Manner]] = [(size, "whole") for size in (large, small)]
        merged: list[tuple[float, Manner]] = [(size, "merged") for size in (large, small)]
        return [*whole, *merged, (large, "paged"), (small, "paged"), (least, "paged")]
    last: list[tuple[float, Manner]] = [(least, "whole"), (least, "paged")]
    if sizes.is_small:
        return [(large, "whole"), (small, "whole"), (large, "paged"), (small, "paged"), *last]
    return [(large, "whole"), (large, "paged"), (small, "whole"), (small, "paged"), *last]


def _shown(groups: Groups, manner: Manner) -> list[tuple[bool, Corrects]]:
    """Whether languages are shown rather than one tile for them, and how corrections are."""
    if manner != "whole":
        return [(False, "gathered")]
    gathered: list[tuple[bool, Corrects]] = [
        (False, "words"),
        (False, "faces"),
        (False, "gathered"),
    ]
    if len(groups.languages) > _MOST_LANGUAGES_SHOWN:
        return gathered
    return [(True, "words"), (True, "faces"), *gathered]
