"""Settings of an installation, read at the start of a command.

Three places, each beating the one before: ``otziv.toml`` in the data folder, one file a setting
in its ``secrets`` folder, and the environment (``OTZIV_SITE=troyan``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from broker.wire.topics import NAME_PATTERN

PREFIX: Final = "OTZIV_"
NOT_SETTINGS: Final = frozenset({"data", "shared"})
"""What else may stand in the environment behind the prefix: the data folder, and test data."""


def _is_no_truth(value: object) -> object:
    """Refuse ``true`` where a number is meant: TOML and JSON know the difference."""
    if isinstance(value, bool):
        raise ValueError("a number is needed, not true or false")  # noqa: TRY004  pydantic's way
    return value


Port = Annotated[int, BeforeValidator(_is_no_truth), Field(ge=0, le=65_535)]


class SettingsError(Exception):
    """Settings that can't be used; the text says which, where, and what to do."""


class Settings(BaseSettings):
    """All settings of the server side; a kiosk has its own (``kiosk/settings.py``)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    site: Annotated[str, Field(pattern=NAME_PATTERN)] = "town"
    """Short name of the municipality, the ``{site}`` of every topic."""
    timezone: str = "Europe/Sofia"
    """Where its days begin and end."""
    database: str = ""
    """URL of the feedback database; empty for SQLite in the data folder."""
    broker: Literal["auto", "nats", "mosquitto", "external"] = "auto"
    """Which broker to start; ``external`` uses one that runs already."""
    mqtt_host: str = "127.0.0.1"
    """Where the broker is; only ``external`` may be elsewhere than here."""
    external_kind: Literal["mosquitto", "nats"] = "mosquitto"
    """What an ``external`` broker is."""
    broker_reload: str = "systemctl reload mosquitto"
    """Command that makes an ``external`` broker read its files again."""
    broker_restart: str = "systemctl restart mosquitto"
    """Command that starts an ``external`` broker anew."""
    callout_port: Port = 14_222
    """Port of this machine on which an ``external`` NATS asks about clients."""
    mqtt_tls: bool = True
    """Whether kiosks prove who they are; without it the broker serves this machine only."""
    mqtt_port: Port = 8883
    """The broker's port; 0 picks a free one."""
    undecodable_days: Annotated[int, Field(ge=1, le=3_650)] = 90
    """How long bytes that could not be decoded are kept; decodable events are kept for good."""
    dashboard_port: Port = 8501
    """The dashboard's port; 0 picks a free one."""
    listen: str = "0.0.0.0"  # noqa: S104  # kiosks come from other machines, with certificates
    """Address on which broker and enrolment wait for kiosks."""
    public_host: str = ""
    """Name or address by which kiosks reach this machine; empty: its host name."""
    fleet_port: Port = 8443
    """The enrolment endpoint's port; 0 picks a free one."""
    fleet_passphrase: SecretStr = SecretStr("")
    """Encrypts the authority's issuing key; made in ``secrets`` when it is first needed."""
    notify: SecretStr = SecretStr("")
    """Where notices go: Apprise addresses (mailto://, json://, an SMS gateway), one a line."""
    notify_language: Literal["bg", "en"] = "bg"
    """The language of notices."""
    served_token: SecretStr = SecretStr("")
    """With which a queue system reports how many people were served; empty: nobody may."""
    portal_url: str = ""
    """How browsers reach the portal (https://feedback.town.bg); empty: from this machine only."""
    portal_port: Port = 8080
    """The portal's port; 0 picks a free one."""
    portal_listen: str = "127.0.0.1"
    """Address on which portal and dashboard wait for the proxy in front of them."""
    portal_database: str = ""
    """URL of the portal's database; empty for SQLite in the data folder."""
    dashboard_url: str = ""
    """How browsers reach the dashboard, a host name of its own; empty: from this machine only."""
    trusted_proxy: str = "127.0.0.1"
    """Address of the proxy whose word about visitors' addresses is believed; empty: nobody's."""
    smtp_url: SecretStr = SecretStr("")
    """Where mail goes: smtp://USER:PASSWORD@HOST:587 or smtps://…; empty: it is kept, not sent."""
    mail_from: str = ""
    """Sender of the portal's mail."""
    clamav: str = ""
    """Socket or HOST:PORT of ClamAV; empty: uploaded files are not searched for viruses."""
    comment_months: Annotated[int, Field(ge=1, le=120)] = 12
    """How long visitors' comments are kept."""
    escalation_days: Annotated[int, Field(ge=1, le=365)] = 7
    """After how many days an overdue action is told to a manager, too."""
    alerts_to: SecretStr = SecretStr("")
    """Who is told of every alert: Apprise addresses (mailto://, json://, an SMS gateway), one a
    line; in notify_language."""
    alerts_staff: Literal["unit", "all", "nobody"] = "unit"
    """Which managers and heads get mails of alerts: unit, all who may see its figures, nobody."""
    alerts_quiet_from: time = time(20)
    """From when nobody is told of alerts (20:00)."""
    alerts_quiet_until: time = time(7, 30)
    """Until when; the same as alerts_quiet_from: no quiet hours."""
    backup_to: str = ""
    """Folder for a daily backup, on another disk; empty: only ``otziv backup`` makes one."""
    backup_passphrase: SecretStr = SecretStr("")
    """Encrypts backups; keep it in your safe, too: without it nobody can read them."""
    backup_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    """How long backups are kept; the newest stays. An erased person is in them as long."""

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {name!r}; try Europe/Sofia") from error
        return name


