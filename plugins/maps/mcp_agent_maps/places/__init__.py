"""Finding places: by name, by what they are, by where they are."""
