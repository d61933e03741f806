"""Misuse: rules that doubt presses, what they catch, and what honest votes they cost."""
