"""What reports say: the book and what is done about it, as a document.

Pure functions. Figures and their words come from where the dashboard has them
(``analytics.figures``, ``analytics.measures``), so both say the same to the digit.
"""
