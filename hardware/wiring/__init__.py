"""Wiring tables and diagrams, made from the pin maps: nobody copies a pin by hand."""
