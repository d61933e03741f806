"""Settings: the local file that a kiosk reads when it starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from broker.wire.texts import Code, checked
from hardware.errors import ReadableError
from hardware.open import PanelSettings
from kiosk.identity import Identity, Name
from kiosk.pace import PaceSettings
from kiosk.pin import PIN_HASH

AnySettings = TypeVar("AnySettings", bound=Struct)


class SettingsError(ReadableError):
    """The settings can't be used; the text says which file, which key, and what to do."""


class BrokerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the broker is.

    Attributes:
        host: name or address.
        port: of MQTT.
        tls: whether to encrypt and to check who answers.
        ca: file with the certificates to believe; without it those of the system.
        identity: folder of the identity that ``otziv kiosk enrol`` gets from the server. With it
            the kiosk proves who it is by a certificate, and the server's word on host, port, site,
            device and whom to believe counts.
        waits_for_identity: until it is enrolled it connects to nobody; a virtual kiosk need not
            wait, and goes to host and port meanwhile.
    """

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65_535)] = 1883
    tls: bool = False
    ca: Path | None = None
    identity: Path | None = None
    waits_for_identity: bool = True

    @property
    def address(self) -> str:
        """Host and port, for people."""
        return f"{self.host}:{self.port}"


class ScreenSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The touchscreen, a process of its own (``python -m kiosk.ui``).

    Attributes:
        socket: where firmware and screen meet; without it ``screen.sock`` in the data folder.
        diagonal_in: of the glass, in inches: what is touched must be 20 mm on any glass.
        reach: ``low`` keeps what is touched in the lower part, for a screen that hangs high.
        rotation: of the picture, clockwise, in degrees.
        text_scale: 2 doubles the type.
        fonts: folder of fonts for languages that the shipped one has no letters for.
        clips: folder of sign-language clips, ``<language>/<survey>-<question>.zip``.
        look: the municipality's own colours, a ``tokens.json`` that ``otziv look --own`` made.
    """

    socket: Path | None = None
    diagonal_in: Annotated[float, Meta(ge=4, le=32)] = 7.0
    reach: Literal["all", "low"] = "all"
    rotation: Literal[0, 90, 180, 270] = 0
    text_scale: Annotated[float, Meta(ge=1, le=2)] = 1.0
    fonts: Path | None = None
    clips: Path | None = None
    look: Path | None = None


class SoundSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is heard.

    Attributes:
        kind: ``none`` for a kiosk without a loudspeaker; its buzzer sounds all the same;
            ``virtual`` sounds nothing, and captions show what would be heard.
        device: ALSA's name of the loudspeaker.
        private_device: of the headphones; without it the same as ``device``.
        recordings: folder of texts read by a person; what is not there, espeak-ng says.
        volume_percent: of the loudspeaker; headphones have steps of their own.
    """

    kind: Literal["none", "alsa", "virtual"] = "none"
    device: Annotated[str, Meta(min_length=1)] = "default"
    private_device: str | None = None
    recordings: Path | None = None
    volume_percent: Annotated[int, Meta(ge=0, le=100)] = 100


class MaintenanceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The screen for those who look after the kiosk.

    Attributes:
        pin: what ``otziv kiosk pin`` made of it; without it that screen does not open.
    """

    pin: Annotated[str, checked(PIN_HASH)] | None = None


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kiosk.

    Attributes:
        site: the municipality's name on the wire.
        device: this kiosk's.
        touchpoint: where it stands, until the server's configuration says otherwise; without it
            the kiosk is not set up until that configuration comes.
        data: folder of the outbox and the configuration; paths are relative to the file.
        panel: what people press.
        screen: what people touch; without it there is no screen.
        sound: what people hear.
        maintenance: who may look inside.
        languages: folder of catalogues for more languages.
        broker: where events go.
        clock: ``system`` asks the kernel whether the clock is right; ``trusted`` believes it.
        relay: how patient it is.
    """

    site: Name
    device: Name
    data: Path
    panel: PanelSettings
    touchpoint: Code | None = None
    screen: ScreenSettings | None = None
    sound: SoundSettings = SoundSettings()
    maintenance: MaintenanceSettings = MaintenanceSettings()
    languages: Path | None = None
    broker: BrokerSettings = BrokerSettings()
    clock: Literal["system", "trusted"] = "system"
    relay: PaceSettings = PaceSettings()

    @property
    def screen_socket(self) -> Path:
        """Where firmware and screen meet."""
        named = None if self.screen is None else self.screen.socket
        return named or self.data / "screen.sock"

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


def _anchored(settings: AnySettings, folder: Path) -> AnySettings:
    """Make relative paths relative to the settings file's folder, in sections, too."""
    changes: dict[str, object] = {}
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if isinstance(value, Path):
            changes[name] = folder / value
        elif isinstance(value, Struct):
            changes[name] = _anchored(value, folder)
    return msgspec.structs.replace(settings, **changes)


_AT_KEY: Final = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<key>.*)`)?\Z", re.DOTALL)


def _explain(path: Path, error: str) -> str:
    """What msgspec found, with the key as it stands in the file."""
    match = _AT_KEY.match(error)
    what, key = (match["what"], match["key"]) if match else (error, None)
    where = f"key {key}" if key else "at the top"
    return f"{path}, {where}: {what}; correct, add or remove that key"
