"""Ids of presses: UUIDs of version 7, as the wire asks for them."""

from __future__ import annotations

import time
import uuid

from hardware.ids import mint_id


def test_an_id_is_a_uuid_of_version_7_in_lower_case() -> None:
    """RFC 9562 §5.7: version 7, the variant of the RFC, and the canonical form."""
    for _ in range(1000):
        text = mint_id()
        minted = uuid.UUID(text)
        assert str(minted) == text
        assert (minted.version, minted.variant) == (7, uuid.RFC_4122)


def test_an_id_begins_with_its_time() -> None:
    """The first 48 bits are milliseconds since 1970, so ids stand in the order of presses."""
    before = time.time_ns() // 1_000_000
    minted = uuid.UUID(mint_id())
    after = time.time_ns() // 1_000_000
    assert before <= minted.int >> 80 <= after


def test_no_two_are_alike_and_every_random_bit_is_used() -> None:
    """74 bits are random: over many ids each of them is seen as 0 and as 1."""
    ids = [uuid.UUID(mint_id()).int for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    ones, zeros = 0, 0
    for number in ids:
        ones |= number
        zeros |= ~number
    random_bits = sum(1 << bit for bit in range(76) if bit not in {62, 63})
    assert ones & zeros & random_bits == random_bits
