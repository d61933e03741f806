"""The fleet: places and their settings, devices and their identity, health, and orders."""
