"""The web by itself: one kind of database does for these tests, the areas have theirs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from portal import app as application
from portal.web.fields import Day
from portal.web.forms import Form
from portal.web.portal import Portal
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE, CITIZEN, SIGNED_IN, staff
from tests.fixtures.portals import PUBLIC_URL

TRIAL: Final = Area("trial", "/trial")
"""An area that is there in tests only."""


class TrialForm(Form):
    """Two fields."""

    name: str
    on: Day | None = None


@TRIAL.get("/open", ANYONE)
def show_open(page: Here) -> Response:
    """For all; says who asks."""
    return PlainTextResponse(f"{page.actor.kind} {page.language.code}")


@TRIAL.post("/form", ANYONE)
def take(page: Here) -> Response:
    """What it is sent to."""
    filled = page.fill(TrialForm)
    if filled.model is None:
        return PlainTextResponse(repr(filled.errors), 422)
    return page.redirect("/trial/open", say="saved", name=filled.model.name)


@TRIAL.post("/file", ANYONE, takes_files=True)
def take_file(page: Here) -> Response:
    """What a file is sent to."""
    (file,) = page.fill(TrialForm).files["file"]
    return PlainTextResponse(str(len(file.file.read())))


@TRIAL.post("/machine", ANYONE, needs_token=False)
def take_from_machine(page: Here) -> Response:
    """For programs: no token, and nobody is recognised."""
    return PlainTextResponse(page.actor.kind)


@TRIAL.get("/citizen", CITIZEN)
def show_citizen(page: Here) -> Response:
    """For citizens."""
    return PlainTextResponse(page.actor.name)


@TRIAL.get("/known", SIGNED_IN)
def show_known(page: Here) -> Response:
    """For all who are signed in."""
    return PlainTextResponse(page.actor.name)


@TRIAL.get("/editor/{number}", staff("editor"))
def show_editor(page: Here, number: int) -> Response:
    """For editors; the number must be one."""
    return PlainTextResponse(f"{page.actor.name} {number}")


@TRIAL.get("/broken", ANYONE)
def fail(page: Here) -> Response:
    """A fault of ours."""
    raise RuntimeError(f"secret of {page.path}")


@pytest.fixture
def portal_url(tmp_path: Path, migrated_portal: Path) -> str:
    """SQLite."""
    path = tmp_path / "portal.sqlite3"
    shutil.copyfile(migrated_portal, path)
    return f"sqlite:///{path}"


@pytest.fixture
def new_client(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Callable[[], TestClient]:
    """The same as elsewhere, with the trial area."""
    monkeypatch.setattr(application, "AREAS", (*application.AREAS, TRIAL))
    app = application.make_app(portal)
    return lambda: TestClient(app, base_url=PUBLIC_URL, follow_redirects=False)
