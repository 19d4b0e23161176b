"""Compose files: read, compared with what there is, and made so."""
