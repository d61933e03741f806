"""Ready-made surveys in Bulgarian and English: files in ``ready/``, in our own form."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from broker.fleet.surveys import read_survey
from portal.surveys.draft import Draft
from portal.surveys.freezing import thaw

READY: Final = ("reception", "web-service", "citizens", "accessibility")
"""Their names, which are their files', in the order in which they are shown."""

_FOLDER: Final = Path(__file__).parent / "ready"


@cache
def ready_draft(name: str) -> Draft:
    """The ready-made survey of that name, as a draft."""
    return thaw(read_survey((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
