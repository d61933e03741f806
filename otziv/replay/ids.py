"""Ids of replayed events: the same row has the same id in every run (decision 0020)."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from hashlib import blake2b
from typing import Final

from otziv.replay.mapping import Map

NAMESPACE: Final = uuid.UUID("5f0c3c1e-9d0b-5d0e-8a56-6a3f2f0a7b11")
"""Of all replays of this program, and never changed: another one would store every vote anew."""


class IdMaker:
    """Ids for the rows of one file, given in its order.

    Equal rows are votes of their own, so they are told apart by their number among equals: the
    first, second, third … A file that grew at any place between unequal rows keeps all its ids.
    """

    def __init__(self, mapping: Map) -> None:
        self._site = [mapping.site, mapping.survey, mapping.question, mapping.source]
        self._seen: Counter[bytes] = Counter()

    def rating(self, touchpoint: str, time: str, value: str) -> str:
        """The id of the row's rating, from its touchpoint's code and its cells."""
        name = json.dumps([*self._site, touchpoint, time, value], ensure_ascii=False)
        # A digest instead of the name holds a million rows in 100 MB less.
        digest = blake2b(name.encode(), digest_size=16).digest()
        self._seen[digest] += 1
        return str(uuid.uuid5(NAMESPACE, f"{name}#{self._seen[digest]}"))


def follow_up_id(rating: str, question: str) -> str:
    """The id of the follow-up answer to ``rating``."""
    return str(uuid.uuid5(NAMESPACE, f"{rating}#{question}"))


def visit_of(rating: str) -> str:
    """The visit of a row: it joins the rating and its follow-up, and tells nothing else.

    24 digits, 96 bits: unique enough, and short enough for 500 events in a message.
    """
    return uuid.uuid5(NAMESPACE, f"{rating}#visit").hex[:24]
