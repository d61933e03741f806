"""What is wrong with our certificate, as far as we can tell. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from kiosk.clock import Reading, instant
from kiosk.kept_identity import KeptIdentity

CertificateFault: TypeAlias = Literal[
    "missing", "damaged", "unreadable", "refused", "expired", "not-yet-valid"
]
FAULTS: Final = get_args(CertificateFault)

_NOT_YET_VALID: Final = "certificate is not yet valid"
_EXPIRED: Final = "certificate has expired"
"""What OpenSSL says of the server's certificate, by our clock."""

_ALERT_EXPIRED: Final = "alert certificate expired"
_ALERTS: Final = (
    "alert certificate revoked",
    "alert certificate unknown",
    "alert certificate required",
    "alert bad certificate",
    "alert unsupported certificate",
    "alert unknown ca",
    "alert access denied",
)
"""What OpenSSL says when the server ends the connection because of our certificate (RFC 8446)."""

_REFUSED: Final = "the broker refuses us"
"""What a link says of a refusal in MQTT's own words, as NATS refuses."""


def fault_of(kept: KeptIdentity, now: Reading, trouble: str) -> CertificateFault | None:
    """What keeps us from the broker, if it is the certificate or the clock.

    A Raspberry Pi may believe that it is 1970: then no certificate is valid yet, and nothing is
    wrong but the clock. One that is not synchronised can't say that ours has expired, either.

    Args:
        kept: the identity in use.
        now: by our clock.
        trouble: why there is no connection, in a link's words; empty while there is one.
    """
    said, wall = trouble.casefold(), instant(now.wall_ms)
    is_clock_off = wall < kept.valid_from or _NOT_YET_VALID in said
    if is_clock_off or (_EXPIRED in said and not now.is_synced):
        return "not-yet-valid"
    if _ALERT_EXPIRED in said or (now.is_synced and wall >= kept.expires_at):
        return "expired"
    if _REFUSED in said or any(alert in said for alert in _ALERTS):
        return "refused"
    return None
