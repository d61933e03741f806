"""The box around a panel: its parameters, what must hold of them, and what is cut from them."""
