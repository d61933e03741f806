"""Surveys: made by staff, answered by citizens on the web, by code, on a tablet, on paper."""
