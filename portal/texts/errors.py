"""What can be wrong with a text."""


class TextError(Exception):
    """A text can't be had as asked; the words say why and what there is."""
