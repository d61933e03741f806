"""Codes and what they are good for: one certificate, one key, one day, five wrong tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import func, select, update

from broker.fleet import attempts
from broker.fleet.attempts import list_attempts, record_attempt
from broker.fleet.authority import Authority
from broker.fleet.certificates import list_certificates, revoke, revoke_device, standing
from broker.fleet.enrolments import Directions, Enrolling
from broker.fleet.errors import FleetError
from broker.fleet.exchanges import MOST_PER_LABEL, Exchanges
from broker.fleet.offers import enrol
from broker.fleet.refused import RefusedError
from broker.fleet.requests import read_certificate
from broker.fleet.vault import new_key
from broker.link.code import Code
from broker.link.proof import Agreement, Exchange
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.fleet_tables import Enrolment, EnrolmentAttempt
from broker.store.tables import Device, table_of
from broker.wire.enrolment import Credentials, Opening, Proof
from tests.fixtures.enrolling import NOW, PASSPHRASE, furnish, request_for

MET = b"\7" * 32
HOUR = timedelta(hours=1)
DIRECTIONS = Directions("broker.example", 8883, "https://fleet.example")


@pytest.fixture
def authority(tmp_path: Path, database: Database) -> Authority:
    """An authority, and a database with a site and two touchpoints."""
    furnish(database)
    return Authority.open(tmp_path / "fleet", PASSPHRASE, NOW)


@pytest.fixture
def enrolling(database: Database, authority: Authority) -> Enrolling:
    """The server's side."""
    return Enrolling(database, authority, DIRECTIONS)


def prepare(
    enrolling: Enrolling, code: Code, key: EllipticCurvePrivateKey, at: timedelta = timedelta()
) -> tuple[Proof, Agreement]:
    """The kiosk's side, as far as the proof."""
    exchange = Exchange("kiosk", code.label, code.secret)
    opening = Opening(v=1, label=code.label, exchange=exchange.message)
    opened = enrolling.open(opening, "192.0.2.9", NOW + at)
    agreement, request = exchange.finish(opened.exchange), request_for(key, "troyan/boss")
    shown = agreement.confirmation("kiosk", request, MET)
    return Proof(v=1, session=opened.session, confirmation=shown, request=request), agreement


def use(
    enrolling: Enrolling,
    code: Code,
    key: EllipticCurvePrivateKey | None = None,
    at: timedelta = timedelta(),
) -> Credentials:
    """The whole exchange, over a connection that nobody sits in."""
    proof, _ = prepare(enrolling, code, key or new_key(), at)
    return enrolling.prove(proof, [MET], "192.0.2.9", NOW + at)


def refused(
    enrolling: Enrolling,
    code: Code,
    key: EllipticCurvePrivateKey | None = None,
    at: timedelta = timedelta(),
) -> str:
    """The reason why it is refused."""
    with pytest.raises(RefusedError) as caught:
        use(enrolling, code, key, at)
    return caught.value.refusal.reason


def wrong(code: Code) -> Code:
    """Another secret under the same label."""
    return Code(code.label, Code.new().secret)


def results(database: Database) -> list[str]:
    """What the administrator sees, oldest first."""
    return [each.result for each in reversed(list_attempts(database))]


