"""Texts for the administration: templates filled with what is known, open about what is not."""
