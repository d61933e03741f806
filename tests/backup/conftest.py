"""An installation with something in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.files import write_whole
from broker.store.registry import add_touchpoint
from otziv.backup.afterwards import open_portal_of
from otziv.installation import Installation, open_installation
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import keep_head
from portal.audit.log import CONSOLE, head
from portal.comments.service import keep
from portal.people.identifiers import read_identifier
from portal.people.parties import Details, enter_party
from portal.web.opening import KEY_FILE
from portal.web.portal import Portal
from portal.web.uploads import open_shelf
from tests.fixtures.databases import postgres_server  # noqa: F401

PASSPHRASE = "correct horse battery staple"
PDF = b"%PDF-1.7\nupload\n%%EOF\n"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """One with settings, secrets, keys, an upload, a citizen, comments and an audit log."""
    monkeypatch.delenv("OTZIV_BACKUP_PASSPHRASE", raising=False)
    return furnish(open_installation(tmp_path / "data", site="troyan"))


def furnish(installation: Installation) -> Installation:
    """Put something of everything into an installation."""
    data = installation.data
    write_whole(data / "otziv.toml", b'site = "troyan"\n')
    (data / "secrets").mkdir(mode=0o700)
    write_whole(data / "secrets" / "fleet_passphrase", b"secret of the fleet")
    (data / "fleet").mkdir()
    write_whole(data / "fleet" / "issuing.pem", b"a key")
    (data / "logs" / "portal.log").write_text("said long ago")
    installation.portal_files.mkdir(mode=0o700)
    with open_portal_of(installation) as portal:
        add_touchpoint(portal.feedback, "hall-web", site="troyan")
        enter_somebody(portal)
        write_comment(portal, "Благодаря")
        open_shelf(portal.settings).put("a.pdf", PDF)
        with portal.database.reading() as connection:
            number, entry_hash = head(connection)
        keep_head(portal.settings.data / HEADS, portal.keys, number, entry_hash)
    assert (installation.portal_files / KEY_FILE).exists()
    return installation


def enter_somebody(portal: Portal, name: str = "Кукувица") -> str:
    """A citizen; the id."""
    now = datetime.now(UTC)
    egn = read_identifier("egn", "8001010008", today=now.date())
    details = Details("person", first_name=name, last_name="Птицова")
    return enter_party(portal.database, portal.keys, details, egn, actor=CONSOLE, now=now)


def write_comment(portal: Portal, text: str) -> None:
    """A visitor's comment."""
    keep(
        portal.database,
        survey="reception",
        version=1,
        question="comment",
        touchpoint="hall-web",
        channel="web",
        language="bg",
        text=text,
        now=datetime.now(UTC),
    )
