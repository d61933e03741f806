"""The front door's parts, with nothing of the developer's own settings in the way."""

from __future__ import annotations

from tests.fixtures.settings import no_settings_of_ours

__all__ = ["no_settings_of_ours"]
