"""Portal and gate as they run in life: two processes, with the real dashboard behind the gate."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broker.server.process import free_port
from broker.store.database import Database
from otziv.installation import open_installation
from otziv.portal_process import gate_process, portal_process, portal_settings
from portal.accounts.accounts import change, make_staff
from portal.accounts.sessions import begin
from portal.keys import Keys, read_keys
from portal.settings import PortalSettings
from portal.store.schema import open_portal
from portal.web.actor import Role
from portal.web.opening import KEY_FILE
from tests.analytics.feedback import SITE, Feedback

READY_S = 90.0


@dataclass(frozen=True)
class Running:
    """Both, and the databases beneath."""

    settings: PortalSettings
    database: Database
    feedback: Feedback
    keys: Keys

    def sign_in(self, *roles: Role, name: str = "Ева Илиева") -> tuple[str, str]:
        """A new account that is signed in: its id, and what its browser's cookie holds."""
        now = datetime.now(UTC)
        with self.database.transaction() as connection:
            sign_in_name = f"staff-{os.urandom(4).hex()}"
            account = make_staff(connection, sign_in_name, name, now=now, roles=roles)
            change(connection, account, state="active")
            _, secret = begin(connection, self.keys, account, now=now)
        return account, secret


@contextmanager
def running(data: Path, *, recheck_s: float | None = None, **settings: object) -> Iterator[Running]:
    """Start both over SQLite in ``data``, and wait until they answer."""
    with ExitStack() as stack:
        ports = {"portal_port": free_port(), "dashboard_port": free_port()}
        installation = open_installation(data, **({"site": SITE, **ports} | settings))
        feedback = stack.enter_context(closing(Feedback(installation.database_url)))
        told = portal_settings(installation)
        portal, gate = portal_process(installation, told), gate_process(installation, told)
        if recheck_s is not None:
            gate.argv += ["--recheck-s", str(recheck_s)]
        gate.environment |= {"HOME": str(data)}
        assert gate.argv[0] == sys.executable
        for each in (portal, gate):
            stack.callback(each.stop)
            each.start()
        for each in (portal, gate):
            each.wait_until_ready(READY_S)
        database = stack.enter_context(closing(open_portal(installation.portal_database_url)))
        keys = read_keys(told.data / KEY_FILE)
        yield Running(told, database, feedback, keys)
