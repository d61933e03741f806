"""The portal as a process, and the gate around the dashboard as another."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr, ValidationError

from broker.server.process import LOOPBACK, free_port, is_free
from otziv.installation import Installation, InstallationError
from otziv.look.own import LookError, own_look
from otziv.process import Process
from portal.settings import ENVIRONMENT, PortalSettings

READY_S: Final = 60.0
"""How long it may take to answer: a large database may need a migration."""


def portal_settings(
    installation: Installation, *, is_sample: bool = False, has_dashboard: bool = True
) -> PortalSettings:
    """What the portal's processes are told; ports that were left open are picked here.

    Raises:
        InstallationError: a port is taken, an address can't be used, or it has no database of its
            own.
    """
    settings = installation.settings
    port = _port(installation, "portal_port", settings.portal_port)
    dashboard_port = settings.dashboard_port
    if has_dashboard:
        dashboard_port = _port(installation, "dashboard_port", dashboard_port)
    files, database = installation.portal_files, installation.portal_database_url
    if is_sample:
        files, database = installation.sample_files, installation.sample_database_url
    if database == installation.database_url:
        raise InstallationError(
            "portal_database and database are the same: give the portal a database of its own, so "
            "that what is known of people and what they said stay apart"
        )
    files.mkdir(mode=0o700, parents=True, exist_ok=True)
    look = found_look(installation)
    try:
        return PortalSettings(
            site=settings.site,
            timezone=settings.timezone,
            data=files,
            database=SecretStr(database),
            feedback=SecretStr(installation.database_url),
            listen=settings.portal_listen,
            port=port,
            public_url=settings.portal_url or f"http://{LOOPBACK}:{port}",
            dashboard_url=_dashboard_url(installation, dashboard_port) if has_dashboard else "",
            dashboard_port=dashboard_port,
            smtp_url=settings.smtp_url,
            mail_from=settings.mail_from,
            clamav=settings.clamav,
            trusted_proxy=settings.trusted_proxy,
            look=look,
            comment_months=settings.comment_months,
            escalation_days=settings.escalation_days,
            **_alerts(installation, is_sample=is_sample),
            is_sample=is_sample,
        )
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InstallationError(f"the portal can't be started so: {wrong}") from error


def _alerts(installation: Installation, *, is_sample: bool) -> dict[str, Any]:
    """Who is told of alerts; of invented votes, nobody."""
    settings = installation.settings
    return {
        "alerts_to": SecretStr("") if is_sample else settings.alerts_to,
        "alerts_language": settings.notify_language,
        "alerts_staff": "nobody" if is_sample else settings.alerts_staff,
        "alerts_quiet_from": settings.alerts_quiet_from,
        "alerts_quiet_until": settings.alerts_quiet_until,
    }


def found_look(installation: Installation) -> Path | None:
    """The folder of what was made of the municipality's own colours, if it has any.

    Raises:
        InstallationError: they can't be used.
    """
    try:
        return own_look(installation.data)
    except LookError as error:
        raise InstallationError(str(error)) from error


def portal_process(installation: Installation, settings: PortalSettings) -> Process:
    """The portal; not started yet."""
    return _process(installation, "portal", "portal", settings)


def gate_process(installation: Installation, settings: PortalSettings) -> Process:
    """The dashboard behind its gate; not started yet."""
    return _process(installation, "dashboard", "portal.gate", settings)


def _process(
    installation: Installation, name: str, module: str, settings: PortalSettings
) -> Process:
    told = settings.model_dump(mode="json") | {
        field: getattr(settings, field).get_secret_value()
        for field in ("database", "feedback", "smtp_url", "alerts_to")
    }
    log = installation.logs / f"{name}.log"
    return Process(name, [sys.executable, "-m", module], log, {ENVIRONMENT: json.dumps(told)})


def _dashboard_url(installation: Installation, port: int) -> str:
    """As set; without one, browsers of this machine come directly."""
    settings = installation.settings
    if settings.dashboard_url or settings.portal_url:
        return settings.dashboard_url
    return f"http://{LOOPBACK}:{port}"


def _port(installation: Installation, name: str, port: int) -> int:
    host = installation.settings.portal_listen
    if port and not is_free(port, host):
        raise InstallationError(f"port {port} of {host} is taken; set {name} (0 picks a free one)")
    return port or free_port()
