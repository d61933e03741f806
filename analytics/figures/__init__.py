"""What pages and reports say of a place: sums of the book, with what the measures make of them.

Each figure is made here once, so that a page, a report and a download say the same.
"""
