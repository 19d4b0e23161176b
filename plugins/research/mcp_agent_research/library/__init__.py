"""Local documents: which files are read, how, and keeping the index in step with them."""
