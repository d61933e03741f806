"""Passwords: what is a good one, and Argon2id (RFC 9106) with the work that we can afford.

Rules after OWASP ASVS 5.0 §6.2: long, not among those that everybody tries, nothing that can be
read off the account; no rules of composition, no rotation.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]

from portal.accounts.accounts import AccountError
from portal.web.errors import Stop

SHORTEST: Final = 12
LONGEST: Final = 128
_MOST_ESTIMATED: Final = 72
"""zxcvbn reads no more of it, and its time grows fast."""
_GOOD: Final = 3
"""zxcvbn's score from 0 to 4: some 10^8 guesses and more."""

_EVERYBODYS: Final = (
    *("otziv", "отзив", "парола", "parola", "община", "obshtina", "кмет", "kmet", "админ"),
    *("явертъ", "чявертъ", "явертъуиопшщ", "ябълка", "обичам", "obicham", "обичамте"),
    *("българия", "bulgaria", "balgaria", "софия", "sofia", "пловдив", "plovdiv", "варна", "varna"),
    *("левски", "levski", "цска", "cska", "левскисамо", "добре", "здравей", "zdravei", "смени"),
    *("ivan", "иван", "георги", "georgi", "мария", "maria", "димитър", "dimitar", "слънце"),
)
"""What is tried first here; zxcvbn's own lists are English."""

_AT_ONCE: Final = 4
_MAY_WAIT: Final = 8
"""Of the some 40 threads that answer, those that wait here can do nothing else."""
_PATIENCE_S: Final = 10.0
_COME_AGAIN_S: Final = 30

HASHERS: Final = {
    "staff": PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1),
    "citizen": PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),
}
"""OWASP's least is 19 MiB and two passes; staff, who see everybody's data, get more."""

_places = threading.BoundedSemaphore(_AT_ONCE)
_queue = threading.BoundedSemaphore(_AT_ONCE + _MAY_WAIT)


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def check_password(password: str, own_words: Iterable[str] = ()) -> None:
    """See that a password is a good one.

    Args:
        password: as typed.
        own_words: names of person, account and municipality, which anybody would try.

    Raises:
        AccountError: it is not; the text says what to do.
    """
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise AccountError(
            _("Use at least {least} characters; several words make a good password"), least=SHORTEST
        )
    if len(normal) > LONGEST:
        raise AccountError(_("Use at most {most} characters"), most=LONGEST)
    words = [part for word in own_words for part in (word, *word.split()) if len(part) > 2]
    rest = normal.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    judged = zxcvbn(normal[:_MOST_ESTIMATED], [*words, *_EVERYBODYS])
    if int(judged["score"]) < _GOOD or len(set(rest)) < 5:  # 5: "aaaaaaaaaaaa", or a name and "1"
        raise AccountError(
            _("This password is easy to guess; use several words that do not belong together")
        )


def hash_password(password: str, kind: str) -> str:
    """What is stored of a password.

    Args:
        password: a good one.
        kind: of the account, ``staff`` or ``citizen``.

    Raises:
        Stop: (503) too many at once.
    """
    with _place():
        return HASHERS[kind].hash(_normal(password))


def is_right(password: str, stored: str | None, kind: str) -> bool:
    """Whether that is the password; just as much work where there is none.

    Raises:
        Stop: (503) too many at once.
    """
    with _place():
        try:
            HASHERS[kind].verify(stored or _nobodys(kind), _normal(password))
        except (Argon2Error, InvalidHashError):
            return False
    return bool(stored)


def is_outdated(stored: str, kind: str) -> bool:
    """Whether it was hashed with less work than now."""
    return HASHERS[kind].check_needs_rehash(stored)


@cache
def _nobodys(kind: str) -> str:
    """A hash that costs as much as a real one and fits no password."""
    return HASHERS[kind].hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """One form of what looks alike (NIST SP 800-63B): keyboards differ; never above the limit."""
    return unicodedata.normalize("NFKC", password[: 4 * LONGEST])


@contextmanager
def _place() -> Iterator[None]:
    """One of few: each hash takes 19 or 64 MiB, and a flood of them must not take the machine."""
    if not _queue.acquire(blocking=False):
        raise Stop(503, retry_after_s=_COME_AGAIN_S)
    try:
        if not _places.acquire(timeout=_PATIENCE_S):
            raise Stop(503, retry_after_s=_COME_AGAIN_S)
        try:
            yield
        finally:
            _places.release()
    finally:
        _queue.release()
