"""The standard questions, asked of the feedback store's rollups; nothing here is fit to be shown.

Each answer counts every vote, however few there are. What may be shown of it, and to whom, is the
caller's to reckon, with ``analytics.measures.minima`` (whole blocks of five votes, places where
three or more serve) and ``analytics.measures.suppression`` (what stands beside each other).
"""
