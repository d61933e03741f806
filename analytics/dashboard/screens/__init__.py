"""The pages of the dashboard: each draws what ``analytics.figures`` made, and reckons nothing."""
