"""What the dashboard gives away: nothing to strangers, and nothing of one unit to another's.

All that is sent is searched, frames of the websocket and files included; not only what is seen.
"""

from __future__ import annotations

import re
from itertools import product

import httpx2
import pytest

from analytics.dashboard.menu import PAGES
from portal.web.actor import Role
from tests.portal.gate.frames import Viewer, viewing
from tests.portal.gate.running import Running
from tests.portal.gate.two_units import (
    HALLS,
    HIDDEN,
    MARK,
    OWN,
    Ids,
    sign_in,
)

pytestmark = pytest.mark.timeout(300)

PATHS = ["", "start", *(entry.path for entry in PAGES)]
"""Those as well that somebody's menu does not have."""

ROLES: list[Role] = ["manager", "head-of-unit"]
"""Who can be bound to units; others work for the whole municipality."""


def addresses(ids: Ids) -> list[dict[str, str]]:
    """What an address may ask for of the other unit's, and what mixes it with one's own."""
    desk = f"desk-{HIDDEN}-1"
    return [
        {},
        {"lang": "en"},
        *({"place": place} for place in (f"location:hall-{HIDDEN}", f"touchpoint:{desk}")),
        {"place": f"touchpoint:trial-{HIDDEN}"},
        {"place": "site:troyan", "votes": "raw"},
        {"place": f"location:hall-{OWN}", "period": "91d"},
        {"survey": "by-phone"},
        {"survey": "by-phone", "scale": "nps-11", "channel": "phone"},
        {"period": "364d", "votes": "raw"},
        {"alert": ids.alert},
        {"report": ids.draft},
        {"action": ids.action},
    ]


def told(viewer: Viewer, path: str, params: dict[str, str]) -> str:
    """All that is sent for a page, as text."""
    frames = viewer.page(path, **params)
    return "\n".join([frames.decode("utf-8", "replace"), *viewer.files(frames)])


def test_who_may_see_all_is_told_of_both(filled: tuple[Running, Ids]) -> None:
    """What the tests below look for is there to be found: on pages, and in files."""
    town, ids = filled
    _, secret = sign_in(town, "manager", "administrator", name="Златка Бонева")
    with viewing(town, secret) as viewer:
        seen = {path: told(viewer, path, {}) for path in PATHS}
        one = told(viewer, "place", {"place": f"touchpoint:desk-{HIDDEN}-1"})
        alert = told(viewer, "", {"alert": ids.alert})
        files = list(viewer.files(viewer.page("places")))
    assert MARK in one
    assert MARK in alert
    assert any(MARK in text for text in files)
    for path in ("start", "today", "places", "place", "surveys", "actions", "alerts", "fleet"):
        assert MARK in seen[path], path
        assert HALLS[OWN] in seen[path] or path in {"actions", "alerts"}, path


@pytest.mark.parametrize(
    "role", [ROLES[0], *(pytest.param(role, marks=pytest.mark.slow) for role in ROLES[1:])]
)
def test_nothing_of_another_unit(filled: tuple[Running, Ids], role: Role) -> None:
    """By no page and no address, whatever somebody's work is."""
    town, ids = filled
    _, secret = sign_in(town, role, units=frozenset({OWN}))
    found, seen = [], 0
    with viewing(town, secret) as viewer:
        for path, params in product(PATHS, addresses(ids)):
            text = told(viewer, path, params)
            seen += HALLS[OWN] in text
            if MARK in text or (HIDDEN in text and not params):
                at = text.find(MARK) if MARK in text else text.find(HIDDEN)
                found.append(f"{path}?{params}: …{text[max(at - 80, 0) : at + 40]!r}")
    assert seen > 10
    assert not found, "\n".join(found)


def test_files_are_for_who_has_a_pass(filled: tuple[Running, Ids]) -> None:
    """A file's address opens nothing to strangers, nor does anything else of the dashboard."""
    town, _ = filled
    _, secret = sign_in(town, "manager", name="Иван")
    with viewing(town, secret) as viewer:
        frames = viewer.page("places")
        assert list(viewer.files(frames))
        url = viewer.url
        files = [each.decode() for each in set(re.findall(rb"/media/[0-9a-f]+\.csv", frames))]
    assert files
    parts = ["/_stcore/health", "/_stcore/host-config", "/static/js/index.js", "/media/x.csv"]
    with httpx2.Client() as stranger:
        for path in [*files, *parts]:
            assert stranger.get(url + path).status_code == 401, path
        for path in PATHS:
            answer = stranger.get(f"{url}/{path}")
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith(town.settings.public_url)
            assert not answer.content
