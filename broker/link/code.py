"""One-time codes: made by the server, typed or photographed by whoever installs a kiosk.

Sixteen letters and digits in groups of four: the first group names the enrolment, the other
three are the secret, 60 bits. That is enough, since it can be guessed on line only, five times
(:mod:`broker.link.proof`). The QR code carries the server's address and the fingerprint of its
root, too.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qs, urlencode, urlsplit

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
GROUP: Final = 4
GROUPS: Final = 4
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_SCHEME: Final = "otziv-enrol"


class CodeError(ValueError):
    """It is no code; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code.

    Attributes:
        label: its public part, which the server looks it up by.
        secret: the rest, which is never sent.
        server: where to enrol, if it was photographed.
        trust: SHA-256 of the root's certificate (DER), in hexadecimal digits, if photographed.
    """

    label: str
    secret: str = field(repr=False)
    server: str | None = None
    trust: str | None = None

    @classmethod
    def new(cls) -> Self:
        """A code that nobody has seen."""
        drawn = "".join(secrets.choice(LETTERS) for _ in range(GROUP * GROUPS))
        return cls(drawn[:GROUP], drawn[GROUP:])

    @classmethod
    def read(cls, text: str) -> Self:
        """What was typed (any case, with or without hyphens) or photographed.

        Raises:
            CodeError: it is neither.
        """
        parts = urlsplit(text.strip())
        if parts.scheme != _SCHEME:
            return cls(*_split(text))
        said = parse_qs(parts.query)
        label, secret = _split(parts.path)
        return cls(label, secret, *(said.get(name, [None])[0] for name in ("server", "trust")))

    def __str__(self) -> str:
        """For people: four groups of four."""
        drawn = self.label + self.secret
        return "-".join(drawn[at : at + GROUP] for at in range(0, len(drawn), GROUP))

    @property
    def photographed(self) -> str:
        """What its QR code holds."""
        said = {"server": self.server, "trust": self.trust}
        return f"{_SCHEME}:{self}?{urlencode({k: v for k, v in said.items() if v is not None})}"


def _split(text: str) -> tuple[str, str]:
    drawn = text.strip().upper().translate(_MISREAD)
    if len(drawn) != GROUP * GROUPS or set(drawn) - set(LETTERS):
        raise CodeError(
            f"a code has {GROUPS} groups of {GROUP} letters and digits, such as "
            "K7QM-2PXD-9VJT-4RNE; look at it again"
        )
    return drawn[:GROUP], drawn[GROUP:]
