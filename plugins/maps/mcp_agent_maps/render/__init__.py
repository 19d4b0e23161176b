"""Maps as pictures, drawn from the extract: no tile server."""
