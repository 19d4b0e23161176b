"""Workbooks. ``cells`` and ``values`` are pure; ``outline`` and ``raw`` read what the libraries do not tell; ``book``
reads values fast; ``patch`` changes cells and leaves every other byte alone; ``build`` makes new ones.
"""
