"""The tools, a file for each thing that a person wants."""
