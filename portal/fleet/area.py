"""The area and its rules: who may look, who may change, who may rule about votes."""

from __future__ import annotations

from typing import Final

from portal.web.routes import Area
from portal.web.rules import Rule, staff

AREA: Final = Area("fleet", "/staff")

READ: Final[Rule] = staff("administrator", "manager", "head-of-unit", "auditor")
"""They look; heads of units at the places of their units."""
CHANGE: Final[Rule] = staff("administrator")
HANDLE: Final[Rule] = staff("administrator", "manager", "head-of-unit")
"""They take notices up: whoever stands beside the device."""
JUDGE: Final[Rule] = staff("administrator", "manager")
"""They say which votes are genuine and which are none."""
