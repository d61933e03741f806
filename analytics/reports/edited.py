"""What a person has written over what was generated, with the figures that are no longer the same.

A person edits plain text. Each figure of the generated text that still stands there is kept with
its id; a number in its place, or one that was nowhere, is marked as a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import msgspec

from analytics.reports.document import (
    Block,
    Bullets,
    Document,
    Figure,
    KeyFigures,
    Note,
    Paragraph,
    Piece,
    Run,
    Table,
    Text,
    plain,
    texts,
)

_NUMBER: Final = (
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"  # 1 204,5
    r"|\d+(?:[.,]\d+)*"  # 2026, 83,5, 22.11.2026
)
_IS_NUMBER: Final = re.compile(_NUMBER)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs: ``was`` is empty for one added, ``now`` for one taken out."""

    id: str
    was: str
    now: str


def edited(generated: Text, written: str) -> Text:
    """What ``written`` says, in pieces; as plain text it is ``written`` to the letter."""
    if written == plain(generated):
        return generated
    before = list(_tokens_of(generated))
    known = {piece.text for piece in before if isinstance(piece, Figure)}
    after = _tokens(written, known)
    matcher = SequenceMatcher(None, [piece.text for piece in before], after, autojunk=False)
    steps = matcher.get_opcodes()
    gone = [
        piece
        for step, begin, end, _, _ in steps
        if step in ("replace", "delete")
        for piece in before[begin:end]
        if isinstance(piece, Figure)
    ]
    pieces: list[Piece] = []
    for step, begin, end, first, last in steps:
        if step == "equal":
            pieces += before[begin:end]
        else:
            pieces += _written(before[begin:end], after[first:last], gone)
    return _joined(pieces)


def edit(generated: Document, written: Mapping[int, str]) -> Document:
    """``generated`` with other words; ``written`` has them by their place in ``texts(generated)``.

    What was generated and what is written are both kept, so a second hand begins here again.

    Raises:
        ValueError: there is no text at such a place.
    """
    all_texts = list(texts(generated))
    if beyond := [place for place in written if not 0 <= place < len(all_texts)]:
        raise ValueError(f"no text at {beyond}: the document has {len(all_texts)}")
    now = iter(
        [
            edited(text, written[place]) if place in written else text
            for place, text in enumerate(all_texts)
        ]
    )
    sections = tuple(
        msgspec.structs.replace(section, blocks=tuple(_refilled(b, now) for b in section.blocks))
        for section in generated.sections
    )
    return msgspec.structs.replace(generated, sections=sections)


def _refilled(block: Block, now: Iterator[Text]) -> Block:
    """``block`` with the next of the texts ``now``, as many as it has."""
    match block:
        case Paragraph() | Note():
            return msgspec.structs.replace(block, text=next(now))
        case Bullets(items):
            return Bullets(tuple(next(now) for _ in items))
        case Table(rows=rows):
            filled = tuple(tuple(next(now) for _ in row) for row in rows)
            return msgspec.structs.replace(block, rows=filled)
        case KeyFigures(items):
            return KeyFigures(
                tuple(
                    msgspec.structs.replace(item, value=next(now), words=next(now))
                    for item in items
                )
            )
        case _:
            return block


def changes(generated: Document, now: Document) -> list[Change]:
    """What a person changed in the figures of ``generated``, those taken out last."""
    found = [
        Change(piece.id, piece.generated, piece.text)
        for text in texts(now)
        for piece in text
        if isinstance(piece, Figure) and piece.generated is not None
    ]
    there = {piece.id for text in texts(now) for piece in text if isinstance(piece, Figure)}
    found += [
        Change(piece.id, piece.text, "")
        for text in texts(generated)
        for piece in text
        if isinstance(piece, Figure) and piece.id and piece.id not in there
    ]
    return found


def _tokens_of(text: Text) -> Iterator[Piece]:
    """``text`` in small pieces: a figure is one, a word, a number, a space, a sign."""
    for piece in text:
        if isinstance(piece, Figure):
            yield piece
        else:
            for token in _tokens(piece.text, set()):
                yield Run(token, piece.strong)


def _tokens(text: str, figures: set[str]) -> list[str]:
    """``text`` in small pieces; what stands in ``figures`` is one."""
    whole = "|".join(re.escape(each) for each in sorted(figures, key=len, reverse=True) if each)
    kept = rf"(?<!\w)(?<!\d[.,\u00a0])(?:{whole})(?!\w|[.,\u00a0]\d)|" if whole else ""
    return re.findall(rf"{kept}{_NUMBER}|\w+|\s+|.", text, re.DOTALL)


def _written(before: Sequence[Piece], after: Sequence[str], gone: list[Figure]) -> list[Piece]:
    """What a person wrote in the place of ``before``; figures found again are taken of ``gone``."""
    in_place = [piece for piece in before if _is_number(piece)]
    pieces: list[Piece] = []
    for token in after:
        moved = next((figure for figure in gone if figure.text == token), None)
        if moved is not None:
            gone.remove(moved)
            in_place = [piece for piece in in_place if piece is not moved]
            pieces.append(moved)
        elif _IS_NUMBER.fullmatch(token):
            pieces.append(_by_a_person(token, in_place, gone))
        else:
            pieces.append(Run(token))
    return pieces


def _by_a_person(token: str, in_place: list[Piece], gone: list[Figure]) -> Figure:
    """The number ``token`` instead of the first that stood there, if one did."""
    if not in_place:
        return Figure("", token, generated="")
    was = in_place.pop(0)
    if not isinstance(was, Figure):
        return Figure("", token, generated=was.text)
    if was in gone:
        gone.remove(was)
    generated = was.text if was.generated is None else was.generated
    return Figure(was.id, token, generated=generated, strong=was.strong)


def _is_number(piece: Piece) -> bool:
    return isinstance(piece, Figure) or _IS_NUMBER.fullmatch(piece.text) is not None


def _joined(pieces: Sequence[Piece]) -> Text:
    """``pieces`` with neighbouring runs of one kind in one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Run) and isinstance(last, Run) and piece.strong == last.strong:
            joined[-1] = Run(last.text + piece.text, piece.strong)
        else:
            joined.append(piece)
    return tuple(joined)
