"""What the enrolment endpoint says instead of an answer."""

from __future__ import annotations

from typing import Final

from broker.wire.enrolment import Refusal

_STATUS: Final = {
    "busy": 503,
    "not-found": 404,
    "not-valid": 400,
    "revoked": 403,
    "too-large": 413,
    "unknown-certificate": 403,
    "wrong-code": 403,
    "wrong-method": 405,
}


class RefusedError(Exception):
    """A request is refused.

    Args:
        reason: a code of :class:`broker.wire.enrolment.Refusal`.
        detail: for the installer; nothing that a stranger may not know.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.refusal: Final = Refusal(reason=reason, detail=detail)
        self.status: Final = _STATUS[reason]


def wrong_code() -> RefusedError:
    """The one answer to every code that does not do: which was wrong with it is not said."""
    return RefusedError(
        "wrong-code",
        "the code is wrong, used up or too old, or somebody stands between this kiosk and the "
        "server; look at it again, or ask for a new one",
    )


def begin_again() -> RefusedError:
    """The exchange is not known here any more: too slow, or the server was started anew."""
    return RefusedError("busy", "the exchange is over before it was finished: begin again")
