"""Charts as functions of plain rows, each with a text alternative and a table of the same figures.

The dashboard and the reports draw with them; they know no data and no store. Channels are written
as ``alt.Y("share:Q")``: for a bare ``"share:Q"`` Altair goes through its whole schema, some 5 ms.
"""
