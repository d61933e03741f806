"""``otziv portal``: alone, and what it renders."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from broker.server.process import popen_bound
from tests.system.serving import PATIENCE_S, environment, wait_for

TOWN = {
    "OTZIV_PORTAL_URL": "https://feedback.example.bg",
    "OTZIV_DASHBOARD_URL": "https://dashboard.example.bg",
    "OTZIV_PORTAL_PORT": "8080",
    "OTZIV_DASHBOARD_PORT": "8501",
}


def run(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "otziv", "portal", *words, "--data", str(data)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment(**settings),
    )


@contextmanager
def serving(tmp_path: Path, *words: str, **settings: str) -> Iterator[str]:
    """``otziv portal serve``; what it says once it serves. SIGTERM ends it with status 0."""
    said = tmp_path / "said"
    argv = [sys.executable, "-m", "otziv", "portal", "serve", *words]
    with said.open("wb") as log:
        child = popen_bound(
            [*argv, "--data", str(tmp_path / "data")],
            stdout=log,
            stderr=log,
            env=environment(**settings),
        )
    wait_for(lambda: "Ctrl-C ends it" in said.read_text() or child.poll() is not None)
    yield said.read_text()
    child.terminate()
    assert child.wait(PATIENCE_S) == 0, said.read_text()


def test_it_serves_where_the_dashboard_has_no_address(tmp_path: Path) -> None:
    """Then it can have no gate; the portal is there, and it is told what to set."""
    with serving(tmp_path, OTZIV_PORTAL_URL=TOWN["OTZIV_PORTAL_URL"]) as said:
        assert f"portal      {TOWN['OTZIV_PORTAL_URL']}\n" in said
        assert "not started: set dashboard_url" in said


def test_it_serves_alone(tmp_path: Path) -> None:
    """Without broker and collector."""
    with serving(tmp_path, "--no-dashboard") as said:
        address = said.split()[1]
        with urlopen(f"{address}/sign-in", timeout=30) as page:  # noqa: S310  # it is our own
            assert page.headers["Content-Security-Policy"]
    assert not (tmp_path / "data" / "broker").exists()


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_a_proxy_is_printed_or_written(tmp_path: Path, kind: str) -> None:
    """The same both times; nothing else is made."""
    printed = run(tmp_path / "data", "render", kind, **TOWN)
    assert printed.returncode == 0, printed.stderr
    assert "feedback.example.bg" in printed.stdout
    assert not (tmp_path / "data").exists()
    file = tmp_path / "proxy"
    assert run(tmp_path / "data", "render", kind, "--to", str(file), **TOWN).returncode == 0
    assert file.read_text() == printed.stdout


def test_the_service_names_this_program_and_this_folder(tmp_path: Path) -> None:
    """And whoever shall run it."""
    told = run(tmp_path / "data", "render", "systemd", "--user", "town").stdout
    program = Path(sys.executable).with_name("otziv")
    assert f"ExecStart={program} serve --data {tmp_path / 'data'}\n" in told
    assert "User=town\n" in told


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (["nginx"], {}, "portal_url"),
        (["nginx", "--key", "/k"], TOWN, "--certificate and --key go together"),
        (["nginx", "--to", "/nowhere/file"], TOWN, "/nowhere/file"),
    ],
)
def test_what_cannot_be_is_told(
    tmp_path: Path, words: list[str], settings: dict[str, str], told: str
) -> None:
    """Status 2, and one line."""
    done = run(tmp_path / "data", "render", *words, **settings)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
