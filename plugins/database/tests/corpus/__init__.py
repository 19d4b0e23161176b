"""Statements that must not get through, and queries that must: see test_corpus.py."""
