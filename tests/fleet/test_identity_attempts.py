"""The log of tries: a stranger neither fills it nor washes others out; many wrong ones are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broker.fleet import attempts
from broker.fleet.attempts import (
    MANY_WRONG,
    WRONG_CODES,
    close_wrong_codes,
    list_attempts,
    record_attempt,
    tell_of_wrong_codes,
)
from broker.fleet.notice_texts import LANGUAGES
from broker.fleet.notice_words import in_words
from broker.fleet.notices import NoticeView, list_notices
from broker.store.database import Database
from tests.fixtures.enrolling import NOW

STRANGER = "203.0.113.9"


def try_wrong(database: Database, number: int, *, is_dead: bool = False) -> list[NoticeView]:
    """So many wrong codes come; the notices after them."""
    for _ in range(number):
        with database.transaction() as connection:
            record_attempt(connection, NOW, STRANGER, "wrong-code", label="K7QM")
            tell_of_wrong_codes(connection, STRANGER, NOW, is_dead=is_dead)
    return list_notices(database)


def test_the_oldest_of_the_same_address_give_way_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries for ever drops his own traces, not those of others."""
    monkeypatch.setattr(attempts, "MOST", 10)
    with database.transaction() as connection:
        for address in ("192.0.2.1", "192.0.2.2"):
            record_attempt(connection, NOW, address, "enrolled")
        for _ in range(30):
            record_attempt(connection, NOW, STRANGER, "unknown-code")
    addresses = [each.address for each in list_attempts(database)]
    assert addresses == [STRANGER] * 8 + ["192.0.2.2", "192.0.2.1"]
    with database.transaction() as connection:
        record_attempt(connection, NOW, "192.0.2.3", "enrolled")
    assert [each.address for each in list_attempts(database)][-1] == "192.0.2.2"


def test_many_wrong_codes_are_told_until_an_hour_is_quiet(database: Database) -> None:
    """One mistyped code troubles nobody; twenty within an hour do, in both languages."""
    assert try_wrong(database, MANY_WRONG - 1) == []
    (notice,) = try_wrong(database, 5)
    assert (notice.notice.device, notice.notice.rule) == ("", WRONG_CODES)
    for language in LANGUAGES:
        words = in_words(notice, language)
        assert STRANGER in words.matter
        assert words.advice
    close_wrong_codes(database, NOW + timedelta(minutes=59))
    assert len(list_notices(database)) == 1
    close_wrong_codes(database, NOW + timedelta(minutes=60))
    assert list_notices(database) == []


def test_a_code_that_died_of_wrong_tries_is_told(database: Database) -> None:
    """Five are enough, since somebody waits for that code."""
    assert try_wrong(database, 4) == []
    assert len(try_wrong(database, 1, is_dead=True)) == 1
