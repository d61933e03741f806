"""What things of this area are called on pages, in English as in the catalogue."""

from __future__ import annotations

from typing import Final


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NO_SETTLEMENT: Final = _("There is no settlement of this name or code")

PARTY_KINDS: Final = {"person": _("Person"), "company": _("Company"), "body": _("Body")}
IDENTIFIER_KINDS: Final = {
    "egn": _("ЕГН"),
    "lnch": _("ЛНЧ"),
    "eik": _("ЕИК (БУЛСТАТ)"),
    "foreign": _("Foreign document"),
}
ADDRESS_KINDS: Final = {
    "permanent": _("Permanent address"),
    "current": _("Current address"),
    "correspondence": _("Address for letters"),
}
UNIT_KINDS: Final = {
    "centre": _("Centre for administrative services"),
    "department": _("Department"),
    "mayoralty": _("Mayoralty"),
    "lieutenancy": _("Mayor's lieutenancy"),
    "tourist-centre": _("Tourist information centre"),
}
TERRITORY_KINDS: Final = {
    "settlement": _("Settlement"),
    "mayoralty": _("Mayoralty"),
    "municipality": _("Municipality"),
    "province": _("Province"),
}
PURPOSES: Final = {
    "application": _("An application or enquiry of this person"),
    "account": _("Access to the portal"),
    "correction": _("Comparing with a document, to correct it"),
    "authority": _("A request of a court or another authority"),
}
"""Why somebody may see an identifier whole; the code is noted."""
FIELDS: Final = {
    "kind": _("Kind"),
    "name": _("Name"),
    "name_en": _("Name in English"),
    "municipality": _("Municipality"),
    "mayoralty": _("Mayoralty"),
    "postal_code": _("Postal code"),
    "longitude": _("Longitude"),
    "latitude": _("Latitude"),
    "seat": _("Seat"),
}
"""What a list may say of a settlement or what is above it."""
