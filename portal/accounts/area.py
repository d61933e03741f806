"""The area of accounts; each module of views adds its routes to it."""

from __future__ import annotations

from typing import Final

from portal.web.routes import Area

AREA: Final = Area("accounts")
