"""Alerts: few, each worth reading; what they may cost is set per municipality."""
