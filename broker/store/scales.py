"""The scales as the store's readers see them; the wire owns them."""

from __future__ import annotations

from broker.wire.scales import SCALES, Scale, ScaleCode

__all__ = ["SCALES", "Scale", "ScaleCode"]
