"""Passwords: good ones and others, the work they cost, and backing off."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from broker.store.database import Database
from portal.accounts import passwords
from portal.accounts.accounts import AccountError
from portal.accounts.codes import compact, group, new_code
from portal.accounts.tries import (
    Who,
    count_try,
    forgive,
    of_account,
    of_address,
    taken_back_if_stopped,
    wait_after,
)
from portal.keys import Keys
from portal.web.errors import Stop

KEYS = Keys(b"test" * 8)
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        *("четири думи не вървят", "correct horse battery staple", "Зелен-жираф-чете-вестник"),
        *("xK9#mQ2$vL7p", "   интервал отпред и отзад   ", "🦉🦉🦉 кукумявки над града"),
    ],
)
def test_good_ones(password: str) -> None:
    """No rule of composition: length and chance are what counts."""
    passwords.check_password(password, ["ivanova", "Ева Илиева"])


@pytest.mark.parametrize(
    "password",
    [
        *("", "kratka", "единайсетзн", "password1234", "qwertyuiop12", "aaaaaaaaaaaa"),
        *("123456789012", "abcabcabcabc", "паролапарола", "парола123456", "явертъуиопшщ"),
        *("Ева Илиева 1", "ivanova ivanova", "община Троян", "x" * 129, "otzivotziv12"),
    ],
)
def test_bad_ones(password: str) -> None:
    """Short, common, or read off the account."""
    with pytest.raises(AccountError):
        passwords.check_password(password, ["ivanova", "Ева Илиева", "Община Троян"])


def test_forms_that_look_alike_are_one() -> None:
    """Keyboards and systems write й in one sign or two."""
    stored = passwords.hash_password("чай с кайсии и ръжен хляб", "citizen")
    assert passwords.is_right("чаи\u0306 с каи\u0306сии и ръжен хляб", stored, "citizen")
    assert not passwords.is_right("чаи с каисии и ръжен хляб", stored, "citizen")


@pytest.mark.usefixtures("costly_passwords")
def test_the_work_is_what_was_promised() -> None:
    """As the parameters in the hash say."""
    assert "$m=65536,t=3,p=1$" in passwords.hash_password("x", "staff")
    assert "$m=19456,t=2,p=1$" in passwords.hash_password("x", "citizen")
    assert passwords.is_outdated(passwords.hash_password("x", "citizen"), "staff")


@pytest.mark.parametrize("stored", [None, "", "x", "$argon2id$v=19$m=1,t=1,p=1$x$y"])
def test_no_hash_fits_nothing(stored: str | None) -> None:
    """A damaged one neither."""
    assert not passwords.is_right("\0", stored, "citizen")
    assert not passwords.is_right("", stored, "citizen")


def test_a_flood_finds_the_door_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only few are hashed at once: memory is what the others would take."""
    monkeypatch.setattr(passwords, "_PATIENCE_S", 0.01)
    for _ in range(4):
        assert passwords._places.acquire(timeout=1)  # noqa: SLF001  # what is behind the door
    try:
        with pytest.raises(Stop) as stopped:
            passwords.hash_password("x", "citizen")
        assert stopped.value.status == 503
    finally:
        for _ in range(4):
            passwords._places.release()  # noqa: SLF001  # as above
    assert passwords.hash_password("x", "citizen")


def test_waits_grow_to_an_hour() -> None:
    """And no further: nothing is locked for good."""
    waits = [wait_after(tries, 5).total_seconds() / 60 for tries in range(20)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, *[60] * 9]


def test_tries_survive_a_restart(portal_database: Database) -> None:
    """They are in the database; another process counts on."""
    who = Who("somebody", 5)
    for _ in range(5):
        count_try(portal_database, KEYS, [who], NOW)
    again = Database(portal_database.url.render_as_string(hide_password=False))
    with pytest.raises(Stop):
        count_try(again, KEYS, [who], NOW + timedelta(seconds=59))
    count_try(again, KEYS, [who], NOW + timedelta(seconds=60))
    again.close()


def test_free_tries_come_back_after_a_while(portal_database: Database) -> None:
    """Whoever mistypes once a day never waits."""
    who = Who("somebody", 5)
    for hours in range(30):
        count_try(portal_database, KEYS, [who], NOW + timedelta(hours=hours))


