"""The authority: what it signs stands up to OpenSSL, and its keys survive kills and changes."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker.fleet.authority import DEVICE_LASTS, ISSUING_LASTS, Authority, Issued
from broker.fleet.errors import FleetError
from broker.fleet.profiles import Purpose
from broker.fleet.requests import read_certificate
from broker.fleet.vault import new_key
from tests.fixtures.enrolling import PASSPHRASE

# OpenSSL judges by the computer's clock.
NOW = datetime.now(UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A new authority."""
    return Authority.open(tmp_path / "fleet", PASSPHRASE, NOW)


def issue(authority: Authority, purpose: Purpose = "device", now: datetime = NOW) -> Issued:
    """A certificate."""
    names = ["fleet.example", "192.0.2.7"] if purpose == "server" else []
    key = new_key().public_key()
    return authority.issue(
        "troyan/k1", key, purpose=purpose, now=now, lasts=DEVICE_LASTS, names=names
    )


def verify(issued: Issued, trust: str, lists: bytes, purpose: str, folder: Path) -> str:
    """What ``openssl verify`` says; empty where it is content."""
    for name, content in (("leaf", issued.pem), ("trust", trust), ("lists", lists.decode())):
        (folder / f"{name}.pem").write_text(content)
    rules = ["-x509_strict", "-check_ss_sig", "-crl_check", "-purpose", purpose]
    files = ["-CAfile", "trust.pem", "-CRLfile", "lists.pem", "-untrusted", "leaf.pem", "leaf.pem"]
    done = subprocess.run(
        ["openssl", "verify", *rules, *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stderr


@pytest.mark.parametrize(
    ("purpose", "good", "bad"),
    [("device", "sslclient", "sslserver"), ("server", "sslserver", "sslclient")],
)
def test_certificates_hold_by_openssls_strict_rules_for_their_purpose_only(
    authority: Authority, tmp_path: Path, purpose: Purpose, good: str, bad: str
) -> None:
    """What we issue is valid for what it is meant for, and for nothing else."""
    issued, lists = issue(authority, purpose), authority.revocation_lists([], NOW)
    assert verify(issued, authority.trust_pem, lists, good, tmp_path) == ""
    assert "purpose" in verify(issued, authority.trust_pem, lists, bad, tmp_path)


def test_a_revoked_certificate_is_on_the_list_by_its_serial(
    authority: Authority, tmp_path: Path
) -> None:
    """The list bars one certificate, and not the next one of that name."""
    barred, other = issue(authority), issue(authority)
    lists = authority.revocation_lists([(barred.serial, NOW)], NOW)
    assert "revoked" in verify(barred, authority.trust_pem, lists, "sslclient", tmp_path)
    assert verify(other, authority.trust_pem, lists, "sslclient", tmp_path) == ""


def test_what_a_certificate_says(authority: Authority) -> None:
    """A random serial of 32 digits, valid from the day before, for 90 days, by an issuing key."""
    issued = [issue(authority) for _ in range(20)]
    assert len({each.serial for each in issued}) == 20
    assert all(len(each.serial) == 32 for each in issued)
    shown = read_certificate(issued[0].pem)
    assert shown.serial == issued[0].serial
    assert shown.subject == "troyan/k1"
    assert abs(shown.begins_at - (NOW - timedelta(days=1))) < timedelta(seconds=2)
    assert abs(issued[0].expires_at - (NOW + timedelta(days=90))) < timedelta(seconds=2)
    assert issued[0].pem.count("BEGIN CERTIFICATE") == 2


def test_a_certificate_ends_with_its_issuing_key(authority: Authority) -> None:
    """Nothing outlives the key that signed it, and nothing is signed after its end."""
    late = NOW + ISSUING_LASTS - timedelta(days=10)
    assert issue(authority, now=late).expires_at == authority.issuing_expires_at
    with pytest.raises(FleetError, match="has ended"):
        issue(authority, now=NOW + ISSUING_LASTS + timedelta(days=1))


@pytest.mark.parametrize("change", ["issuing", "root"])
def test_a_change_of_keys_locks_nobody_out(
    authority: Authority, tmp_path: Path, change: str
) -> None:
    """Old certificates hold on; whoever knows only the old root, or only the new, believes new."""
    before, old_trust = issue(authority), authority.trust_pem
    (authority.change_root if change == "root" else authority.change_issuing)(NOW)
    after, trust = issue(authority), authority.trust_pem
    lists = authority.revocation_lists([], NOW)
    assert lists.count(b"BEGIN X509 CRL") == 2
    assert verify(before, trust, lists, "sslclient", tmp_path) == ""
    assert verify(after, old_trust, lists, "sslclient", tmp_path) == ""
    assert verify(after, trust.removeprefix(old_trust) or trust, lists, "sslclient", tmp_path) == ""


def test_three_changes_of_the_root_later_the_first_is_still_enough(
    authority: Authority, tmp_path: Path
) -> None:
    """A kiosk that slept through three changes believes what we issue."""
    first = authority.trust_pem
    for _ in range(3):
        authority.change_root(NOW)
    lists = authority.revocation_lists([], NOW)
    assert verify(issue(authority), first, lists, "sslclient", tmp_path) == ""


def test_without_the_roots_key_everything_but_a_change_works(tmp_path: Path) -> None:
    """``root/`` may be carried away; what needs it says so, and works when it is back."""
    folder = tmp_path / "fleet"
    Authority.open(folder, PASSPHRASE, NOW)
    shutil.move(folder / "root", tmp_path / "stick")
    authority = Authority.open(folder, PASSPHRASE, NOW + timedelta(days=4 * 365 + 60))
    lists = authority.revocation_lists([], NOW)
    assert verify(issue(authority), authority.trust_pem, lists, "sslclient", tmp_path) == ""
    for change in (authority.change_root, authority.change_issuing):
        with pytest.raises(FleetError, match="put the folder back"):
            change(NOW)
    shutil.copytree(tmp_path / "stick", folder / "root")
    authority.change_issuing(NOW)
    assert not (folder / "trust.pem").read_text().count("BEGIN CERTIFICATE") > 1


def test_the_issuing_key_is_followed_before_it_ends(tmp_path: Path) -> None:
    """With the root's key there and less than a year left, opening makes the next one."""
    first = Authority.open(tmp_path / "fleet", PASSPHRASE, NOW).issuing_expires_at
    later = NOW + timedelta(days=4 * 365 + 60)
    assert Authority.open(tmp_path / "fleet", PASSPHRASE, later).issuing_expires_at > first


def test_keys_lie_encrypted_and_shut_away(authority: Authority) -> None:
    """No key is readable without the passphrase, and no file by anybody else."""
    folder = authority.vault.folder
    for path in [folder, *folder.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
        assert path.is_dir() or b"BEGIN PRIVATE KEY" not in path.read_bytes()
    keys = [path for path in folder.rglob("*.pem") if b"BEGIN ENCRYPTED" in path.read_bytes()]
    assert {path.parent.name for path in keys} == {"root", "issuing", "fleet"}


@pytest.mark.parametrize("passphrase", [b"", b"another"])
def test_another_passphrase_is_an_error_that_says_so(tmp_path: Path, passphrase: bytes) -> None:
    """A wrong or missing passphrase is told at once, and changes nothing."""
    Authority.open(tmp_path / "fleet", PASSPHRASE, NOW)
    before = sorted(path.read_bytes() for path in (tmp_path / "fleet").rglob("*.pem"))
    with pytest.raises(FleetError, match="passphrase"):
        Authority.open(tmp_path / "fleet", passphrase, NOW)
    assert sorted(path.read_bytes() for path in (tmp_path / "fleet").rglob("*.pem")) == before


def test_a_lost_issuing_key_begins_no_second_installation(tmp_path: Path) -> None:
    """With the root's certificate there and no key, nothing new is made in silence."""
    folder = tmp_path / "fleet"
    Authority.open(folder, PASSPHRASE, NOW)
    shutil.rmtree(folder / "root")
    shutil.rmtree(folder / "issuing")
    with pytest.raises(FleetError, match="root's key"):
        Authority.open(folder, PASSPHRASE, NOW)


def test_two_that_open_at_once_make_one_root(tmp_path: Path) -> None:
    """Eight openings at the same time agree on one authority."""
    with ThreadPoolExecutor(8) as pool:
        opened = pool.map(
            lambda _: Authority.open(tmp_path / "fleet", PASSPHRASE, NOW).fingerprint, range(8)
        )
    assert len(set(opened)) == 1
    assert len(list((tmp_path / "fleet").rglob("0*.pem"))) == 2


_DYING = """
import os, pathlib, signal, sys
from datetime import UTC, datetime
from broker.fleet import private_files, authority, vault

step, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
write, steps = private_files.write_private, iter(range(100))

def die_at(number):
    if number == step:
        os.kill(os.getpid(), signal.SIGKILL)

def dying(path, content):
    die_at(next(steps))
    pathlib.Path.replace, kept = (lambda *_: die_at(next(steps)) or kept(*_)), pathlib.Path.replace
    try:
        write(path, content)
    finally:
        pathlib.Path.replace = kept

authority.write_private = vault.write_private = dying
opened = authority.Authority.open(folder, sys.argv[3].encode(), datetime.now(UTC))
if len(sys.argv) > 4:
    opened.change_root(datetime.now(UTC))
"""


def _die(step: int, folder: Path, *more: str) -> bool:
    """Open the authority in a process that is killed at a step; whether it got there."""
    done = subprocess.run(
        [sys.executable, "-c", _DYING, str(step), str(folder), PASSPHRASE.decode(), *more],
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr.decode()
    return done.returncode == -9


def test_killed_at_any_step_of_making_it_the_next_opening_goes_on(tmp_path: Path) -> None:
    """Before and after each file: no half authority, no second root, no lost one."""
    steps = 0
    while _die(steps, tmp_path / f"at-{steps}"):
        folder = tmp_path / f"at-{steps}"
        authority = Authority.open(folder, PASSPHRASE, NOW)
        lists = authority.revocation_lists([], NOW)
        assert verify(issue(authority), authority.trust_pem, lists, "sslclient", tmp_path) == ""
        assert authority.trust_pem.count("BEGIN") == len(list((folder / "root").glob("*"))) == 1
        steps += 1
    assert steps == 8


def test_killed_at_any_step_of_changing_the_root_nothing_is_half(tmp_path: Path) -> None:
    """Before and after each file: either the old root signs, or the new one does, linked."""
    Authority.open(tmp_path / "made", PASSPHRASE, NOW)
    old_trust = (tmp_path / "made" / "trust.pem").read_text()
    steps = 0
    while True:
        folder = tmp_path / f"at-{steps}"
        shutil.copytree(tmp_path / "made", folder)
        if not _die(steps, folder, "change"):
            break
        authority = Authority.open(folder, PASSPHRASE, NOW)
        issued, lists = issue(authority), authority.revocation_lists([], NOW)
        assert verify(issued, authority.trust_pem, lists, "sslclient", tmp_path) == ""
        assert verify(issued, old_trust, lists, "sslclient", tmp_path) == ""
        steps += 1
    assert steps == 6


def test_what_is_sealed_opens_with_the_same_keys_only(authority: Authority, tmp_path: Path) -> None:
    """A code's secret is kept encrypted, and is of no use to another installation."""
    sealed = authority.vault.seal(b"2PXD9VJT4RNE", "code K7QM")
    assert b"2PXD" not in sealed
    assert authority.vault.unseal(sealed, "code K7QM") == b"2PXD9VJT4RNE"
    other = Authority.open(tmp_path / "other", PASSPHRASE, NOW)
    for vault, about in ((authority.vault, "code AAAA"), (other.vault, "code K7QM")):
        with pytest.raises(FleetError, match="other keys"):
            vault.unseal(sealed, about)
