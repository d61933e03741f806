"""The virtual national e-authentication: stands in for eAuth 2.0 where a portal shows samples.

It answers as the real one does, with the same attributes (``personIdentifier``, ``personName``,
level of assurance) and the same bounds: to whom, in answer to what, how long. It is signed with
the portal's own keys, and a portal with real data has no such provider.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from portal.accounts.providers import Assertion, Begun, ProviderError
from portal.web.actor import Kind
from portal.web.portal import Portal

PAGE: Final = "/virtual/e-identity"
LIFETIME: Final = timedelta(minutes=5)
CODE: Final = "e-identity"
_USE: Final = "virtual-e-identity"

Knob: TypeAlias = Literal["", "declined", "too-old", "low", "forged"]
"""What goes wrong: the person declines, the answer is late, the level is too low, the signature is
another one's."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, with a number that passes the checks."""

    egn: str
    name: str


PEOPLE: Final = (
    Invented("8501010011", "Мария Иванова Петрова"),
    Invented("7203120020", "Георги Стоянов Димитров"),
    Invented("9911230030", "Елена Христова Николова"),
)


class VirtualIdentity:
    """The provider; only :func:`portal.accounts.directories.providers` makes it."""

    code: Final = CODE
    name: Final = _("Electronic identity (virtual)")
    kind: Final[Kind] = "citizen"

    def __init__(self, portal: Portal) -> None:
        if not portal.settings.is_sample:
            raise ProviderError("the virtual e-identity is for portals that show samples")
        self._portal = portal

    def begin(self, state: str, back: str) -> Begun:
        """To the page where one of the invented people is chosen."""
        request = {"id": secrets.token_hex(16), "state": state, "back": back}
        return Begun(f"{PAGE}?request={_packed(self._portal, request)}", {"id": request["id"]})

    def finish(self, kept: Mapping[str, str], answer: Mapping[str, str], back: str) -> Assertion:
        """Judge what came back, by the rules for an answer of SAML (core, 2.4 and 3.2)."""
        said = unpacked(self._portal, answer.get("answer", ""))
        if said.get("status") != "Success":
            raise ProviderError(f"the person was not identified: {said.get('status')!r:.40}")
        if said.get("InResponseTo") != kept.get("id") or not kept.get("id"):
            raise ProviderError("this is no answer to what was asked")
        if said.get("Audience") != back:
            raise ProviderError("the answer is for somebody else")
        until = datetime.fromisoformat(str(said.get("NotOnOrAfter")))
        if self._portal.clock() >= until:
            raise ProviderError("the answer came too late")
        if said.get("LevelOfAssurance") not in {"substantial", "high"}:
            raise ProviderError("the level of assurance is too low")
        number = str(said.get("personIdentifier", "")).removeprefix("PNOBG-")
        return Assertion(
            CODE,
            f"PNOBG-{number}",
            name=str(said["personName"]),
            identifier=("egn", number),
            assurance="high",
            has_second_factor=True,
        )


def answer_for(portal: Portal, request: str, egn: str, knob: Knob = "") -> tuple[str, str]:
    """What the virtual provider answers: the address to go back to, and the answer.

    Raises:
        ProviderError: it never got such a request, or does not know the person.
    """
    asked = unpacked(portal, request)
    person = next((each for each in PEOPLE if each.egn == egn), None)
    if person is None:
        raise ProviderError("nobody has this number")
    until = portal.clock() + (-LIFETIME if knob == "too-old" else LIFETIME)
    said = {
        "status": "AuthnFailed" if knob == "declined" else "Success",
        "InResponseTo": asked["id"],
        "Audience": asked["back"],
        "NotOnOrAfter": until.isoformat(),
        "LevelOfAssurance": "low" if knob == "low" else "high",
        "personIdentifier": f"PNOBG-{person.egn}",
        "personName": person.name,
        "state": asked["state"],
    }
    packed = _packed(portal, said)
    if knob == "forged":
        packed = packed[:-4] + ("AAAA" if packed[-4:] != "AAAA" else "BBBB")
    return str(asked["back"]), packed


def unpacked(portal: Portal, packed: str) -> dict[str, Any]:
    """What was signed.

    Raises:
        ProviderError: it was not, or not by us.
    """
    text, _, signature = packed.partition(".")
    if not portal.keys.is_signed(_USE, text, signature):
        raise ProviderError("the signature is not right")
    try:
        found = json.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError) as error:
        raise ProviderError("this can't be read") from error
    if not isinstance(found, dict):
        raise ProviderError("this can't be read")
    return found


def _packed(portal: Portal, said: Mapping[str, object]) -> str:
    text = base64.urlsafe_b64encode(json.dumps(said, ensure_ascii=False).encode()).decode()
    return f"{text}.{portal.keys.sign(_USE, text)}"
