"""What ends a request early: an error page, or a redirection to the sign-in page."""

from __future__ import annotations


class Stop(Exception):  # noqa: N818  # it ends a request; most are no errors of ours
    """The request ends with a page that says ``message``.

    Args:
        status: of HTTP.
        message: for people, in English as in the catalogue; empty: what the status usually means.
        retry_after_s: when it may be tried again.
    """

    def __init__(self, status: int, message: str = "", *, retry_after_s: int | None = None) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s


class TooOld(Stop):
    """(403) A form that was shown long ago, or isn't one of ours: its page leads to a new one."""

    def __init__(self) -> None:
        super().__init__(403, "This form is too old. Open the page anew and fill it in again.")


def not_found(message: str = "") -> Stop:
    """There is no such thing, or it is none of your business: nobody can tell which."""
    return Stop(404, message)


def forbidden(message: str = "") -> Stop:
    """You are known, and may not."""
    return Stop(403, message)


class Elsewhere(Exception):  # noqa: N818  # as above
    """The request goes on at ``path`` (of this portal, language included)."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
