"""The web application of citizens and staff: one folder an area.

``store`` and ``web`` are what every area stands on; ``app`` puts the areas together.
"""
