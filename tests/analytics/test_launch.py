"""Starting the dashboard: nobody else can reach it, and nothing is told to anybody."""

from __future__ import annotations

import sys
from pathlib import Path

from analytics.dashboard.launch import DATABASE, command

URL = "postgresql://otziv:secret@127.0.0.1/otziv"


def test_the_address_of_the_database_is_no_argument() -> None:
    """A password in the URL goes by the environment, where other users can't read it."""
    argv, environment = command(URL, 8501)
    assert environment == {DATABASE: URL}
    assert not any("secret" in argument for argument in argv)


def test_it_listens_here_only() -> None:
    """It binds to the loopback, opens no browser, and sends no usage figures."""
    argv, _ = command(URL, 8501)
    assert argv[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert {
        "--server.address=127.0.0.1",
        "--server.port=8501",
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
    } <= set(argv)


def test_no_file_hides_a_module(project: Path) -> None:
    """The script's folder comes first on the path, so its files have names of their own."""
    folder = project / "analytics" / "dashboard"
    names = {path.stem for path in folder.iterdir() if not path.name.startswith("_")}
    rooms = {path.parent.name for path in project.glob("*/__init__.py")}
    assert not names & (rooms | sys.stdlib_module_names)
