"""Documents to print and to keep: Typst templates become PDF that screen readers can read."""
