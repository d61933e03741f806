"""Kiosks are enrolled at the real endpoint, by code and by picture, and get their next key."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from broker.fleet.certificates import revoke_device
from broker.link.code import Code
from broker.server.process import free_port
from kiosk.__main__ import main
from kiosk.asking import AskingError, RefusedError
from kiosk.credentials import CredentialsError
from kiosk.enrolment import EnrolmentError, enrol, is_clock_right
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import IdentityFileError
from kiosk.renewer import start_rotation
from kiosk.rotation import rotate
from tests.fixtures.enrolment import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An installation with its endpoint."""
    with open_office(tmp_path / "office") as opened, opened.endpoint():
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> IdentityFolder:
    """Where a kiosk keeps its identity; not there yet."""
    return IdentityFolder(tmp_path / "data/identity")


def _url(office: Office) -> str:
    return f"https://127.0.0.1:{office.fleet_port}"


def _enrol(office: Office, folder: IdentityFolder, code: Code | str | None = None) -> None:
    code = office.offer("hall-3") if code is None else code
    enrol(Code.read(str(code)), _url(office), folder)


def test_a_typed_code_is_enough(office: Office, folder: IdentityFolder) -> None:
    """In small letters and without hyphens: the device, its broker, and a certificate for it."""
    _enrol(office, folder, str(office.offer("hall-3")).lower().replace("-", ""))
    kept = folder.current()
    assert kept is not None
    assert (*kept.identity, kept.mqtt_port) == ("troyan", "hall-3", 8883)
    assert [each.serial for each in office.certificates("hall-3")] == [kept.serial]
    assert is_clock_right(kept, datetime.now(UTC))
    assert kept.tls().get_ca_certs()


def test_nobody_else_can_read_what_is_kept(office: Office, folder: IdentityFolder) -> None:
    """Folder and files are their owner's alone, and no key waits beside them."""
    _enrol(office, folder)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.path.iterdir()}
    assert modes["identity.json"] == 0o600
    assert not {"enrolling.json", "next.json"} & set(modes)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_picture_says_the_server_too(office: Office, tmp_path: Path) -> None:
    """The text of a QR code alone enrols, as the command line does it."""
    code = office.offer("hall-3", _url(office))
    assert main(["enrol", code.photographed, "--data", str(tmp_path / "data")]) == 0
    kept = IdentityFolder(tmp_path / "data/identity").current()
    assert kept is not None
    assert kept.device == "hall-3"


def test_a_picture_of_another_installation_is_noticed(
    office: Office, folder: IdentityFolder
) -> None:
    """The right code, but the fingerprint of another root: nothing is kept."""
    code = office.offer("hall-3")
    with pytest.raises(CredentialsError, match="another installation"):
        enrol(Code(code.label, code.secret, _url(office), "0" * 64), _url(office), folder)
    assert folder.current() is None


