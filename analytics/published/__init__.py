"""Results as they are given back to the public: whole months of the municipality and its units.

``results`` is the form in which they are kept, for whoever shows them; ``reckoning`` makes them of
the book; ``months``, ``compared`` and ``again`` are pure.
"""
