"""The tools, by format and by what they do. Each is thin: it finds the file, calls the part that knows, and saves."""