def test_a_wrong_code_enrols_nobody(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1, one line that says what to do and not how many tries are left."""
    code = office.offer("hall-3")
    wrong = f"{code.label}{'0' * 12}"
    told = ["enrol", wrong, "--server", _url(office), "--data", str(tmp_path / "data")]
    assert main(told) == 1
    said = capsys.readouterr().err
    assert said.startswith("not enrolled: the server does not take this code")
    assert "5" not in said
    assert office.certificates("hall-3") == []


def test_a_used_code_is_nothing_to_another_device(
    office: Office, folder: IdentityFolder, tmp_path: Path
) -> None:
    """The first who used it keeps his certificate; the second gets none."""
    code = office.offer("hall-3")
    _enrol(office, folder, code)
    with pytest.raises(EnrolmentError, match="once another device has used it"):
        _enrol(office, IdentityFolder(tmp_path / "other"), code)
    assert len(office.certificates("hall-3")) == 1


def test_the_same_code_again_changes_nothing(office: Office, folder: IdentityFolder) -> None:
    """Whoever is not sure whether it worked runs it again: the same certificate, no other one."""
    code = office.offer("hall-3")
    _enrol(office, folder, code)
    before = folder.current()
    assert enrol(code, _url(office), folder) == before
    assert len(office.certificates("hall-3")) == 1


def test_half_of_the_code_proves_nothing(office: Office, folder: IdentityFolder) -> None:
    """Where the first letters are those of the code that it was enrolled by, the server decides."""
    code = office.offer("hall-3")
    _enrol(office, folder, code)
    before = folder.current()
    with pytest.raises(EnrolmentError, match="does not take this code"):
        enrol(Code(code.label, "0" * 12), _url(office), folder)
    with pytest.raises(AskingError, match="can't be reached"):
        enrol(code, f"https://127.0.0.1:{free_port()}", folder)
    assert folder.current() == before


def test_a_new_code_makes_it_another_device(office: Office, folder: IdentityFolder) -> None:
    """A kiosk that moves to another name drops the old one, and what was to follow it."""
    _enrol(office, folder)
    rotate(folder, office.now())
    _enrol(office, folder, office.offer("hall-4"))
    kept = folder.current()
    assert kept is not None
    assert kept.device == "hall-4"
    assert folder.next() is None


def test_a_damaged_identity_is_mended_by_enrolling(office: Office, folder: IdentityFolder) -> None:
    """What can't be read is replaced."""
    folder.path.mkdir(parents=True)
    (folder.path / "identity.json").write_text("{")
    (folder.path / "enrolling.json").write_text("{")
    with pytest.raises(IdentityFileError, match="enrol this kiosk anew"):
        folder.current()
    _enrol(office, folder)
    assert folder.current() is not None


def test_rotation_brings_the_next_certificate(office: Office, folder: IdentityFolder) -> None:
    """After two thirds of its life: another key, three months from then; the old one stays."""
    _enrol(office, folder)
    current = folder.current()
    assert current is not None
    office.ahead = timedelta(days=60)
    fresh = rotate(folder, office.now())
    assert fresh.key != current.key
    assert fresh.expires_at > current.expires_at + timedelta(days=58)
    assert (folder.current(), folder.next()) == (current, fresh)
    assert {each.serial for each in office.certificates("hall-3")} == {current.serial, fresh.serial}


def test_rotation_is_refused_to_the_barred(office: Office, folder: IdentityFolder) -> None:
    """A revoked device gets no next certificate, and keeps what it has."""
    _enrol(office, folder)
    revoke_device(office.database, "hall-3", "stolen", office.now())
    with pytest.raises(RefusedError, match="enrol anew") as refused:
        rotate(folder, office.now())
    assert refused.value.reason == "revoked"
    assert folder.next() is None


def test_rotation_believes_only_its_own_server(
    office: Office, folder: IdentityFolder, tmp_path: Path
) -> None:
    """Another installation at that address is told nothing."""
    _enrol(office, folder)
    kept = folder.current()
    assert kept is not None
    with open_office(tmp_path / "foreign") as foreign, foreign.endpoint():
        with folder.alone():
            folder.keep(msgspec.structs.replace(kept, fleet_url=_url(foreign)))
        with pytest.raises(AskingError, match="not the server that this kiosk belongs to"):
            rotate(folder, office.now())


def test_a_kiosk_without_identity_has_nothing_to_rotate(folder: IdentityFolder) -> None:
    """It says what to do first."""
    with pytest.raises(IdentityFileError, match="otziv kiosk enrol CODE"):
        rotate(folder, datetime.now(UTC))


def test_the_firmwares_rotation_is_a_process_that_succeeds(
    office: Office, folder: IdentityFolder
) -> None:
    """As the firmware starts it; what it brings waits for the firmware to try it."""
    _enrol(office, folder)
    assert start_rotation(folder.path).wait() == 0
    assert folder.next() is not None


def test_a_kiosk_in_1970_is_enrolled_all_the_same(office: Office, folder: IdentityFolder) -> None:
    """Enrolment needs no clock; that it is wrong is told, and nothing has to be done again."""
    _enrol(office, folder)
    kept = folder.current()
    assert kept is not None
    assert not is_clock_right(kept, datetime.fromtimestamp(0, UTC))
    assert is_clock_right(kept, office.now())
