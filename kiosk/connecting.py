"""The kiosk's way to the broker, by its settings and by what the server gave it."""

from __future__ import annotations

import logging
import ssl
from typing import Final

import msgspec

from broker.link.link import Will
from broker.link.mqtt import MqttLink, MqttSettings
from kiosk.changing_link import ChangingLink
from kiosk.identity_file import IdentityFileError, IdentityFolder, KeptIdentity
from kiosk.settings import BrokerSettings, Settings, SettingsError

_log: Final = logging.getLogger(__name__)


def identity_folder(settings: Settings) -> IdentityFolder | None:
    """Where the identity is kept; ``None`` for a kiosk without TLS certificates."""
    path = settings.broker.identity
    return None if path is None else IdentityFolder(path)


def as_enrolled(settings: Settings) -> Settings:
    """``settings``, but for what the server said when it enrolled us: our name, and the broker.

    So a clerk has to know neither: what the settings say of them counts until then.
    """
    kept = _kept(settings)
    if kept is None:
        return settings
    if kept.identity != settings.identity:
        names = (*settings.identity, *kept.identity)
        _log.info("the settings call this kiosk %s/%s, the server %s/%s: that counts", *names)
    broker = msgspec.structs.replace(settings.broker, host=kept.mqtt_host, port=kept.mqtt_port)
    return msgspec.structs.replace(settings, site=kept.site, device=kept.device, broker=broker)


def open_link(settings: Settings) -> MqttLink | ChangingLink:
    """The link to the broker; it connects when it is used.

    With an identity it goes over TLS with the certificate in use; while there is none that can be
    used it goes nowhere, and everything else of the kiosk works.

    Raises:
        SettingsError: the certificates to believe can't be read.
    """
    if settings.broker.identity is None:
        broker = settings.broker
        return _link(settings, broker.host, broker.port, _tls(broker))
    link, kept = ChangingLink(), _kept(settings)
    if kept is not None:
        try:
            link.change(connect(settings, kept))
        except IdentityFileError as error:
            _log.error("%s", error)
    return link


def connect(settings: Settings, kept: KeptIdentity) -> MqttLink:
    """A link that proves who we are by ``kept``.

    Raises:
        IdentityFileError: its key or certificates can't be used.
    """
    return _link(settings, kept.mqtt_host, kept.mqtt_port, kept.tls())


def _kept(settings: Settings) -> KeptIdentity | None:
    """The identity in use; one that can't be read is told elsewhere, by :mod:`kiosk.custody`."""
    folder = identity_folder(settings)
    try:
        return None if folder is None else folder.current()
    except IdentityFileError:
        return None


def _link(settings: Settings, host: str, port: int, tls: ssl.SSLContext | None) -> MqttLink:
    identity = settings.identity
    return MqttLink(
        MqttSettings(
            host=host,
            port=port,
            client_id=identity.client_id,
            subscriptions=identity.subscriptions(),
            will=Will(identity.topic("availability"), b"offline"),
            tls=tls,
        )
    )


def _tls(broker: BrokerSettings) -> ssl.SSLContext | None:
    if not broker.tls:
        return None
    try:
        return ssl.create_default_context(cafile=broker.ca)
    except OSError as error:
        raise SettingsError(
            f"key broker.ca: {broker.ca} can't be used ({error}); give a PEM file"
        ) from error
