"""The web application for citizens and staff."""
