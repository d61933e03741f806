"""What the portal's processes are told, and what can't be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from broker.server.process import free_port
from otziv.installation import InstallationError, open_installation
from otziv.portal_process import gate_process, portal_process, portal_settings
from portal.settings import ENVIRONMENT, PortalSettings

PORTS = {"portal_port": 0, "dashboard_port": 0}


def test_secrets_go_by_the_environment(tmp_path: Path) -> None:
    """Arguments can be seen by others; what goes comes back whole."""
    url = "postgresql://otziv:secret@127.0.0.1/portal"
    mail = "smtp://town:hidden@mail.example.bg:587"
    installation = open_installation(
        tmp_path, portal_database=url, database=url + "2", smtp_url=mail, **PORTS
    )
    settings = portal_settings(installation)
    for process in (portal_process(installation, settings), gate_process(installation, settings)):
        assert "secret" not in " ".join(process.argv)
        told = PortalSettings.model_validate_json(process.environment[ENVIRONMENT])
        assert told.database.get_secret_value() == installation.portal_database_url
        assert "secret" in installation.portal_database_url
        assert told.smtp_url.get_secret_value() == mail
        assert told == settings
        assert json.loads(process.environment[ENVIRONMENT])["port"] == settings.port != 0


def test_without_addresses_this_machine_only(tmp_path: Path) -> None:
    """Both are reached directly then, by the ports that were picked."""
    settings = portal_settings(open_installation(tmp_path, **PORTS))
    assert settings.public_url == f"http://127.0.0.1:{settings.port}"
    assert settings.dashboard_url == f"http://127.0.0.1:{settings.dashboard_port}"
    assert not settings.is_secure


def test_a_portal_for_others_needs_an_address_of_its_dashboard(tmp_path: Path) -> None:
    """Else the dashboard has no gate, and the portal does not lead there."""
    installation = open_installation(tmp_path, portal_url="https://feedback.example.bg", **PORTS)
    assert not portal_settings(installation).dashboard_url


def test_the_sample_is_kept_apart(tmp_path: Path) -> None:
    """Its accounts have passwords that were printed: no real portal must ever know them."""
    installation = open_installation(tmp_path, **PORTS)
    sample = portal_settings(installation, is_sample=True)
    real = portal_settings(installation)
    assert sample.is_sample
    assert not real.is_sample
    assert sample.database != real.database
    assert sample.data != real.data


@pytest.mark.parametrize(
    "url", ["feedback.example.bg", "https://feedback.example.bg/portal", "https://a:b@example.bg"]
)
def test_an_address_that_is_none_is_told(tmp_path: Path, url: str) -> None:
    """With the name of the setting as the portal has it, and what to write."""
    with pytest.raises(InstallationError, match="write https://HOST"):
        portal_settings(open_installation(tmp_path, portal_url=url, **PORTS))


def test_one_database_for_both_is_refused(tmp_path: Path) -> None:
    """Ratings are nobody's, the portal's data is somebody's: they are kept apart."""
    url = "postgresql://otziv@127.0.0.1/otziv"
    with pytest.raises(InstallationError, match="portal_database"):
        portal_settings(open_installation(tmp_path, database=url, portal_database=url, **PORTS))


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """By the name of its setting."""
    import socket

    with socket.create_server(("127.0.0.1", free_port())) as other:
        port = other.getsockname()[1]
        for name in PORTS:
            taken = PORTS | {name: port}
            with pytest.raises(InstallationError, match=f"is taken; set {name}"):
                portal_settings(open_installation(tmp_path, **taken))
