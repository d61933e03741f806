"""What a form carries from page to page in a hidden field, signed: no cookie, no row of ours.

Whoever changes it is refused; whoever copies it has one form still, since its nonce is spent once.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from portal.keys import Keys
from portal.surveys.asking import Said
from portal.web.errors import TooOld

LIFETIME: Final = timedelta(hours=24)
FIELD: Final = "state"
_USE: Final = "answer-form"
_MOST: Final = 200_000
"""Bytes of a state; a survey of sixty comments has 240 KB, and packs to less."""


@dataclass(frozen=True, slots=True)
class FormState:
    """A form on its way.

    Attributes:
        nonce: of this form alone.
        survey: code, with its ``version``.
        channel: by which it came.
        made_at: when it was first shown.
        said: up to the step at hand.
        step: at hand; ``-1`` before the first, the number of steps where all is to be checked.
    """

    nonce: str
    survey: str
    version: int
    touchpoint: str
    channel: str
    made_at: datetime
    said: Said = field(default_factory=dict)
    step: int = 0

    def with_said(self, said: Said, step: int) -> FormState:
        """The same form, further on."""
        return replace(self, said=said, step=step)


def new_nonce() -> str:
    """A nonce: 128 random bits."""
    return secrets.token_hex(16)


def write_state(keys: Keys, state: FormState) -> str:
    """The hidden field's value."""
    document = [
        state.nonce,
        state.survey,
        state.version,
        state.touchpoint,
        state.channel,
        int(state.made_at.timestamp()),
        state.said,
        state.step,
    ]
    packed = zlib.compress(json.dumps(document, ensure_ascii=False).encode(), 1)
    text = base64.urlsafe_b64encode(packed).decode()
    return f"{text}.{keys.sign(_USE, text)}"


def read_state(keys: Keys, text: str, now: datetime) -> FormState:
    """The form of which ``text`` is the hidden field.

    Raises:
        TooOld: it isn't ours, or is older than :data:`LIFETIME`.
    """
    packed, _, signature = text.rpartition(".")
    if len(text) > _MOST or not keys.is_signed(_USE, packed, signature):
        raise TooOld
    try:
        document = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed)))
    except (binascii.Error, zlib.error, ValueError) as error:
        raise TooOld from error
    nonce, survey, version, touchpoint, channel, made_s, said, step = document
    made_at = datetime.fromtimestamp(made_s, UTC)
    if not now - LIFETIME <= made_at <= now + timedelta(minutes=5):
        raise TooOld
    values = {code: tuple(each) for code, each in said.items()}
    return FormState(nonce, survey, version, touchpoint, channel, made_at, values, step)
