"""Devices and their certificates in words, as the command line shows them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broker.fleet.fleet_status import DeviceLine
    from broker.store.fleet_tables import Certificate


def document(line: DeviceLine) -> dict[str, Any]:
    """A device for programs."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(line).items()
    }


def said_line(line: DeviceLine) -> str:
    """A device in one line, in words."""
    from broker.fleet.fleet_status import said_of

    where = f"at {line.touchpoint} ({line.place})" if line.touchpoint else "in the drawer"
    said = [f"{line.site}/{line.device}", "retired" if line.is_retired else where]
    said.append("online" if line.is_online else said_of(line.last_seen_at))
    if line.waiting:
        said.append(f"{line.waiting} answers wait")
    if line.configuration_wanted is not None:
        in_use = line.configuration_in_use or "none"
        said.append(f"configuration {in_use} of {line.configuration_wanted}")
    if line.open_notices:
        said.append(f"{line.open_notices} notices")
    if not line.is_retired or line.standing != "none":
        said.append(_state(line))
    return "  ".join(said)


def _state(line: DeviceLine) -> str:
    """How its newest certificate does, and whether a code waits for it, in words."""
    said = {"none": "not enrolled", "good": "enrolled"}.get(line.standing, line.standing)
    if line.ends_at is not None:
        said = f"replaced, let in until {minute(line.ends_at)}"
    elif line.standing == "good" and line.expires_at:
        said += f" until {line.expires_at:%Y-%m-%d}"
    return f"{said}, code until {minute(line.code_expires_at)}" if line.code_expires_at else said


def validity(certificate: Certificate) -> str:
    """How one of its certificates does, in words."""
    if certificate.revoked_at is None:
        return f"until {certificate.expires_at:%Y-%m-%d}"
    said = f"revoked {minute(certificate.revoked_at)}: {certificate.revoked_why}"
    out_at = certificate.enforced_at
    return f"{said}  {f'out since {minute(out_at)}' if out_at else 'not in force yet'}"


def minute(at: datetime) -> str:
    """A time, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
