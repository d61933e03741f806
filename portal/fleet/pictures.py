"""QR codes as pictures that stand in the page itself: nobody can ask for one by its address."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Final

import segno

_SCALE: Final = 6
_BORDER: Final = 4
"""Modules of light around it (ISO/IEC 18004)."""


def qr_address(text: str) -> str:
    """``text`` as a QR code, as the address of a picture (``data:``); dark on light always."""
    picture = BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=_SCALE, border=_BORDER)
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"
