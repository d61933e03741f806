"""One editor for each setting: its inputs, and a value filled in, read back, said in words."""
