"""The tools, by what they do."""
