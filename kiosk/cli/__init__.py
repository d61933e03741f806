"""The commands of a kiosk, one module each, and what they are made of."""
