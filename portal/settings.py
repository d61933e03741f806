"""What the portal's process is told at its start, by whoever runs it."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

ENVIRONMENT: Final = "OTZIV_PORTAL"
"""Environment variable with all of it as JSON: arguments can be seen by others."""


AlertsStaff: TypeAlias = Literal["unit", "all", "nobody"]
"""``unit``: those whose role is bound to the unit, where there are none those of the whole
municipality; ``all``: everybody who may see its figures."""


class PortalSettings(BaseModel):
    """Where things are, and how the portal is reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str
    """Code of the municipality in the feedback store."""
    timezone: str = "Europe/Sofia"
    data: Path
    """Folder for files and keys of the portal."""
    database: SecretStr
    """URL of the portal's database."""
    feedback: SecretStr
    """URL of the feedback database."""
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """0 picks a free one."""
    public_url: str
    """How browsers reach the portal: scheme, host, port if unusual, and nothing behind."""
    dashboard_url: str = ""
    """The same for the dashboard behind its gate; a host name of its own. Empty: there is none."""
    dashboard_port: Annotated[int, Field(ge=0, le=65_535)] = 8501
    """Where the gate listens; 0 picks a free one."""
    smtp_url: SecretStr = SecretStr("")
    """``smtp://user:password@host:port`` or ``smtps://…``; empty: mail is kept, not sent."""
    mail_from: str = ""
    """Sender of mails."""
    clamav: str = ""
    """Socket (path) or ``host:port`` of ClamAV; empty: files are not searched for viruses."""
    trusted_proxy: str = ""
    """Address of the proxy whose word about visitors' addresses is believed."""
    look: Path | None = None
    """Folder of the municipality's own ``tokens.css``, as ``otziv look --own`` makes it."""
    comment_months: Annotated[int, Field(ge=1, le=120)] = 12
    """How long comments are kept."""
    escalation_days: Annotated[int, Field(ge=1, le=365)] = 7
    """After how many days an overdue action is told to a manager, too."""
    alerts_to: SecretStr = SecretStr("")
    """Who is told of every alert: Apprise addresses, with white space between."""
    alerts_language: Literal["bg", "en"] = "bg"
    """The language of what goes there."""
    alerts_staff: AlertsStaff = "unit"
    """Which managers and heads of units get a mail of an alert."""
    alerts_quiet_from: time = time(20)
    """From when nobody is told of alerts; equal times: no quiet hours."""
    alerts_quiet_until: time = time(7, 30)
    is_sample: bool = False
    """A demonstration: every page says so."""

    @field_validator("public_url", "dashboard_url")
    @classmethod
    def _is_origin(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError(f"{url!r} is no address: write https://HOST")
        if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
            raise ValueError(f"{url!r} says too much: write https://HOST")
        return url.rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether browsers come over TLS; without it only this machine may."""
        return self.public_url.startswith("https:")


def settings_from_environment() -> PortalSettings:
    """What the environment says.

    Raises:
        ValueError: nothing, or something that can't be used.
    """
    said = os.environ.get(ENVIRONMENT)
    if not said:
        raise ValueError(f"{ENVIRONMENT} is not set; start the portal with: otziv portal serve")
    return PortalSettings.model_validate_json(said)
