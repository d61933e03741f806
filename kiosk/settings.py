"""Settings: the local file that a kiosk reads when it starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from broker.wire.texts import Code, checked
from broker.wire.topics import NAME_PATTERN
from hardware.open import PanelSettings, VirtualSettings
from kiosk.identity import Identity
from kiosk.pace import PaceSettings

Name: TypeAlias = Annotated[str, checked(NAME_PATTERN.strip("^$"))]


class SettingsError(Exception):
    """The settings can't be used; the text says which file, which key, and what to do."""


class BrokerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the broker is.

    Attributes:
        host: name or address.
        port: of MQTT.
        tls: whether to encrypt and to check who answers.
        ca: file with the certificates to believe; without it those of the system.
    """

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65_535)] = 1883
    tls: bool = False
    ca: Path | None = None


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kiosk.

    Attributes:
        site: the municipality's name on the wire.
        device: this kiosk's.
        touchpoint: where it stands, until the server's configuration says otherwise.
        data: folder of the outbox and the configuration; paths are relative to the file.
        panel: what people press.
        broker: where events go.
        clock: ``system`` asks the kernel whether the clock is right; ``trusted`` believes it.
        relay: how patient it is.
    """

    site: Name
    device: Name
    touchpoint: Code
    data: Path
    panel: PanelSettings
    broker: BrokerSettings = BrokerSettings()
    clock: Literal["system", "trusted"] = "system"
    relay: PaceSettings = PaceSettings()

    @property
    def identity(self) -> Identity:
        """Who we are on the wire."""
        return Identity(self.site, self.device)


def load_settings(path: Path) -> Settings:
    """Read the settings at ``path`` (TOML).

    Raises:
        SettingsError: the file is missing, is no TOML, or a key is missing, unknown or wrong.
    """
    try:
        settings = msgspec.toml.decode(path.read_bytes(), type=Settings, dec_hook=_read_path)
    except OSError as error:
        raise SettingsError(
            f"{path} can't be read ({error.strerror}); give the settings file with --settings"
        ) from error
    except msgspec.ValidationError as error:
        raise SettingsError(_explain(path, str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}; mend that line") from error
    return _anchored(settings, path.absolute().parent)


def _read_path(kind: type, value: object) -> object:
    """Read a path, the one kind of value here that msgspec does not know."""
    if kind is not Path or not isinstance(value, str):
        raise ValueError(f"Expected a path in quotes, got {value!r}")
    return Path(value)


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Make relative paths relative to the settings file's folder."""
    panel, broker = settings.panel, settings.broker
    if isinstance(panel, VirtualSettings):
        panel = msgspec.structs.replace(panel, path=folder / panel.path)
    if broker.ca is not None:
        broker = msgspec.structs.replace(broker, ca=folder / broker.ca)
    return msgspec.structs.replace(
        settings, data=folder / settings.data, panel=panel, broker=broker
    )


_AT_KEY: Final = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<key>.*)`)?\Z", re.DOTALL)


def _explain(path: Path, error: str) -> str:
    """What msgspec found, with the key as it stands in the file."""
    match = _AT_KEY.match(error)
    what, key = (match["what"], match["key"]) if match else (error, None)
    where = f"key {key}" if key else "at the top"
    return f"{path}, {where}: {what}; correct, add or remove that key"
