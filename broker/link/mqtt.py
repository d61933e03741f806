"""The link over MQTT 3.1.1, on paho: the only module that knows paho.

No thread. :meth:`MqttLink.receive` waits on the socket itself. Each connection gets a new paho
client: paho would send again what the old one had queued, while whoever owns a message (the
outbox, the store) sends it again anyway.
"""

from __future__ import annotations

import contextlib
import select
import time
from collections.abc import Callable
from random import Random, SystemRandom
from typing import Any, Final, TypeAlias

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from broker.link.backoff import Backoff
from broker.link.dial import Address
from broker.link.link import ONLINE, LinkError, Message
from broker.link.reconnecting import Conversation, ReconnectingLink
from broker.link.settings import MqttSettings
from broker.link.stream import BufferedStream

__all__ = ["MqttLink", "MqttSettings"]

MessageHandler: TypeAlias = Callable[[Client, Any, MQTTMessage], None]

_CLOSED: Final = "Unspecified error"
"""What paho calls an end that nobody announced."""

_GOOD_BYE_S: Final = 2.0
"""How long closing waits for a slow network to take the last words."""


class _Client(Client):
    """paho, with three of its inner steps replaced.

    It runs on a socket that we connected, so that connecting doesn't block. And two short cuts
    spare a quarter of its time for each message; without them all would work the same.
    """

    def __init__(
        self, settings: MqttSettings, stream: BufferedStream, when_message: MessageHandler
    ) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=settings.client_id,
            clean_session=not settings.is_persistent,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self._stream = stream
        self._when_message = when_message
        self.on_message = when_message
        # 0 is no limit: paho's own queue would hide from us what it holds.
        self.max_inflight_messages_set(0)
        # Having this callback makes paho queue packets, and us write many of them at once.
        self.on_socket_register_write = lambda *_: None

    def _create_socket(self) -> BufferedStream:
        return self._stream

    def _handle_on_message(self, message: MQTTMessage) -> None:
        # Without decoding the topic three times and asking for callbacks by topic.
        self._when_message(self, None, message)

    def _easy_log(self, level: int, fmt: str, *args: object) -> None:
        """Nothing: paho would tell of every packet."""


