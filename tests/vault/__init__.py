"""Secrets: kept, given out, and taken out of everything that leaves."""