def test_a_code_makes_a_device_of_whoever_knows_it(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """The server sets the name, proves itself, says where to go, and writes all of it down."""
    offered = enrol(database, authority, "k1", "desk-1", NOW, server="https://fleet.example")
    assert offered.code.trust == authority.fingerprint
    proof, agreement = prepare(enrolling, offered.code, new_key())
    said = enrolling.prove(proof, [b"\0" * 32, MET], "192.0.2.9", NOW)
    assert agreement.is_confirmed("server", proof.request, MET, said.confirmation)
    shown = read_certificate(said.certificate)
    assert (shown.subject, shown.serial) == ("troyan/k1", said.serial)
    assert (said.site, said.device, said.trust) == ("troyan", "k1", authority.trust_pem)
    assert (said.mqtt_host, said.mqtt_port) == ("broker.example", 8883)
    (recorded,) = list_certificates(database, "troyan/k1")
    assert (recorded.serial, recorded.pem) == (said.serial, said.certificate)
    assert results(database) == ["enrolled"]


def test_a_lost_answer_is_given_again_to_the_same_key_only(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Same code and same key: the same certificate, within the code's day. Another key: nothing."""
    code, key = enrol(database, authority, "k1", "desk-1", NOW).code, new_key()
    first = use(enrolling, code, key)
    assert use(enrolling, code, key, 23 * HOUR).certificate == first.certificate
    assert refused(enrolling, code) == "wrong-code"
    assert refused(enrolling, code, key, 25 * HOUR) == "wrong-code"
    assert len(list_certificates(database, "troyan/k1")) == 1
    assert results(database)[1:] == ["enrolled-again", "ended-code", "ended-code"]


def test_a_revoked_certificate_is_not_given_again(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """The code that it came by is no way back in."""
    for revoke_it in (
        lambda serial: revoke(database, serial, "stolen", NOW),
        lambda _: revoke_device(database, "k1", "stolen", NOW),
    ):
        code, key = enrol(database, authority, "k1", "desk-1", NOW).code, new_key()
        revoke_it(use(enrolling, code, key).serial)
        assert refused(enrolling, code, key) == "wrong-code"


def test_five_wrong_tries_end_a_code(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """After the fifth not even the right secret does; the administrator sees each."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    assert [refused(enrolling, wrong(code)) for _ in range(5)] == ["wrong-code"] * 5
    assert refused(enrolling, code) == "wrong-code"
    assert list_certificates(database) == []
    seen = list_attempts(database)
    assert [each.result for each in seen] == ["ended-code"] + ["wrong-code"] * 5
    assert {(each.address, each.label, each.device) for each in seen} == {
        ("192.0.2.9", code.label, "k1")
    }


def test_four_wrong_tries_leave_it_alive(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Somebody who mistypes a few times still gets in."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    for _ in range(4):
        refused(enrolling, wrong(code))
    assert use(enrolling, code).device == "k1"


def test_guessing_in_parallel_gets_no_more_than_five_tries(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Twenty proofs at once, of which five are judged; none of the rest even by the right one."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    desks = [Enrolling(database, authority, DIRECTIONS) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(lambda desk: refused(desk, wrong(code)), desks))
    assert said == ["wrong-code"] * 20
    assert sorted(results(database)) == ["ended-code"] * 15 + ["wrong-code"] * 5
    with database.reading() as connection:
        left = connection.execute(select(table_of(Enrolment).c.tries_left)).scalar()
    assert left == 0
    assert refused(enrolling, code) == "wrong-code"


def test_one_code_used_by_two_keys_at_once_makes_one_certificate(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Whoever comes first has it, however close the race."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    proofs = [prepare(enrolling, code, new_key())[0] for _ in range(3)]

    def prove(proof: Proof) -> str:
        try:
            return enrolling.prove(proof, [MET], "192.0.2.9", NOW).serial
        except RefusedError as error:
            return error.refusal.reason

    with ThreadPoolExecutor(3) as pool:
        said = sorted(pool.map(prove, proofs))
    assert said.count("wrong-code") == 2
    assert len(list_certificates(database)) == 1


def test_a_newer_code_ends_the_older_and_its_use_bars_the_old_key(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Enrolled anew, a name's old serial stays out; until then the old device works on."""
    old = use(enrolling, enrol(database, authority, "k1", "desk-1", NOW).code)
    first = enrol(database, authority, "k1", "desk-1", NOW).code
    second = enrol(database, authority, "k1", "desk-1", NOW).code
    assert refused(enrolling, first) == "wrong-code"
    with database.reading() as connection:
        assert standing(connection, old.serial, "troyan/k1", NOW) == "good"
    new = use(enrolling, second)
    with database.reading() as connection:
        assert standing(connection, old.serial, "troyan/k1", NOW) == "revoked"
        assert standing(connection, new.serial, "troyan/k1", NOW) == "good"


def test_a_code_of_another_installation_is_worth_nothing(
    database: Database, enrolling: Enrolling, tmp_path: Path
) -> None:
    """Neither where nobody knows it, nor where its row was copied to."""
    stranger = Authority.open(tmp_path / "stranger", PASSPHRASE, NOW)
    code = enrol(database, stranger, "k1", "desk-1", NOW).code
    assert refused(enrolling, code) == "wrong-code"
    assert refused(enrolling, Code.new()) == "wrong-code"
    assert list_certificates(database) == []
    assert results(database) == ["wrong-code", "unknown-code"]


def test_a_proof_is_heard_once_and_for_a_minute(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """What is replayed or comes late belongs to nothing, and costs the code no try."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    used, _ = prepare(enrolling, code, new_key())
    late, _ = prepare(enrolling, code, new_key())
    enrolling.prove(used, [MET], "192.0.2.9", NOW)
    for proof, at in ((used, timedelta()), (late, timedelta(seconds=61))):
        with pytest.raises(RefusedError) as caught:
            enrolling.prove(proof, [MET], "192.0.2.9", NOW + at)
        assert caught.value.refusal.reason == "busy"
    assert results(database) == ["enrolled", "no-exchange", "no-exchange"]


def test_what_is_no_exchange_and_no_request_is_not_valid(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Nonsense takes no try, is written down, and is said to be nonsense."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    with pytest.raises(RefusedError, match="no half"):
        enrolling.open(Opening(v=1, label=code.label, exchange=b"A" + b"\1" * 32), "x", NOW)
    proof, _ = prepare(enrolling, code, new_key())
    with pytest.raises(RefusedError, match="no signing request"):
        enrolling.prove(
            Proof(v=1, session=proof.session, confirmation=b"", request=b"0"), [MET], "x", NOW
        )
    assert results(database) == ["not-valid", "not-valid"]
    assert use(enrolling, code).device == "k1"


def test_a_code_that_no_device_waits_for_is_refused(
    database: Database, authority: Authority, enrolling: Enrolling
) -> None:
    """Unknown places, devices that stand elsewhere or are retired: no code, or none that works."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    for name, touchpoint in (("k1", "desk-2"), ("k2", "desk-9"), ("K2", "desk-1")):
        with pytest.raises(RegistryError):
            enrol(database, authority, name, touchpoint, NOW)
    table = table_of(Device)
    with database.transaction() as connection:
        connection.execute(update(table).values(retired_on=NOW.date()))
    assert refused(enrolling, code) == "wrong-code"
    with pytest.raises(FleetError, match="retired"):
        enrol(database, authority, "k1", "desk-1", NOW)


def test_secrets_lie_encrypted(database: Database, authority: Authority) -> None:
    """Whoever reads the database learns no code."""
    code = enrol(database, authority, "k1", "desk-1", NOW).code
    with database.reading() as connection:
        (row,) = connection.execute(select(table_of(Enrolment))).all()
    assert code.secret not in repr(row)


def test_only_the_newest_attempts_are_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger who tries for ever fills no disk."""
    monkeypatch.setattr(attempts, "MOST", 10)
    for number in range(25):
        with database.transaction() as connection:
            record_attempt(connection, NOW + number * HOUR, "192.0.2.9", "unknown-code")
    with database.reading() as connection:
        counted = connection.execute(select(func.count()).select_from(table_of(EnrolmentAttempt)))
        assert counted.scalar() == 10
    assert list_attempts(database, limit=1)[0].at == NOW + 24 * HOUR
    assert len(list_attempts(database, since_at=NOW + 22 * HOUR)) == 3


def test_open_exchanges_are_few() -> None:
    """One code holds three at most, all together five hundred; the oldest give way."""
    exchanges, agreement = Exchanges(), Agreement(b"", ())
    same = [exchanges.begin("K7QM", agreement, NOW) for _ in range(5)]
    taken = [exchanges.take(session, NOW) is not None for session in same]
    assert taken == [False, False, *[True] * MOST_PER_LABEL]
    others = [exchanges.begin(str(number), agreement, NOW) for number in range(501)]
    assert exchanges.take(others[0], NOW) is None
    assert exchanges.take(others[1], NOW) is not None
    assert exchanges.take(others[2], NOW - HOUR) is None  # the clock was set back


def test_requests_that_overlap_do_not_forget_each_other() -> None:
    """A request whose time was taken a moment earlier leaves the exchange of a later one."""
    exchanges, agreement = Exchanges(), Agreement(b"", ())
    session = exchanges.begin("K7QM", agreement, NOW)
    exchanges.begin("2PXD", agreement, NOW - timedelta(milliseconds=5))
    assert exchanges.take(session, NOW) is not None