class _MqttConversation:
    """One paho client on one socket, from CONNECT to its end.

    Attributes:
        received: messages not yet handed on.
        is_up: the broker accepted us and all subscriptions.
        end: why it ended; ``None`` while it lives.
        call_by_s: when to look after the keep-alive and the time-out.
    """

    def __init__(
        self, settings: MqttSettings, stream: BufferedStream, generation: int, answer_by_s: float
    ) -> None:
        self.stream = stream
        self.received: list[Message] = []
        self.is_up = False
        self.end: str | None = None
        self.call_by_s = 0.0
        self._answer_by_s = answer_by_s
        self._settings = settings
        self._generation = generation
        # Brokers allow half a keep-alive more; paho pings when one is over and we look.
        self._care_s = min(1.0, settings.keep_alive_s / 4)
        self._unsettled: dict[int, int] = {}
        self._unsettled_bytes = 0
        self._client = self._make_client(stream)

    def _make_client(self, stream: BufferedStream) -> _Client:
        client = _Client(self._settings, stream, self._message_handler())
        client.on_connect = self._when_accepted
        client.on_subscribe = self._when_subscribed
        client.on_publish = self._when_published
        client.on_disconnect = self._when_disconnected
        will = self._settings.will
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.connect(self._settings.host, self._settings.port, self._settings.keep_alive_s)
        return client

    def _message_handler(self) -> MessageHandler:
        # A closure over locals: it runs for every message.
        append = self.received.append
        mark = self._generation << 16

        def when_message(_client: Client, _data: object, message: MQTTMessage) -> None:
            token = mark | message.mid if message.qos else None
            append(Message(message.topic, bytes(message.payload), message.retain, token))

        return when_message

    def _when_accepted(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _more: object
    ) -> None:
        if reason.is_failure:
            self.end = f"the broker refuses us: {reason}"
        elif self._settings.subscriptions:
            client.subscribe(list(self._settings.subscriptions))
        else:
            self._begin()

    def _when_subscribed(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _more: object
    ) -> None:
        refused = [
            topic
            for (topic, _), reason in zip(self._settings.subscriptions, reasons, strict=False)
            if reason.is_failure
        ]
        if refused:
            self.end = f"the broker refuses to subscribe us to {', '.join(refused)}"
        else:
            self._begin()

    def _begin(self) -> None:
        self.is_up = True
        will = self._settings.will
        if will is not None:
            self.publish(will.topic, ONLINE, 1, retained=True)

    def _when_published(self, _client: Client, _data: object, mid: int, *_: object) -> None:
        self._unsettled_bytes -= self._unsettled.pop(mid, 0)

    def _when_disconnected(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        *_: object,
    ) -> None:
        closed = self.stream.fault or "closed by the broker"
        what = closed if str(reason) == _CLOSED else reason
        self.end = self.end or f"connection lost ({what})"

    def converse(self, now_s: float, limit: int) -> None:
        """Send what is queued, read up to about ``limit`` messages, look after the keep-alive."""
        try:
            self._write()
            self._read(limit)
            if now_s >= self.call_by_s:
                self.call_by_s = now_s + self._care_s
                self._client.loop_misc()
            self._write()
        except OSError as error:
            self.end = self.end or f"connection lost ({error})"
        except Exception as error:  # noqa: BLE001  # paho trips over strangers' bytes in many ways
            self.end = self.end or f"this is no MQTT ({error!r})"
        if not self.is_up and now_s >= self._answer_by_s:
            self.end = self.end or "the broker does not answer"

    def _write(self) -> None:
        if self._client.want_write():
            self._client.loop_write()
        if self.stream.unsent:
            self.stream.flush()

    def _read(self, limit: int) -> None:
        # paho reads one message a call, and may stop while more waits in a buffer.
        stream, received, read = self.stream, self.received, self._client.loop_read
        stream.is_dry = False
        while not stream.is_dry and len(received) < limit and self.end is None:
            if read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return

    def publish(self, topic: str, payload: bytes, qos: int, *, retained: bool) -> bool:
        """Queue a message; ``False`` when too much waits already."""
        waiting = self._unsettled_bytes + len(self.stream.unsent)
        if waiting + len(payload) > self._settings.max_unsent_bytes:
            return False
        try:
            info = self._client.publish(topic, payload, qos, retained)
        except ValueError as error:
            raise LinkError(f"cannot publish to {topic!r} with QoS {qos}: {error}") from error
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        self._unsettled[info.mid] = len(payload)
        self._unsettled_bytes += len(payload)
        return True

    def acknowledge(self, messages: list[Message]) -> None:
        """Queue acknowledgements of what came over this connection."""
        ack, generation = self._client.ack, self._generation
        for message in messages:
            token = message.token
            if isinstance(token, int) and token >> 16 == generation:
                ack(token & 0xFFFF, 1)

    def say_good_bye(self) -> None:
        """Send what is queued, then DISCONNECT, so that the broker keeps the will to itself."""
        will = self._settings.will
        if will is not None:
            self.publish(will.topic, will.payload, 1, retained=True)
        with contextlib.suppress(OSError):
            self._write_all()
            self._client.disconnect()
            self._write()

    def _write_all(self) -> None:
        deadline = time.monotonic() + _GOOD_BYE_S
        writable = select.poll()
        writable.register(self.stream, select.POLLOUT)
        self._write()
        while self.stream.unsent and time.monotonic() < deadline:
            writable.poll(100)
            self._write()


class MqttLink(ReconnectingLink):
    """A :class:`broker.link.link.Link` over MQTT 3.1.1.

    Made without connecting: the first :meth:`receive` begins. All methods belong to one thread,
    except :meth:`wake`.
    """

    def __init__(
        self,
        settings: MqttSettings,
        *,
        chance: Random | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a link; ``chance`` draws the back-off, ``clock`` tells monotonic seconds."""
        backoff = Backoff(chance or SystemRandom(), most_s=settings.most_wait_s)
        address = Address(settings.host, settings.port, settings.tls)
        super().__init__(address, settings.timeout_s, backoff, clock)
        self._settings = settings

    def _open(self, stream: BufferedStream, generation: int) -> Conversation:
        answer_by_s = self._clock() + self._settings.timeout_s
        return _MqttConversation(self._settings, stream, generation, answer_by_s)
