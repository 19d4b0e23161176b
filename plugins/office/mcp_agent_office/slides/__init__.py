"""Decks. ``metrics`` measures text, ``theme`` is how new decks look, ``building`` fills slides, ``checking`` finds what
overflows, overlaps, or cannot be read.
"""
