"""Texts for the administration as files: where the portal's words and the reports' pages meet."""
