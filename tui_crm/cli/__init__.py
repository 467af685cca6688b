"""The command line: thin commands that print what core returns."""
