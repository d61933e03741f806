"""The live endpoint, attacked over real TLS: nothing is issued, nothing leaks, all is seen."""

from __future__ import annotations

import select
import socket
import ssl
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import structlog

from broker.fleet.attempts import list_attempts
from broker.fleet.authority import Authority
from broker.fleet.certificates import list_certificates, service_identity
from broker.fleet.endpoint import MAX_BODY_BYTES, Endpoint
from broker.fleet.errors import FleetError
from broker.fleet.offers import enrol
from broker.fleet.vault import new_key
from broker.link.code import Code
from broker.link.proof import Exchange
from broker.store.database import Database
from broker.wire.enrolment import OPEN_PATH, PROVE_PATH, ROTATE_PATH, Opening
from tests.fixtures.enrolling import (
    PASSPHRASE,
    Installer,
    furnish,
    issue_to_device,
    rotation_for,
    serving,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def now() -> datetime:
    """The endpoint goes by the computer's clock."""
    return datetime.now(UTC)


@pytest.fixture
def authority(tmp_path: Path, database: Database) -> Authority:
    """An authority, and a database with a site and two touchpoints."""
    furnish(database)
    return Authority.open(tmp_path / "fleet", PASSPHRASE, now())


@pytest.fixture
def endpoint(database: Database, authority: Authority, tmp_path: Path) -> Iterator[Endpoint]:
    """A live endpoint."""
    with serving(database, authority, tmp_path / "identities") as serves:
        yield serves


@pytest.fixture
def installer(endpoint: Endpoint) -> Iterator[Installer]:
    """Somebody who is connected to it."""
    connected = Installer(endpoint.port)
    yield connected
    connected.close()


def devices(database: Database) -> list[str]:
    """Whom certificates were issued to."""
    return [each.subject for each in list_certificates(database) if each.purpose == "device"]


def test_a_device_is_enrolled_and_its_certificate_rotated(
    database: Database, authority: Authority, installer: Installer
) -> None:
    """Over TLS, from a code to a certificate, and from that to the next one."""
    code, key = enrol(database, authority, "k1", "desk-1", now()).code, new_key()
    first = installer.enrol(code, key).credentials
    again = installer.enrol(code, key).credentials
    assert (again.certificate, again.device) == (first.certificate, "k1")
    rotation = rotation_for(first.certificate, key, new_key(), now())
    second = installer.rotate(rotation).credentials
    assert second.serial not in ("", first.serial)
    assert [each.result for each in list_attempts(database)] == [
        "rotated",
        "enrolled-again",
        "enrolled",
    ]


@pytest.mark.parametrize(
    "tries", [40, pytest.param(1_000, marks=[pytest.mark.slow, pytest.mark.timeout(1_800)])]
)
def test_random_codes_get_nothing_and_are_all_seen(
    database: Database, authority: Authority, installer: Installer, tries: int
) -> None:
    """A fifth of them guess at a code that is out, and end it; one answer is like another."""
    code = enrol(database, authority, "k1", "desk-1", now()).code
    answers = Counter[tuple[int, bytes]]()
    for number in range(tries):
        guess = Code.new()
        guess = Code(code.label, guess.secret) if number % 5 == 0 else guess
        said = installer.enrol(guess)
        answers[said.status, said.body] += 1
    ((status, _),) = answers
    assert status == 403
    assert installer.enrol(code).reason == "wrong-code"  # five tries have ended it
    assert devices(database) == []
    seen = Counter(each.result for each in list_attempts(database, limit=tries + 10))
    assert seen["wrong-code"] == 5
    assert sum(seen.values()) == tries + 1
    assert set(seen) == {"wrong-code", "ended-code", "unknown-code"}


def test_a_known_and_an_unknown_label_look_alike(
    database: Database, authority: Authority, installer: Installer
) -> None:
    """Same form, same length, and in the middle the same time to a factor of two.

    What else the machine does may slow one of them: a difference would show in each of four rounds.
    """
    known, unknown = enrol(database, authority, "k1", "desk-1", now()).code, Code.new()
    used = enrol(database, authority, "k2", "desk-2", now()).code
    installer.enrol(used)
    factors = [_factor(installer, (known, unknown, used))]
    while factors[-1] >= 2 and len(factors) < 4:
        factors.append(_factor(installer, (known, unknown, used)))
    assert factors[-1] < 2, factors


def _factor(installer: Installer, codes: Sequence[Code]) -> float:
    """How much longer the slowest of these takes than the fastest, in the middle of 15 tries."""
    took: dict[str, list[float]] = {}
    lengths = set()
    for _ in range(15):
        for code in codes:
            exchange = Exchange("kiosk", code.label, "0" * 12)
            opening = Opening(v=1, label=code.label, exchange=exchange.message)
            body = msgspec.json.encode(opening)
            began = time.perf_counter()
            said = installer.post(OPEN_PATH, body)
            took.setdefault(code.label, []).append(time.perf_counter() - began)
            lengths.add((said.status, len(said.body)))
    assert len(lengths) == 1
    middles = [statistics.median(each) for each in took.values()]
    return max(middles) / min(middles)


def test_what_was_heard_and_is_said_again_gets_nothing(
    database: Database, authority: Authority, installer: Installer
) -> None:
    """A whole conversation, recorded and repeated by somebody else: no certificate, no try."""
    code = enrol(database, authority, "k1", "desk-1", now()).code
    proof, _ = installer.prepare(code, new_key())
    body = msgspec.json.encode(proof)
    first = installer.post(PROVE_PATH, body).credentials
    assert installer.post(PROVE_PATH, body).reason == "busy"
    assert [each.serial for each in list_certificates(database, "troyan/k1")] == [first.serial]
    assert list_attempts(database)[0].result == "no-exchange"


@contextmanager
def between(port: int, identity: Path) -> Iterator[int]:
    """Somebody between kiosk and server, with a certificate of his own, who passes all on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity)
    onward = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    onward.check_hostname, onward.verify_mode = False, ssl.CERT_NONE

    def relay() -> None:
        plain, _ = waiting.accept()
        with (
            context.wrap_socket(plain, server_side=True) as kiosk,
            socket.create_connection(("127.0.0.1", port)) as far,
            onward.wrap_socket(far) as server,
        ):
            sinks = {kiosk: server, server: kiosk}
            for side in sinks:
                side.settimeout(0.05)  # what can be read may be nothing for us
            while True:
                for source in select.select([*sinks], [], [])[0]:
                    with suppress(TimeoutError):
                        piece = source.recv(65_536)
                        if not piece:
                            return
                        sinks[source].sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as waiting:
        threading.Thread(target=relay, daemon=True).start()
        yield waiting.getsockname()[1]


def test_somebody_in_the_middle_gets_nothing_and_is_seen(
    database: Database, authority: Authority, endpoint: Endpoint, tmp_path: Path
) -> None:
    """He passes on what both say, but the kiosk met his certificate: a wrong try, and no more."""
    other = Authority.open(tmp_path / "his", PASSPHRASE, now())
    identity = service_identity(database, other, tmp_path / "his" / "identities", "broker", now())
    code = enrol(database, authority, "k1", "desk-1", now()).code
    with between(endpoint.port, identity) as port, closing(Installer(port)) as kiosk:
        said = kiosk.enrol(code)
    assert (said.status, said.reason) == (403, "wrong-code")
    assert devices(database) == []
    (attempt,) = list_attempts(database)
    assert (attempt.result, attempt.device, attempt.label) == ("wrong-code", "k1", code.label)
    with closing(Installer(endpoint.port)) as honest:
        assert honest.enrol(code).credentials.device == "k1"


def test_what_is_no_request_is_refused_in_the_same_form(
    database: Database, installer: Installer
) -> None:
    """Unknown paths, other methods, nonsense and floods: a status, a reason, nothing else."""
    for method, path, body, status, reason in (
        ("POST", "/", b"", 404, "not-found"),
        ("GET", "/v1/enrolment", b"", 404, "not-found"),
        ("GET", OPEN_PATH, b"", 405, "wrong-method"),
        ("PUT", ROTATE_PATH, b"{}", 405, "wrong-method"),
        ("POST", OPEN_PATH, b"", 400, "not-valid"),
        ("POST", OPEN_PATH, b"\xff\xfe", 400, "not-valid"),
        ("POST", OPEN_PATH, b"[" * 50_000, 400, "not-valid"),
        ("POST", OPEN_PATH, b'{"v":2,"label":"K7QM","exchange":""}', 400, "not-valid"),
        ("POST", OPEN_PATH, b'{"v":1,"label":"K7QM\\n","exchange":""}', 400, "not-valid"),
        ("POST", PROVE_PATH, b"{}", 400, "not-valid"),
        ("POST", ROTATE_PATH, b'{"v":1}', 400, "not-valid"),
    ):
        said = installer.post(path, body, method)
        assert (said.status, said.reason) == (status, reason), (method, path)
    assert installer.post(OPEN_PATH, b" " * (MAX_BODY_BYTES + 1)).reason == "too-large"
    assert devices(database) == []


def test_an_address_that_asks_too_often_waits(
    database: Database, authority: Authority, tmp_path: Path
) -> None:
    """After so many requests in a minute there is one answer; the administrator sees one row."""
    with (
        serving(database, authority, tmp_path / "identities", per_minute=5) as endpoint,
        closing(Installer(endpoint.port)) as installer,
    ):
        said = [installer.post(OPEN_PATH, b"{}").reason for _ in range(9)]
    assert said == ["not-valid"] * 5 + ["busy"] * 4
    (attempt,) = list_attempts(database)
    assert (attempt.result, attempt.address) == ("too-many", "127.0.0.1")


def test_logs_tell_what_happened_and_no_secret(
    database: Database, authority: Authority, installer: Installer
) -> None:
    """Label, device, address and result; neither the code nor what was proved with it."""
    code = enrol(database, authority, "k1", "desk-1", now()).code
    with structlog.testing.capture_logs() as logs:
        installer.enrol(Code(code.label, Code.new().secret))
        installer.enrol(code)
    assert [each["result"] for each in logs] == ["wrong-code", "enrolled"]
    assert {each["label"] for each in logs} == {code.label}
    assert code.secret not in repr(logs)


def test_a_renewed_identity_serves_new_connections_without_a_restart(
    database: Database, authority: Authority, endpoint: Endpoint, tmp_path: Path
) -> None:
    """Who met the certificate before still enrols, and so does who meets the new one."""
    codes = [enrol(database, authority, f"k{n}", f"desk-{n}", now()).code for n in (1, 2)]
    with closing(Installer(endpoint.port)) as early:
        folder, later = tmp_path / "identities", now() + timedelta(days=300)
        names = ["localhost", "127.0.0.1"]
        service_identity(database, authority, folder, "endpoint", later, names=names)
        endpoint.renew()
        with closing(Installer(endpoint.port)) as late:
            assert early.met != late.met
            assert late.enrol(codes[1]).credentials.device == "k2"
        assert early.enrol(codes[0]).credentials.device == "k1"


def test_other_paths_are_served_beside(
    database: Database, authority: Authority, tmp_path: Path
) -> None:
    """Whoever mounts a handler gets body and headers, and its word is given on."""

    def count(body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        return 201, {"bytes": len(body), "host": headers["Host"].split(":")[0]}

    routes = (("/v1/served", count),)
    with (
        serving(database, authority, tmp_path / "identities", routes=routes) as endpoint,
        closing(Installer(endpoint.port)) as installer,
    ):
        said = installer.post("/v1/served", b"12")
    assert said.status == 201
    assert msgspec.json.decode(said.body) == {"bytes": 2, "host": "127.0.0.1"}


def test_a_taken_port_or_a_missing_identity_is_told(
    database: Database, authority: Authority, endpoint: Endpoint, tmp_path: Path
) -> None:
    """Both are errors that say what to do, before anything runs."""
    with (
        pytest.raises(FleetError, match="fleet_port"),
        serving(database, authority, tmp_path / "second", port=endpoint.port),
    ):
        pass
    (tmp_path / "identities" / "endpoint.pem").write_text("")
    with pytest.raises(FleetError, match="identity"):
        endpoint.renew()


def test_a_database_that_is_gone_is_the_servers_trouble(
    database: Database, authority: Authority, installer: Installer, tmp_path: Path
) -> None:
    """The kiosk is told to come again, and nothing of the reason."""
    issued = issue_to_device(database, authority, "troyan", "k1", new_key().public_key(), now())
    code = enrol(database, authority, "k1", "desk-1", now()).code
    (tmp_path / "feedback.sqlite3").rename(tmp_path / "away")
    exchange = Exchange("kiosk", code.label, code.secret)
    opening = Opening(v=1, label=code.label, exchange=exchange.message)
    said = installer.say(OPEN_PATH, opening)
    assert (said.status, said.reason) == (503, "busy")
    assert b"sqlite" not in said.body
    assert issued.serial.encode() not in said.body
