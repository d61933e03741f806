"""The town's portal on a port, with nothing in it but the town, and somebody signed in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import uvicorn

from portal.accounts.accounts import change, make_staff
from portal.accounts.sessions import begin, cookie_name
from portal.app import make_app
from portal.web.portal import Portal
from portal.web.serving import listen_on

READY_S = 30


@dataclass(frozen=True)
class Site:
    """A portal on a port.

    Attributes:
        url: scheme, host and port.
        cookie: name and value of an administrator's session.
    """

    portal: Portal
    url: str
    cookie: tuple[str, str]


@contextmanager
def on_a_port(portal: Portal) -> Iterator[Site]:
    """Serve ``portal`` by a thread of this process."""
    with listen_on("127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = portal.settings.model_copy(update={"public_url": url})
        reachable = replace(portal, settings=settings)
        config = uvicorn.Config(
            make_app(reachable), ws="none", lifespan="off", log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        deadline = time.monotonic() + READY_S
        while not server.started:
            assert time.monotonic() < deadline, "the portal does not start"
            time.sleep(0.05)
        try:
            yield Site(reachable, url, _session(reachable))
        finally:
            server.should_exit = True
            thread.join(READY_S)


def _session(portal: Portal) -> tuple[str, str]:
    now = portal.clock()
    with portal.database.transaction() as connection:
        account = make_staff(
            connection, "administrator", "Ева Илиева", now=now, roles=["administrator"]
        )
        change(connection, account, state="active")
        _, secret = begin(connection, portal.keys, account, now=now)
    return cookie_name(is_secure=False), secret
