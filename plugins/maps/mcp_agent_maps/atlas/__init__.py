"""Whoever answers questions about the world: an extract on this machine, or services on the web."""
