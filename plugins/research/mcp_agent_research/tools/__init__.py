"""What the assistant may call. Signatures, descriptions and the shapes of results; the work is done elsewhere."""