def test_a_right_one_forgets_the_wrong_ones(portal_database: Database) -> None:
    """Of the account; the address keeps its own."""
    who, address = Who("somebody", 5), Who("address", 6, is_shared=True)
    for _ in range(4):
        count_try(portal_database, KEYS, [who, address], NOW)
    counted = count_try(portal_database, KEYS, [who, address], NOW)
    with portal_database.transaction() as connection:
        forgive(connection, counted)
    count_try(portal_database, KEYS, [who, address], NOW)
    count_try(portal_database, KEYS, [who, address], NOW)
    with pytest.raises(Stop):
        count_try(portal_database, KEYS, [who, address], NOW)


def right_ones(database: Database, number: int, at: datetime) -> None:
    """That many people sign in from an address, one after another, each with a right password."""
    for second in range(number):
        whose = [of_account(f"honest-{second}"), of_address("hall")]
        counted = count_try(database, KEYS, whose, at + timedelta(seconds=second))
        with database.transaction() as connection:
            forgive(connection, counted)


@pytest.mark.parametrize(("misses_s", "quiet_min"), [(20, 1), (600, 15)])
def test_a_hall_works_on_after_misses(
    portal_database: Database, misses_s: int, quiet_min: int
) -> None:
    """Many honest people behind one address: none of them makes the next one wait."""
    for second in range(misses_s):  # whoever it was tries a name a second
        with suppress(Stop):
            whose = [of_address("hall")]
            count_try(portal_database, KEYS, whose, NOW + timedelta(seconds=second))
    at = NOW + timedelta(seconds=misses_s)
    with pytest.raises(Stop):
        right_ones(portal_database, 1, at)
    right_ones(portal_database, 30, at + timedelta(minutes=quiet_min))


def test_who_never_stops_stays_slow(portal_database: Database) -> None:
    """New names from one address for three hours, and right passwords of his own between them."""
    let_in = 0
    for second in range(0, 3 * 3600, 30):
        at = NOW + timedelta(seconds=second)
        try:
            count_try(portal_database, KEYS, [of_address("his")], at)
            let_in += 1
            counted = count_try(portal_database, KEYS, [of_address("his")], at)
        except Stop:
            continue
        with portal_database.transaction() as connection:
            forgive(connection, counted)
    assert 20 <= let_in <= 20 * 12


def test_few_wait_for_a_hash_and_others_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads that answer all pages are not to stand in a queue for passwords."""
    goes_on, hashed, stopped = threading.Event(), [], []

    class Slow:
        def hash(self, password: str) -> str:
            assert goes_on.wait(60)
            return password

    def attempt() -> None:
        try:
            hashed.append(passwords.hash_password("x", "slow"))
        except Stop as stop:
            stopped.append((stop.status, stop.retry_after_s))

    monkeypatch.setitem(passwords.HASHERS, "slow", Slow())
    monkeypatch.setattr(passwords, "_PATIENCE_S", 60)
    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for each in threads:
        each.start()
    until = time.monotonic() + 20
    while len(stopped) < 8 and time.monotonic() < until:
        time.sleep(0.01)
    told = list(stopped)
    goes_on.set()
    for each in threads:
        each.join(60)
    assert told == [(503, 30)] * 8
    assert len(hashed) == 12


def test_what_was_not_judged_counts_not(portal_database: Database) -> None:
    """Where the portal was too busy to look at the password."""
    for _ in range(30):
        counted = count_try(portal_database, KEYS, [of_account("eva"), of_address("hall")], NOW)
        with pytest.raises(Stop), taken_back_if_stopped(portal_database, counted):
            raise Stop(503)


def test_race_of_tries_is_counted_whole(portal_database: Database) -> None:
    """A hundred at once are no way around five."""
    who, let_in = Who("somebody", 5), []

    def attempt() -> None:
        try:
            count_try(portal_database, KEYS, [who], NOW)
        except Stop:
            return
        let_in.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(15)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(let_in) == 5


def test_codes_are_read_as_they_were_meant() -> None:
    """Whatever looks alike, and whatever keyboard is set."""
    assert compact("o0-il 1L аВеКМНОРСТХ") == "00111 1ABEKMH0PCTX".replace(" ", "")
    code = new_code()
    assert len(code) == 16
    assert compact(group(code).lower()) == code
