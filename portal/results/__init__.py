"""Results given back: what citizens told us in figures, what was done, and the figures as data."""
