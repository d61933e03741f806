"""How a device does, in the reader's words."""

from __future__ import annotations

from typing import Final

from broker.fleet.fleet_status import DeviceLine
from broker.store.fleet_tables import Certificate
from portal.fleet.words import moment
from portal.web.language import Language


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


STANDINGS: Final = {
    "none": _("not set up yet"),
    "good": _("set up"),
    "revoked": _("barred"),
    "expired": _("its certificate has expired"),
}
SAYS: Final = {
    "retired: it asks nobody": _("Out of use: it asks nobody."),
    "in a drawer: it asks nobody": _("In the drawer: it asks nobody."),
    "the fleet's process will make a new one and publish it": _("A new one is being made."),
    "none could be made: what is set for its place has faults": _(
        "None could be made: what is set for its place has faults."
    ),
    "refused; the last good one stays in use": _(
        "The device refused it; the last good one stays in use."
    ),
    "in use": _("In use."),
    "made; to be published": _("Made; it is about to be sent."),
    "published; not in use yet": _("Sent; not in use yet."),
}
"""What ``broker.fleet.configurations`` says of how it stands, for people."""

ORDERS: Final = {
    "identify": _("Let it blink and beep"),
    "self-test": _("Let it test itself"),
    "ping": _("See whether it answers"),
    "restart": _("Restart its program"),
    "report": _("Get its logs and state"),
}
"""What a device can be asked for, in the order of the buttons."""
STATES: Final = {
    "waiting": _("waits to be sent"),
    "sent": _("sent, no answer yet"),
    "done": _("done"),
    "failed": _("failed"),
    "timed-out": _("no answer in time"),
}


def connection_words(line: DeviceLine, language: Language) -> tuple[str, str]:
    """Whether it is connected, and the colour of the tag."""
    if line.is_retired:
        return language.text("out of use"), "grey"
    if line.is_online:
        return language.text("connected"), "green"
    if line.last_seen_at is None:
        return language.text("never seen"), "grey"
    return language.text("not connected"), "red"


def standing_words(line: DeviceLine, language: Language) -> str:
    """How its newest certificate does, and until when a code for it can be used."""
    said = str(language.text(STANDINGS[line.standing]))
    if line.code_expires_at is not None:
        until = moment(line.code_expires_at, language)
        said += f"; {language.text('a code for it can be used until {until}', until=until)}"
    return said


def configuration_words(line: DeviceLine, language: Language) -> str:
    """Which configuration it uses, and which it should."""
    if line.configuration_in_use is None:
        return str(language.text("not heard yet"))
    used = line.configuration_in_use or language.text("built in")
    if line.configuration_wanted in {None, line.configuration_in_use}:
        return str(used)
    return language.text(
        "{used}; it should use {wanted}", used=used, wanted=line.configuration_wanted
    )


def certificate_rows(certificates: list[Certificate], language: Language) -> list[tuple[str, ...]]:
    """Certificates of a device, the newest first: serial, issued, how it does."""
    return [
        (each.serial[:12], moment(each.issued_at, language), _validity(each, language))
        for each in reversed(certificates)
    ]


def _validity(each: Certificate, language: Language) -> str:
    if each.revoked_at is None:
        return str(language.text("good until {day}", day=moment(each.expires_at, language)))
    since = moment(each.revoked_at, language)
    if each.enforced_at is None:
        return str(language.text("barred since {since}, not in force yet", since=since))
    out = moment(each.enforced_at, language)
    return str(language.text("barred since {since}, kept out since {out}", since=since, out=out))
