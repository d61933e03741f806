"""Codes and the exchange over them: read as people type, and safe against nonsense."""

from __future__ import annotations

import random

import pytest

from broker.fleet.allowance import Allowance
from broker.link.code import Code, CodeError
from broker.link.proof import Exchange, ProofError


def test_a_code_is_read_as_people_type_it() -> None:
    """Any case, hyphens or not, and the letters that look like digits."""
    code = Code("K0QM", "2PX19VJT4RNE")
    for typed in (
        "K0QM-2PX1-9VJT-4RNE",
        " k0qm 2px1 9vjt 4rne ",
        "KOQM2PXL9VJT4RNE",
        "koqm2pxi9vjt4rne",
    ):
        assert Code.read(typed) == code
    for typed in ("", "K0QM-2PX1-9VJT", "K0QM-2PX1-9VJT-4RNU", "K0QM-2PX1-9VJT-4RNE-1"):
        with pytest.raises(CodeError, match="groups of 4"):
            Code.read(typed)


def test_a_photographed_code_carries_server_and_fingerprint() -> None:
    """256 bits of the root's fingerprint, and where to go."""
    drawn = Code.new()
    code = Code(drawn.label, drawn.secret, "https://otziv.example:8443", "ab" * 32)
    assert Code.read(code.photographed) == code


def test_no_exchange_that_a_stranger_makes_up_is_taken_for_one() -> None:
    """Nonsense of any length, our own half thrown back, the neutral element: one kind of error."""
    chance = random.Random(4)
    made_up = [chance.randbytes(chance.choice([0, 1, 31, 32, 33, 34, 64])) for _ in range(30)]
    made_up += [b"A" + chance.randbytes(32) for _ in range(10)]
    made_up += [b"A" + bytes([1]) + bytes(31), b"A" + bytes(32), b"A" + b"\xff" * 32]
    for theirs in made_up:
        server = Exchange("server", "K7QM", "2PXD9VJT4RNE")
        try:
            key = server.finish(theirs).key
        except ProofError:
            continue
        assert len(key) == 32  # a point by chance: a key that nobody else has
    server = Exchange("server", "K7QM", "2PXD9VJT4RNE")
    with pytest.raises(ProofError):
        server.finish(b"A" + server.message[1:])


def test_who_asks_too_often_waits_and_others_do_not() -> None:
    """Five a minute for each address; a household's IPv6 addresses are one; it is forgotten."""
    allowance = Allowance(5)
    assert [allowance.excess("192.0.2.9", 0.0) for _ in range(7)] == [0] * 5 + [1, 2]
    assert allowance.excess("192.0.2.8", 0.0) == 0
    assert allowance.excess("192.0.2.9", 60.0) == 0
    assert [allowance.excess(f"2001:db8::{n}", 0.0) for n in range(1, 7)] == [0] * 5 + [1]
    assert allowance.excess("2001:db8:0:1::1", 0.0) == 0
    for number in range(20_000):
        assert allowance.excess(f"10.0.{number // 256}.{number % 256}", 1.0) == 0
    assert len(allowance) <= 10_000
