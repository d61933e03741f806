"""The managers' dashboard: plain modules read and reckon, ``*_page`` modules draw (Streamlit).

``streamlit run`` puts this folder first on ``sys.path``, so no file here may be named like one of
our rooms or a module of the standard library.
"""
