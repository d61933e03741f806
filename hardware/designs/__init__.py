"""The reference designs: for each a folder with what is bought, cut, wired, put up and checked."""
