"""Messages shown once above a page after something was done: ``?said=CODE``.

The address holds a code, not the text: nobody can make our page say what he likes.
"""

from __future__ import annotations

from typing import Final


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NOTICES: Final[dict[str, str]] = {
    "saved": _("Saved."),
    "removed": _("Removed."),
    "sent": _("Sent."),
    "mail-waits": _("Kept, not sent: no mail server is set up yet."),
    "nothing-chosen": _("Nothing was chosen."),
    "signed-out": _("You are signed out."),
}
