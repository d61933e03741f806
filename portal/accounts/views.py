"""All views of accounts: whoever imports this has them in :data:`AREA`."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from portal.accounts.area import AREA

__all__ = ["AREA"]

_NAMES: Final = (
    *("sign_in", "forgotten", "providers", "account", "email"),
    *("users", "directories", "citizens", "citizen_accounts", "audit"),
)

for _name in _NAMES:
    import_module(f"portal.accounts.views_{_name}")
