"""Finding facts again: by words, by meaning, by people, by time, and by what was said beside them."""
