"""Secrets: where they are kept, the type they live in, and what takes them out of everything that leaves."""
