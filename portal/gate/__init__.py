"""The gate around the dashboard: nobody gets in whom the portal doesn't know, or not any more."""
