"""The one way into the store: judge events, store them, say what became of them."""
