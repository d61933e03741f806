"""Settings of an installation, read at the start of a command.

Three places, each beating the one before: ``otziv.toml`` in the data folder, one file a setting
in its ``secrets`` folder, and the environment (``OTZIV_SITE=troyan``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from broker.wire.topics import NAME_PATTERN

Port = Annotated[int, Field(ge=0, le=65_535)]


class SettingsError(Exception):
    """Settings that can't be used; the text says which, where, and what to do."""


class Settings(BaseSettings):
    """All settings of the server side; a kiosk has its own (``kiosk/settings.py``)."""

    model_config = SettingsConfigDict(env_prefix="OTZIV_", extra="forbid", frozen=True)

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
    mqtt_port: Port = 1883
    """The broker's port; 0 picks a free one."""
    undecodable_days: Annotated[int, Field(ge=1, le=3_650)] = 90
    """How long bytes that could not be decoded are kept; decodable events are kept for good."""
    dashboard_port: Port = 8501
    """The dashboard's port; 0 picks a free one."""

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
                sources.append(SecretsSettingsSource(settings_cls, secrets_dir=secrets))
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
