"""``python -m portal``: the portal's process, until SIGTERM.

All it is told stands in ``OTZIV_PORTAL`` (:class:`portal.settings.PortalSettings` as JSON), since
arguments can be seen by others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy.orm import configure_mappers

from broker.logs import log_as_json
from broker.notify import tell_ready
from broker.store.errors import StoreError
from portal.accounts.sessions import Sessions
from portal.app import make_app
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import begin_heads
from portal.keys import KeyFileError
from portal.mail.sender import MailSender
from portal.settings import PortalSettings, settings_from_environment
from portal.upkeep.upkeep import Upkeep
from portal.web.language import load_catalogues
from portal.web.opening import KEY_FILE, opened
from portal.web.portal import Portal
from portal.web.rendering import compile_templates
from portal.web.serving import listen_on, quieten, serve

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("portal")


def main() -> int:
    """Run until told to end; 1 when it can't be started."""
    log_as_json()
    quieten()
    try:
        settings = settings_from_environment()
        with complete(settings) as portal, listen_on(settings.listen, settings.port) as listening:
            app = make_app(portal)
            _warm_up()
            _log.info("started", listen=settings.listen, port=listening.getsockname()[1])
            serve(app, listening, when_ready=tell_ready, trusted_proxy=settings.trusted_proxy)
    except (StoreError, KeyFileError, OSError, ValueError) as error:
        _log.error("not-started", error=str(error))
        return 1
    _log.info("ended")
    return 0


def _warm_up() -> None:
    """Do now what is done once, and what a crowd's first visitors would all do at the same time."""
    load_catalogues()
    configure_mappers()
    compile_templates(
        "web/base.html",
        "web/components.html",
        "web/error.html",
        "comments/pieces.html",
        "surveys/answer_step.html",
        "surveys/answer_thanks.html",
    )


@contextmanager
def complete(settings: PortalSettings) -> Iterator[Portal]:
    """The portal with its doorkeeper, and with all that has a life of its own.

    Raises:
        StoreError: a database can't be used.
        KeyFileError: the key file can't.
    """
    with ExitStack() as stack:
        is_new = not (settings.data / KEY_FILE).exists()
        bare = stack.enter_context(opened(settings))
        if is_new:
            begin_heads(settings.data / HEADS, bare.keys)
        sessions = Sessions(bare.database, bare.keys, bare.clock)
        portal = replace(bare, doorkeeper=sessions)
        # What has a life of its own (a writer, a sender) is entered, and added to the parts, here.
        mail = MailSender(portal.database, settings, portal.clock)
        portal.add([stack.enter_context(mail)])
        stack.enter_context(Upkeep(portal))
        yield portal


if __name__ == "__main__":
    sys.exit(main())
