"""A panel without hardware that ships with the product: for demos, tests and simulations."""

from hardware.virtual.client import VirtualPanelClient, wait_for_any
from hardware.virtual.panel import VirtualPanel

__all__ = ["VirtualPanel", "VirtualPanelClient", "wait_for_any"]
