"""The kiosk's way to the broker, by its settings and by what the server gave it."""

from __future__ import annotations

import logging
import ssl
from typing import Final

from msgspec.structs import replace

from broker.link.link import Will
from broker.link.mqtt import MqttLink, MqttSettings
from kiosk.changing_link import ChangingLink
from kiosk.destination import identity_folder, kept_identity
from kiosk.kept_identity import IdentityFileError, KeptIdentity
from kiosk.settings import BrokerSettings, Settings, SettingsError

_log: Final = logging.getLogger(__name__)


def as_enrolled(settings: Settings) -> Settings:
    """``settings``, but for what the server said when it enrolled us: our name, and the broker.

    So a clerk has to know neither: what the settings say of them counts until then. Whoever didn't
    wait for the server was somewhere for a trial: where it stands now is not known yet.
    """
    kept = kept_identity(settings)
    if kept is None:
        return settings
    if kept.identity != settings.identity:
        names = (*settings.identity, *kept.identity)
        _log.info("the settings call this kiosk %s/%s, the server %s/%s: that counts", *names)
    broker = replace(settings.broker, host=kept.mqtt_host, port=kept.mqtt_port)
    touchpoint = settings.touchpoint if broker.waits_for_identity else None
    return replace(
        settings, site=kept.site, device=kept.device, touchpoint=touchpoint, broker=broker
    )


def open_link(settings: Settings) -> MqttLink | ChangingLink:
    """The link to the broker; it connects when it is used.

    With an identity it goes over TLS with the certificate in use; while there is none that can be
    used it goes nowhere, and everything else of the kiosk works. Where the settings don't want to
    wait for one, it goes as they say until then.

    Raises:
        SettingsError: the certificates to believe can't be read.
    """
    folder, kept = identity_folder(settings), kept_identity(settings)
    if folder is None:
        return _told_link(settings)
    link = ChangingLink()
    if kept is not None:
        try:
            link.change(connect(settings, kept))
        except IdentityFileError as error:
            _log.error("%s", error)
    elif folder.is_empty() and not settings.broker.waits_for_identity:
        link.change(_told_link(settings))
    return link


def connect(settings: Settings, kept: KeptIdentity) -> MqttLink:
    """A link that proves who we are by ``kept``.

    Raises:
        IdentityFileError: its key or certificates can't be used.
    """
    return _link(settings, kept.mqtt_host, kept.mqtt_port, kept.tls())


def _told_link(settings: Settings) -> MqttLink:
    """As the settings say, without a certificate of our own."""
    broker = settings.broker
    return _link(settings, broker.host, broker.port, _tls(broker))


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
