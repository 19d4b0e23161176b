"""What stands between a file of a stranger and the libraries: bombs, macros, links, formulas, and silent losses."""
