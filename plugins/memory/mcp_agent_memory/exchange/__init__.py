"""Facts as files: our own JSON lines, a vault of Markdown notes, and the file of the official memory server."""
