"""Results that are too large for a model: it sees how they begin, and gets a handle for the rest."""
