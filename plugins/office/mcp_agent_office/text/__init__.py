"""Documents. ``runs`` finds text however it is cut into runs; ``revisions`` are tracked changes; ``house`` and
``from_markdown`` make documents; ``to_markdown`` reads them; ``filling`` fills templates.
"""
