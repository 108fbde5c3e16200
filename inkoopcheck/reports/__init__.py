"""One module per output form; each renders a result and computes nothing of its own.

Nothing is imported here, so that asking for one form does not load the libraries of another.
"""