def load_settings(data: Path, **overrides: object) -> Settings:
    """Read the settings of the installation in ``data``; ``overrides`` beat all three places.

    Raises:
        SettingsError: naming each setting that is wrong, and where settings are read from.
    """
    toml = data / "otziv.toml"
    secrets = data / "secrets"
    _check_places(toml, secrets)

    class Located(Settings):
        """The same settings, read from this data folder."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the hook's signature
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            """Overrides, environment, secrets, file; the first that knows a setting wins."""
            sources: list[PydanticBaseSettingsSource] = [
                init_settings,
                EnvSettingsSource(settings_cls),
            ]
            if secrets.is_dir():
                sources.append(
                    SecretsSettingsSource(settings_cls, secrets_dir=secrets, env_prefix="")
                )
            if toml.is_file():
                sources.append(TomlConfigSettingsSource(settings_cls, toml_file=toml))
            return tuple(sources)

    try:
        return Located(**overrides)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        places = f"{toml}, {secrets}/ and the environment (OTZIV_…)"
        raise SettingsError(f"{wrong}. Settings are read from {places}.") from error
    except ValueError as error:  # TOML that is none
        raise SettingsError(f"{toml}: {error}") from error


def _check_places(toml: Path, secrets: Path) -> None:
    """Find what would be ignored in silence.

    Raises:
        SettingsError: naming all of it.
    """
    faults = [*_faults_of_environment(), *_faults_of_secrets(secrets)]
    if toml.exists() and not toml.is_file():
        faults.append(f"{toml} is no file")
    if faults:
        raise SettingsError("; ".join(faults))


def _faults_of_environment() -> Iterator[str]:
    known = {*Settings.model_fields, *NOT_SETTINGS}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in known:
            yield f"{name} in the environment is no setting; the settings are {_names()}"


def _faults_of_secrets(secrets: Path) -> Iterator[str]:
    if not secrets.exists():
        return
    if not secrets.is_dir():
        yield f"{secrets} is no folder: make it one, with a file for each secret"
        return
    for secret in sorted(secrets.iterdir()):
        if secret.name not in Settings.model_fields:
            yield f"{secret} is no setting; the settings are {_names()}"
        elif secret.stat().st_mode & 0o077:
            yield f"{secret} can be read by others: chmod 600 {secret}"


def _names() -> str:
    return ", ".join(Settings.model_fields)
